#ifndef DOMAIN_ATTACHMENT_ATTACHMENT_GONE_H
#define DOMAIN_ATTACHMENT_ATTACHMENT_GONE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Uploads whose rows went with a change that is committed: given way to, deleted with their draft, left behind by a submission. Their bytes may lie in the spool
 * still, where nobody counts them any more: whoever gets this hands it to files_forget_all (files/files.h). Lives in cx->arena.
 */
struct attachment_gone {
	int64_t account_id;
	int64_t *ids;
	size_t n;
};

#endif

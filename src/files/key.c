#include "domain/attachment/attachment_job.h"
#include "domain/installation.h"
#include "files/files.h"

err files_key_open(struct cx *cx, const struct installation_key *key)
{
	const struct blob_store *blobs = key->arg;
	struct blob_key opened;
	struct str wrapped;
	int64_t account_id;

	TRY(attachment_key_last(cx, &account_id, &wrapped));
	if (!blobs)
		return fail(ERR_INVALID, "files, and no key");
	return blob_key_open(blobs, cx->arena, attachment_owner(cx->arena, account_id), wrapped, &opened);
}

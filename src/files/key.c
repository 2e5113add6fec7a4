#include "domain/attachment/attachment_job.h"
#include "domain/installation.h"
#include "files/files.h"

bool files_key_opens(const void *arg, struct arena *arena, int64_t account_id, struct str wrapped)
{
	struct blob_key opened;

	return !failed(blob_key_open(arg, arena, attachment_owner(arena, account_id), wrapped, &opened));
}

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

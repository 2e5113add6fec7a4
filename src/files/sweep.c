#include "files/files.h"

#include "base/time.h"
#include "domain/attachment/attachment_job.h"

/* What happens to files without a person waiting. */

err files_due(const struct files *files, struct cx *cx)
{
	struct attachment due, there;
	TRY(attachment_due(cx, &due));
	if (due.state == ATTACHMENT_MISSING) {
		files_forget(files, due.account_id, due.id);
		return ok();
	}
	err e = files_check(files, cx, &due, &there);
	return e.code == ERR_CONFLICT || e.code == ERR_NOT_FOUND ? ok() : e; /* somebody was faster, or it was deleted */
}

err files_drop(const struct files *files, struct cx *cx)
{
	struct str blob;
	char name[BLOB_NAME_BYTES + 1] = {0};
	TRY(attachment_dropped(cx, &blob));
	if (blob.n != BLOB_NAME_BYTES)
		return fail(ERR_INTERNAL, "a blob's name of %zu bytes", blob.n);
	memcpy(name, blob.p, blob.n);
	return blob_delete(files->blobs, name);
}

/* Each question is a transaction of its own, and leaves nothing in memory: a sweep may take long, and asks about every file there is. */
static void question_ends(struct cx *cx)
{
	cx_end(cx);
	arena_reset(cx->arena);
}

static err blob_wanted(void *arg, const char *name, bool *yes)
{
	struct cx *cx = arg;
	err e = attachment_blob_used(cx, str_of(name), yes);
	question_ends(cx);
	return e;
}

static err spool_wanted(void *arg, int64_t account_id, int64_t id, bool *yes)
{
	struct cx *cx = arg;
	err e = attachment_spool_used(cx, account_id, id, yes);
	question_ends(cx);
	return e;
}

err files_sweep(const struct files *files, struct cx *cx, struct files_swept *out)
{
	int64_t before = cx->now - TIME_DAY;
	*out = (struct files_swept){0};
	TRY(spool_sweep(files->spool, before, spool_wanted, cx, &out->spool));
	return blob_sweep(files->blobs, before, blob_wanted, cx, &out->blobs);
}

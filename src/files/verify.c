#include "domain/attachment/attachment_job.h"
#include "files/files.h"
#include "files/intake.h"

/* Whether everything that is kept can still be given back. */

/* *why: NULL when it can. */
static err verify(const struct files *files, struct cx *cx, const struct attachment_blob *blob, const char **why)
{
	struct blob_key key;
	struct blob_ref ref;
	*why = "key";
	if (failed(files_key(files, cx->arena, blob->account_id, blob->key, &key)))
		return ok();
	TRY(intake_ref(cx->arena, blob->digest, blob->size, &ref));
	err e = blob_verify(files->blobs, &key, &ref);
	*why = e.code == ERR_NOT_FOUND ? "missing" : e.code == ERR_INVALID ? "damaged" : NULL;
	return *why ? ok() : e;
}

static err verify_part(const struct files *files, struct cx *cx, const struct attachment_blobs *blobs,
	void (*bad)(const struct attachment_blob *blob, const char *why), struct files_verified *out)
{
	for (size_t i = 0; i < blobs->n; i++) {
		const struct attachment_blob *blob = &blobs->v[i];
		const char *why;
		bool used = true;
		TRY(verify(files, cx, blob, &why));
		if (why) {
			TRY(attachment_blob_used(cx, blob->blob, &used));
			cx_end(cx);
		}
		if (!used)
			continue;
		out->blobs++;
		out->bytes += blob->size;
		if (!why)
			continue;
		out->bad++;
		bad(blob, why);
	}
	return ok();
}

err files_verify(const struct files *files, struct cx *cx, void (*bad)(const struct attachment_blob *blob, const char *why), struct files_verified *out)
{
	struct attachment_blobs blobs = {0};
	*out = (struct files_verified){0};
	do {
		err e = attachment_blobs_next(cx, &blobs);
		cx_end(cx); /* reading may take long */
		if (!failed(e))
			e = verify_part(files, cx, &blobs, bad, out);
		TRY(e);
		arena_reset(cx->arena);
	} while (blobs.n > 0);
	return ok();
}

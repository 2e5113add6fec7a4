#include "files/intake.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "domain/attachment/attachment_wait.h"

#include <assert.h>

/* From bytes in the spool to a clean file in the store, or to a reason. */

/* cx->now stands, and a check may take a minute. */
static int64_t now_of(const struct intake *intake)
{
	return intake->cx->now + time_monotonic() - intake->began;
}

err intake_hold(struct intake *intake)
{
	int64_t now = time_monotonic();
	if (now - intake->held < ATTACHMENT_CHECK_MS / 4)
		return ok();
	intake->held = now;
	return attachment_hold(intake->cx, intake->attachment, now_of(intake) + ATTACHMENT_CHECK_MS);
}

/* The longest step: until there is a turn, and as long as it may take. */
static_assert(ATTACHMENT_CHECK_MS - ATTACHMENT_CHECK_MS / 4 >= LIMIT_CHECK_TURN_MS + LIMIT_CHECK_MS, "a check is held for as long as a step takes");

void intake_waits(struct intake *intake, const char *what)
{
	intake->waits = what;
	intake->tried = false;
}

void intake_tried(struct intake *intake, const char *what, const char *why, int64_t most, const char *reason)
{
	const struct attachment *attachment = intake->attachment;
	int64_t tries = attachment_tries(attachment, str_of(what)) + 1;
	log_event(LOG_WARN, "file_unchecked", LOG_I64("account", attachment->account_id), LOG_I64("file", attachment->id), LOG_C("by", what), LOG_C("why", why),
		LOG_I64("try", tries), LOG_I64("of", most));
	intake_waits(intake, what);
	intake->tried = true;
	if (tries < most)
		return;
	intake->waits = NULL;
	intake->verdict.reason = str_of(reason);
}

/* The key of the draft's files; made when this is its first. */
static err key_of(struct intake *intake, struct blob_key *out)
{
	struct cx *cx = intake->cx;
	const struct blob_store *blobs = intake->files->blobs;
	struct str owner = attachment_owner(cx->arena, intake->attachment->account_id), fresh, wrapped;
	blob_key_new(blobs, cx->arena, owner, out, &fresh);
	TRY(attachment_key(cx, intake->attachment, fresh, &wrapped));
	if (failed(blob_key_open(blobs, cx->arena, owner, wrapped, out)))
		return fail(ERR_INTERNAL, "the key of a draft's files does not open: admin key accept puts it right");
	return ok();
}

static struct str hex_of(struct arena *arena, const uint8_t digest[BLOB_DIGEST_BYTES])
{
	struct buf out;
	buf_init(&out, arena, 2 * BLOB_DIGEST_BYTES);
	hex_write(&out, str_make((const char *)digest, BLOB_DIGEST_BYTES));
	return buf_view(&out);
}

struct kept {
	struct str blob, digest;
	int64_t size;
};

static err put(struct intake *intake, const struct blob_key *key, int fd, struct kept *out)
{
	struct arena *arena = intake->cx->arena;
	char name[BLOB_NAME_BYTES + 1];
	struct blob_ref ref;
	TRY(blob_put(intake->files->blobs, key, fd, NULL, &ref));
	blob_name(key, &ref, name);
	*out = (struct kept){str_dup(arena, str_of(name)), hex_of(arena, ref.digest), (int64_t)ref.bytes};
	return ok();
}

static err put_beside(struct intake *intake, const struct blob_key *key, int fd, struct attachment_beside *beside)
{
	struct kept kept;
	if (fd < 0)
		return ok();
	TRY(put(intake, key, fd, &kept));
	beside->blob = kept.blob;
	beside->digest = kept.digest;
	beside->size = kept.size;
	return ok();
}

static err keep(struct intake *intake)
{
	struct blob_key key;
	struct kept kept;
	TRY(key_of(intake, &key));
	TRY(put(intake, &key, intake->made >= 0 ? intake->made : intake->fd, &kept));
	/* What the check has read is what was sent. */
	if (intake->made < 0 && !str_eq(kept.digest, intake->attachment->digest))
		return fail(ERR_UNAVAILABLE, "the spool gives other bytes than have arrived");
	intake->verdict.blob = kept.blob;
	intake->verdict.kept_size = kept.size;
	intake->verdict.kept_digest = kept.digest;
	TRY(put_beside(intake, &key, intake->thumbnail, &intake->verdict.thumbnail));
	return put_beside(intake, &key, intake->whole, &intake->verdict.whole);
}

static err examine(struct intake *intake)
{
	TRY(intake_look(intake));
	if (intake->verdict.reason.n == 0 && !intake->waits)
		TRY(intake_scan(intake));
	if (intake->verdict.reason.n == 0 && !intake->waits)
		TRY(keep(intake));
	return ok();
}

err intake_ref(struct arena *arena, struct str digest_hex, int64_t size, struct blob_ref *out)
{
	struct str digest;
	if (failed(hex_read(arena, digest_hex, &digest)) || digest.n != BLOB_DIGEST_BYTES)
		return fail(ERR_INTERNAL, "an attachment without a digest");
	memcpy(out->digest, digest.p, BLOB_DIGEST_BYTES);
	out->bytes = (uint64_t)size;
	return ok();
}

/* A photo that was clean, cut anew out of the whole one. */
static err cut_anew(struct intake *intake)
{
	const struct attachment_beside *whole = &intake->attachment->whole;
	struct blob_key key;
	struct blob_ref ref;
	TRY(key_of(intake, &key));
	TRY(intake_ref(intake->cx->arena, whole->digest, whole->size, &ref));
	TRY(intake_memory("whole", &intake->whole));
	TRY(blob_read_to(intake->files->blobs, &key, &ref, intake->whole));
	intake->verdict.whole = *whole;
	TRY(intake_cut(intake));
	return intake->verdict.reason.n == 0 && !intake->waits ? keep(intake) : ok();
}

static err row_now(struct cx *cx, const struct attachment *attachment, struct attachment *out)
{
	*out = *attachment;
	return attachment_now(cx, out);
}

/* Whatever went wrong: the part of before is as good as it was, and whoever wants another presses again. */
static err cut_or_leave(struct intake *intake, struct attachment *out)
{
	struct cx *cx = intake->cx;
	const struct attachment *attachment = intake->attachment;
	err e = cut_anew(intake);
	if (e.code == ERR_CONFLICT) /* somebody has been faster */
		return e;
	if (failed(e))
		log_event(LOG_ERROR, "photo_uncut", LOG_I64("account", attachment->account_id), LOG_I64("file", attachment->id), LOG_C("error", err_name(e.code)),
			LOG_C("detail", err_detail()));
	/* Without its own small picture the one of before would stand beside it. */
	bool cut = !failed(e) && !intake->waits && intake->verdict.reason.n == 0 && intake->verdict.thumbnail.blob.n > 0;
	TRY(cut ? attachment_verdict(cx, attachment, &intake->verdict) : attachment_cut_back(cx, attachment));
	return row_now(cx, attachment, out);
}

static err wait_for(struct intake *intake, struct attachment *out)
{
	struct cx *cx = intake->cx;
	const struct attachment *attachment = intake->attachment;
	TRY(attachment_wait(cx, attachment, str_of(intake->waits), now_of(intake) + FILES_AGAIN_MS));
	if (intake->tried)
		TRY(attachment_tried(cx, attachment));
	return row_now(cx, attachment, out);
}

static err answer(struct intake *intake, struct attachment *out)
{
	struct cx *cx = intake->cx;
	const struct attachment *attachment = intake->attachment;
	if (intake->waits)
		return wait_for(intake, out);
	TRY(attachment_verdict(cx, attachment, &intake->verdict));
	files_forget(intake->files, attachment->account_id, attachment->id);
	return row_now(cx, attachment, out);
}

static err check(struct intake *intake, struct attachment *out)
{
	const struct attachment *attachment = intake->attachment;
	int64_t size = 0;
	if (attachment->whole.blob.n > 0)
		return cut_or_leave(intake, out);
	err e = spool_read(intake->files->spool, attachment->account_id, attachment->id, &intake->fd, &size);
	if (e.code != ERR_NOT_FOUND)
		TRY(e);
	if (failed(e) || size != attachment->size) {
		/* The folder was lost or set back: they must be sent again. */
		intake->verdict.reason = STR("lost");
		return answer(intake, out);
	}
	TRY(examine(intake));
	return answer(intake, out);
}

err files_check(const struct files *files, struct cx *cx, const struct attachment *attachment, struct attachment *out)
{
	struct intake intake = INTAKE_INIT;
	intake.files = files;
	intake.cx = cx;
	intake.attachment = attachment;
	intake.began = intake.held = time_monotonic();
	cx_end(cx); /* no transaction is open while others work */
	err e = check(&intake, out);
	intake_end(&intake);
	return e;
}

void files_forget(const struct files *files, int64_t account_id, int64_t id)
{
	IGNORE(spool_remove(files->spool, account_id, id)); /* the sweep finds it */
}

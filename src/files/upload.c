#include "files/files.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "domain/attachment/attachment_job.h"

/* Bytes on their way into the spool. */

void files_forget_all(const struct files *files, const struct attachment_gone *gone)
{
	for (size_t i = 0; files && i < gone->n; i++)
		files_forget(files, gone->account_id, gone->ids[i]);
}

err files_begin(const struct files *files, struct cx *cx, const struct attachment_begin *begin, struct attachment_begun *out)
{
	struct attachment_begun begun;
	TRY(attachment_begin(cx, begin, &begun));
	files_forget_all(files, &begun.gone);
	*out = begun;
	return ok();
}

/* Somebody has deleted the row, or a newer photo has taken its place, while this one was on its way. */
static void forget_if_gone(const struct files *files, struct cx *cx, const struct attachment *attachment)
{
	bool used = true;
	err e = attachment_spool_used(cx, attachment->account_id, attachment->id, &used);
	cx_end(cx);
	if (!failed(e) && !used) /* else the sweep finds it */
		files_forget(files, attachment->account_id, attachment->id);
}

err upload_open(const struct files *files, const struct attachment *attachment, struct upload *out)
{
	*out = (struct upload){.files = files, .attachment = *attachment, .spool = {.fd = -1}, .noted = attachment->arrived};
	TRY(spool_begin(files->spool, attachment->account_id, attachment->id, attachment->arrived, &out->spool));
	out->sums = attachment->arrived == 0;
	if (out->sums)
		sha256_init(&out->sum);
	return ok();
}

void upload_release(struct upload *upload)
{
	spool_close(&upload->spool);
	sha256_release(&upload->sum);
	upload->sums = false;
}

err upload_note(struct upload *upload, struct cx *cx)
{
	if (upload->spool.size == upload->noted)
		return ok();
	TRY(spool_sync(&upload->spool));
	err e = attachment_arrived(cx, &upload->attachment, upload->spool.size);
	if (e.code == ERR_CONFLICT)
		forget_if_gone(upload->files, cx, &upload->attachment);
	TRY(e);
	upload->noted = upload->spool.size;
	return ok();
}

err upload_add(struct upload *upload, struct cx *cx, struct str piece)
{
	if ((int64_t)piece.n > upload->attachment.size - upload->spool.size)
		return fail(ERR_LIMIT, "more bytes than were announced");
	TRY(spool_append(&upload->spool, piece));
	if (upload->sums)
		sha256_add(&upload->sum, piece);
	return upload->spool.size - upload->noted >= FILES_SYNC ? upload_note(upload, cx) : ok();
}

/* Of an upload that came in several parts. */
static err sum_again(struct upload *upload, uint8_t digest[SHA256_BYTES])
{
	AUTO_SHA256 sum = {0};
	AUTO_ARENA arena;
	arena_init(&arena, 256u << 10);
	char *piece = arena_alloc(&arena, 128u << 10);
	sha256_init(&sum);
	for (int64_t at = 0; at < upload->spool.size;) {
		ssize_t n = pread(upload->spool.fd, piece, 128u << 10, at);
		if (n <= 0)
			return fail(ERR_UNAVAILABLE, "spool: read");
		sha256_add(&sum, str_make(piece, (size_t)n));
		at += n;
	}
	sha256_end(&sum, digest);
	return ok();
}

/* A photo that is found clean takes the place of those before it, of which one may wait for its own check. */
static err check(const struct files *files, struct cx *cx, const struct attachment *there, struct attachment *out)
{
	struct attachments before = {0};
	if (there->photo)
		TRY(attachment_list(cx, there->draft_id, &before));
	err e = files_check(files, cx, there, out);
	if (e.code == ERR_CONFLICT)
		forget_if_gone(files, cx, there);
	TRY(e);
	for (size_t i = 0; i < before.n; i++)
		if (before.v[i].photo && before.v[i].state == ATTACHMENT_CHECKING && before.v[i].id != there->id)
			forget_if_gone(files, cx, &before.v[i]);
	return ok();
}

err upload_end(struct upload *upload, struct cx *cx, struct attachment *out)
{
	uint8_t digest[SHA256_BYTES];
	struct attachment there;
	struct buf hex;
	TRY(spool_sync(&upload->spool));
	if (upload->sums)
		sha256_end(&upload->sum, digest);
	else
		TRY(sum_again(upload, digest));
	upload->sums = false;
	buf_init(&hex, cx->arena, 2 * SHA256_BYTES);
	hex_write(&hex, str_make((const char *)digest, sizeof digest));
	TRY(attachment_complete(cx, &upload->attachment, upload->spool.size, buf_view(&hex), &there));
	if (there.state != ATTACHMENT_CHECKING) {
		files_forget(upload->files, there.account_id, there.id);
		*out = there;
		return ok();
	}
	return check(upload->files, cx, &there, out);
}

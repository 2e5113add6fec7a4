#include "files/files.h"

#include "base/encode.h"
#include "crypto/digest.h"

/* Bytes on their way into the spool. */

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
	TRY(attachment_arrived(cx, &upload->attachment, upload->spool.size));
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
	return files_check(upload->files, cx, &there, out);
}

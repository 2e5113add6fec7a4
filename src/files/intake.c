#include "files/files.h"

#include "base/auto.h"
#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "domain/portal.h"
#include "sandbox/look.h"
#include "scan/clamd.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* From bytes in the spool to a clean file in the store, or to a reason. */

struct intake {
	const struct files *files;
	struct cx *cx;
	const struct attachment *attachment;
	int fd;              /* what was sent */
	int made;            /* what is kept of it, when that is another file; -1 */
	struct attachment_verdict verdict;
	const char *waits;   /* for what; NULL: there is a verdict */
};

static err look(struct intake *intake)
{
	/* What somebody has chosen by mistake, so that the mend can be named. */
	static const char *const document_reasons[LOOK_COUNT] = {
		[LOOK_EMPTY] = "empty", [LOOK_UNKNOWN] = "not_pdf", [LOOK_JPEG] = "is_picture", [LOOK_PNG] = "is_picture", [LOOK_GIF] = "is_picture",
		[LOOK_TIFF] = "is_picture", [LOOK_WEBP] = "is_picture", [LOOK_HEIC] = "is_picture", [LOOK_OFFICE] = "is_office", [LOOK_HTML] = "is_html",
	};
	static const char *const photo_reasons[LOOK_COUNT] = {
		[LOOK_EMPTY] = "empty", [LOOK_UNKNOWN] = "not_jpeg", [LOOK_PDF] = "photo_is_pdf", [LOOK_PDF_LATER] = "photo_is_pdf",
		[LOOK_PNG] = "photo_is_other", [LOOK_GIF] = "photo_is_other", [LOOK_TIFF] = "photo_is_other", [LOOK_WEBP] = "photo_is_other",
		[LOOK_HEIC] = "photo_is_heic", [LOOK_OFFICE] = "not_jpeg", [LOOK_HTML] = "not_jpeg",
	};
	char head[LOOK_BYTES];
	ssize_t n = pread(intake->fd, head, sizeof head, 0);
	if (n < 0)
		return fail(ERR_UNAVAILABLE, "spool: read: %s", strerrorname_np(errno));
	const char *reason = (intake->attachment->photo ? photo_reasons : document_reasons)[look_at(str_make(head, (size_t)n))];
	intake->verdict.reason = reason ? str_of(reason) : STR("");
	return ok();
}

/* The checker is not there: that says nothing about the file. */
static err waited(struct intake *intake, err e, const char *what)
{
	if (e.code != ERR_UNAVAILABLE)
		return e;
	intake->waits = what;
	return ok();
}

static err check_document(struct intake *intake)
{
	struct check_pdf found = {0};
	err e = check_pdf(intake->files->checker, intake->fd, &found);
	if (failed(e))
		return waited(intake, e, "checker");
	intake->verdict.pages = found.reason == CHECK_OK || found.reason == CHECK_TOO_MANY_PAGES ? found.pages : 0;
	if (found.reason != CHECK_OK)
		intake->verdict.reason = str_of(check_reason_word(found.reason));
	if (found.reason == CHECK_DAMAGED)
		intake->verdict.detail = (int64_t)found.at;
	return ok();
}

/* A photo is kept as a clean copy: turned upright, without what the camera wrote beside the picture. */
static err check_photo(struct intake *intake)
{
	struct check_jpeg found = {0};
	struct photo photo = {0};
	err e = check_jpeg(intake->files->checker, intake->fd, CHECK_JPEG_PHOTO, &found);
	if (failed(e))
		return waited(intake, e, "checker");
	intake->verdict.width = found.width;
	intake->verdict.height = found.height;
	if (found.reason != CHECK_OK) {
		intake->verdict.reason = str_of(check_reason_word(found.reason));
		return ok();
	}
	intake->made = memfd_create("photo", MFD_CLOEXEC);
	if (intake->made < 0)
		return fail(ERR_UNAVAILABLE, "memfd: %s", strerrorname_np(errno));
	e = photo_make(intake->files->checker, intake->fd, NULL, intake->made, &photo);
	if (failed(e))
		return waited(intake, e, "checker");
	if (photo.reason != CHECK_OK)
		intake->verdict.reason = str_of(check_reason_word(photo.reason));
	intake->verdict.width = photo.width;
	intake->verdict.height = photo.height;
	return ok();
}

static void scan(struct intake *intake)
{
	struct scan found;
	if (!intake->files->scanner)
		return;
	scan_clamd(intake->files->scanner, intake->fd, intake->files->scanner_ms, &found);
	if (found.outcome == SCAN_FOUND)
		intake->verdict.reason = STR("virus");
	else if (found.outcome != SCAN_CLEAN)
		intake->waits = "scanner";
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
		return fail(ERR_INTERNAL, "the key of a draft's files does not open");
	return ok();
}

static struct str hex_of(struct arena *arena, const uint8_t digest[BLOB_DIGEST_BYTES])
{
	struct buf out;
	buf_init(&out, arena, 2 * BLOB_DIGEST_BYTES);
	hex_write(&out, str_make((const char *)digest, BLOB_DIGEST_BYTES));
	return buf_view(&out);
}

static err keep(struct intake *intake)
{
	struct arena *arena = intake->cx->arena;
	struct blob_key key;
	struct blob_ref ref;
	char name[BLOB_NAME_BYTES + 1];
	TRY(key_of(intake, &key));
	TRY(blob_put(intake->files->blobs, &key, intake->made >= 0 ? intake->made : intake->fd, NULL, &ref));
	struct str digest = hex_of(arena, ref.digest);
	/* What the check has read is what was sent. */
	if (intake->made < 0 && !str_eq(digest, intake->attachment->digest))
		return fail(ERR_UNAVAILABLE, "the spool gives other bytes than have arrived");
	blob_name(&key, &ref, name);
	intake->verdict.blob = str_dup(arena, str_of(name));
	intake->verdict.kept_size = (int64_t)ref.bytes;
	intake->verdict.kept_digest = digest;
	return ok();
}

static err examine(struct intake *intake)
{
	TRY(look(intake));
	if (intake->verdict.reason.n == 0)
		TRY(intake->attachment->photo ? check_photo(intake) : check_document(intake));
	if (intake->verdict.reason.n == 0 && !intake->waits)
		scan(intake);
	if (intake->verdict.reason.n == 0 && !intake->waits)
		TRY(keep(intake));
	return ok();
}

static err row_now(struct cx *cx, const struct attachment *attachment, struct attachment *out)
{
	*out = *attachment;
	return attachment_now(cx, out);
}

static err answer(struct intake *intake, struct attachment *out)
{
	struct cx *cx = intake->cx;
	const struct attachment *attachment = intake->attachment;
	if (intake->waits) {
		TRY(attachment_wait(cx, attachment, str_of(intake->waits), cx->now + FILES_AGAIN_MS));
		return row_now(cx, attachment, out);
	}
	TRY(attachment_verdict(cx, attachment, &intake->verdict));
	files_forget(intake->files, attachment->account_id, attachment->id);
	return row_now(cx, attachment, out);
}

err files_check(const struct files *files, struct cx *cx, const struct attachment *attachment, struct attachment *out)
{
	AUTO_FD int fd = -1;
	AUTO_FD int made = -1;
	int64_t size = 0;
	struct intake intake = {.files = files, .cx = cx, .attachment = attachment, .made = -1};
	cx_end(cx); /* no transaction is open while others work */
	err e = spool_read(files->spool, attachment->account_id, attachment->id, &fd, &size);
	if (e.code != ERR_NOT_FOUND)
		TRY(e);
	if (failed(e) || size != attachment->size) {
		/* Another host has them, or the disk was set back: they must be sent again. */
		intake.verdict.reason = STR("lost");
		return answer(&intake, out);
	}
	intake.fd = fd;
	e = examine(&intake);
	made = intake.made;
	TRY(e);
	return answer(&intake, out);
}

void files_forget(const struct files *files, int64_t account_id, int64_t id)
{
	IGNORE(spool_remove(files->spool, account_id, id)); /* the sweep finds it */
}

/* ---- reading, and sending again ---- */

static err ref_of(struct arena *arena, const struct attachment *attachment, struct blob_ref *out)
{
	struct str digest;
	if (failed(hex_read(arena, attachment->kept_digest, &digest)) || digest.n != BLOB_DIGEST_BYTES)
		return fail(ERR_INTERNAL, "an attachment without a digest");
	memcpy(out->digest, digest.p, BLOB_DIGEST_BYTES);
	out->bytes = (uint64_t)attachment->kept_size;
	return ok();
}

static err opened_key(const struct files *files, struct arena *arena, int64_t account_id, struct str wrapped, struct blob_key *out)
{
	if (failed(blob_key_open(files->blobs, arena, attachment_owner(arena, account_id), wrapped, out)))
		return fail(ERR_INTERNAL, "the key of files does not open");
	return ok();
}

err files_read(const struct files *files, struct arena *arena, const struct attachment *attachment, struct str key, struct blob_reader **out)
{
	struct blob_key opened;
	struct blob_ref ref;
	TRY(ref_of(arena, attachment, &ref));
	TRY(opened_key(files, arena, attachment->account_id, key, &opened));
	return blob_open(files->blobs, arena, &opened, &ref, out);
}

static err pour(struct upload *upload, struct cx *cx, struct blob_reader *reader)
{
	for (struct str piece;;) {
		TRY(blob_next(reader, &piece));
		if (piece.n == 0)
			return ok();
		TRY(upload_add(upload, cx, piece));
	}
}

err files_again(const struct files *files, struct cx *cx, int64_t draft_id, const struct attachment_earlier *earlier, struct attachment_begun *out)
{
	const struct attachment *from = &earlier->attachment;
	struct blob_reader *reader;
	struct attachment_begun begun;
	struct upload upload;
	TRY(files_read(files, cx->arena, from, earlier->key, &reader));
	AUTO_BLOB struct blob_reader *end = reader;
	TRY(attachment_begin(cx,
		&(struct attachment_begin){.draft_id = draft_id, .document = from->document, .name = from->name, .size = from->kept_size}, &begun));
	if (begun.refusal != ATTACHMENT_TAKEN) {
		*out = begun;
		return ok();
	}
	err e = upload_open(files, &begun.attachment, &upload);
	if (!failed(e))
		e = pour(&upload, cx, reader);
	if (!failed(e))
		e = upload_end(&upload, cx, &begun.attachment);
	upload_release(&upload);
	if (failed(e)) { /* nothing of it stays, so that one can press again */
		IGNORE(attachment_delete(cx, draft_id, begun.attachment.id));
		files_forget(files, from->account_id, begun.attachment.id);
	}
	TRY(e);
	*out = begun;
	return ok();
}

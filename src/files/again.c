#include "files/files.h"

#include "base/auto.h"
#include "base/limits.h"
#include "domain/attachment/attachment_page.h"
#include "files/intake.h"

#include <unistd.h>

/* Out of the store: to be read, and as a new file of a draft, which is checked like any other. */

err files_key(const struct files *files, struct arena *arena, int64_t account_id, struct str wrapped, struct blob_key *out)
{
	if (failed(blob_key_open(files->blobs, arena, attachment_owner(arena, account_id), wrapped, out)))
		return fail(ERR_SHUT, "the key of files does not open");
	return ok();
}

err files_read(const struct files *files, struct arena *arena, const struct attachment *attachment, enum files_part part, struct str key,
	struct blob_reader **out)
{
	const struct attachment_beside *beside = part == FILES_THUMBNAIL ? &attachment->thumbnail : &attachment->whole;
	struct blob_key opened;
	struct blob_ref ref;

	if (part != FILES_KEPT && beside->blob.n == 0)
		return fail(ERR_NOT_FOUND, "no such picture");
	TRY(part == FILES_KEPT ? intake_ref(arena, attachment->kept_digest, attachment->kept_size, &ref)
			       : intake_ref(arena, beside->digest, beside->size, &ref));
	TRY(files_key(files, arena, attachment->account_id, key, &opened));
	return blob_open(files->blobs, arena, &opened, &ref, out);
}

err files_copy(const struct files *files, struct arena *arena, const struct attachment *attachment, struct str key, int fd)
{
	struct blob_key opened;
	struct blob_ref ref;

	TRY(intake_ref(arena, attachment->kept_digest, attachment->kept_size, &ref));
	TRY(files_key(files, arena, attachment->account_id, key, &opened));
	return blob_read_to(files->blobs, &opened, &ref, fd);
}

/* A new file of a draft, whose bytes `pour` adds. Nothing of it stays when that fails, so that one can press again. */
static err send(const struct files *files, struct cx *cx, const struct attachment_begin *begin, err (*pour)(struct upload *, struct cx *, void *),
	void *arg, struct attachment_begun *out)
{
	struct attachment_begun begun;
	struct upload upload;

	TRY(files_begin(files, cx, begin, &begun));
	if (begun.refusal != ATTACHMENT_TAKEN) {
		*out = begun;
		return ok();
	}
	err e = upload_open(files, &begun.attachment, &upload);

	if (!failed(e))
		e = pour(&upload, cx, arg);
	if (!failed(e))
		e = upload_end(&upload, cx, &begun.attachment);
	upload_release(&upload);
	if (failed(e)) {
		IGNORE(attachment_delete(cx, begin->draft_id, begun.attachment.id)); /* else the job ends it */
		files_forget(files, begun.attachment.account_id, begun.attachment.id);
	}
	TRY(e);
	*out = begun;
	return ok();
}

static err pour_blob(struct upload *upload, struct cx *cx, void *arg)
{
	struct blob_reader *reader = arg;

	for (struct str piece;;) {
		TRY(blob_next(reader, &piece));
		if (piece.n == 0)
			return ok();
		TRY(upload_add(upload, cx, piece));
	}
}

err files_again(const struct files *files, struct cx *cx, int64_t draft_id, struct str document, const struct attachment_earlier *earlier,
	struct attachment_begun *out)
{
	const struct attachment *from = &earlier->attachment;
	struct blob_reader *reader;

	TRY(files_read(files, cx->arena, from, FILES_KEPT, earlier->key, &reader));
	AUTO_BLOB struct blob_reader *end = reader;
	return send(files, cx, &(struct attachment_begin){.draft_id = draft_id, .document = document, .name = from->name, .size = from->kept_size},
		pour_blob, end, out);
}

/* ---- one document out of photographed pages ---- */

struct page_set {
	int fds[LIMIT_PAGES_IN];
	int64_t ids[LIMIT_PAGES_IN]; /* whose they are */
	size_t count;
	int made;
};

static void page_set_end(struct page_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		close(set->fds[i]);
	if (set->made >= 0)
		close(set->made);
	*set = (struct page_set){.made = -1};
}

/* The document would lack it. */
static bool page_waits(struct arena *arena, const struct attachments *list, struct str document)
{
	size_t count;
	const struct attachment **pages = attachment_pages(arena, list, document, &count);

	for (size_t i = 0; i < count; i++)
		if (pages[i]->state == ATTACHMENT_UPLOADING || pages[i]->state == ATTACHMENT_CHECKING)
			return true;
	return false;
}

static err page_set_fill(const struct files *files, struct arena *arena, const struct attachments *list, struct str document, struct page_set *set)
{
	size_t count;
	const struct attachment **pages = attachment_pages(arena, list, document, &count);

	for (size_t i = 0; i < count && set->count < LIMIT_PAGES_IN; i++) {
		struct blob_key key;
		struct blob_ref ref;

		if (pages[i]->state != ATTACHMENT_OK)
			continue;
		TRY(files_key(files, arena, pages[i]->account_id, list->key, &key));
		TRY(intake_ref(arena, pages[i]->kept_digest, pages[i]->kept_size, &ref));
		TRY(intake_memory("page", &set->fds[set->count]));
		set->ids[set->count] = pages[i]->id;
		set->count++;
		TRY(blob_read_to(files->blobs, &key, &ref, set->fds[set->count - 1]));
	}
	return ok();
}

#define PIECE (128u << 10)

static err pour_fd(struct upload *upload, struct cx *cx, void *arg)
{
	const struct page_set *set = arg;
	char *piece = arena_alloc(cx->arena, PIECE);

	for (off_t at = 0;;) {
		ssize_t n = pread(set->made, piece, PIECE, at);

		if (n < 0)
			return fail(ERR_UNAVAILABLE, "memfd: read");
		if (n == 0)
			return ok();
		TRY(upload_add(upload, cx, str_make(piece, (size_t)n)));
		at += n;
	}
}

static err make(const struct files *files, struct cx *cx, const struct attachment_begin *wanted, const struct attachments *list, struct page_set *set,
	struct attachment_begun *out)
{
	struct attachment_begin begin = *wanted;
	struct pages pages = {0};

	cx_end(cx);
	if (page_waits(cx->arena, list, begin.document)) {
		*out = (struct attachment_begun){.refusal = ATTACHMENT_PAGES_WAIT};
		return ok();
	}
	TRY(page_set_fill(files, cx->arena, list, begin.document, set));
	if (set->count == 0) {
		*out = (struct attachment_begun){.refusal = ATTACHMENT_EMPTY};
		return ok();
	}
	TRY(intake_memory("document", &set->made));
	TRY(pages_make(files->checker, set->fds, set->count, set->made, &pages));
	/* Each was found good, and made anew by us. */
	if (pages.reason != CHECK_OK)
		return fail(ERR_UNAVAILABLE, "pages: %s, signal %d", check_reason_word(pages.reason), pages.signal);
	begin.size = (int64_t)pages.bytes;
	TRY(send(files, cx, &begin, pour_fd, set, out));
	if (out->refusal == ATTACHMENT_TAKEN && out->attachment.state == ATTACHMENT_OK)
		TRY(attachment_pages_end(cx, begin.draft_id, set->ids, set->count));
	return ok();
}

err files_pages(const struct files *files, struct cx *cx, int64_t draft_id, struct str document, struct str name, const struct attachments *list,
	struct attachment_begun *out)
{
	struct page_set set = {.made = -1};
	err e = make(files, cx, &(struct attachment_begin){.draft_id = draft_id, .document = document, .name = name}, list, &set, out);

	page_set_end(&set);
	return e;
}

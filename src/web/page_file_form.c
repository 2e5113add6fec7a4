#include "base/limits.h"
#include "base/time.h"
#include "files/files.h"
#include "http/multipart.h"
#include "web/csrf.h"
#include "web/files_view.h"
#include "web/page.h"
#include "web/upload.h"
#include "web/url.h"
#include "web/web.h"

/*
 * A form with files, read as it comes. The form token stands before the files, as our pages have it: without it nothing of them is
 * kept. Each file becomes a row of its own and is checked as soon as it is there; the first one that is refused ends the form.
 */

struct form_upload {
	struct upload_taker *taker;
	struct multipart multipart;
	uint64_t left;           /* of the body, not read yet */
	struct str document;
	int64_t draft_id;
	bool page;               /* photographed pages, not files */
	bool trusted;            /* the form token was right */
	bool open;               /* a file is being taken */
	bool skipped;            /* a part without a file: nothing was chosen */
	size_t files;
	struct upload upload;
	struct refusal refusal;
	bool refused;
	int64_t over;            /* by so many bytes the file that is being taken is too long, unless a line end ends the form */
};

static err on_field(void *arg, struct str name, struct str value)
{
	struct form_upload *form = arg;

	if (!str_eq(name, STR("_csrf")) || form->trusted)
		return ok();
	TRY(csrf_token(form->taker->ex, value));
	form->trusted = true;
	return ok();
}

static err refuse(struct form_upload *form, const struct refusal *refusal)
{
	form->refusal = *refusal;
	form->refused = true;
	return fail(ERR_LIMIT, "a file is not taken");
}

static err begin(struct form_upload *form, struct str name, uint64_t size, struct attachment_begun *out)
{
	struct exchange *ex = form->taker->ex;

	return files_begin(ex->web->conf.files, &ex->cx,
		&(struct attachment_begin){
			.draft_id = form->draft_id,
			.document = form->document,
			.name = name,
			.page = form->page,
			/* A file without a byte is told to be empty when it has ended. */
			.size = size > INT64_MAX / 2 ? INT64_MAX / 2 : size == 0 ? 1 : (int64_t)size,
		},
		out);
}

static err refuse_file(struct form_upload *form, struct str name, enum attachment_refusal refusal, int64_t detail)
{
	return refuse(form, &(struct refusal){.refusal = refusal, .detail = detail, .name = attachment_name(form->taker->ex->cx.arena, name)});
}

static err on_file(void *arg, const struct part *part)
{
	struct form_upload *form = arg;
	struct exchange *ex = form->taker->ex;
	struct attachment_begun begun;
	uint64_t room = multipart_room(&form->multipart, form->left);

	if (!form->trusted)
		return fail(ERR_DENIED, "no form token before the files");
	form->skipped = part->filename.n == 0;
	if (form->skipped)
		return ok();
	struct str name = str_dup(ex->cx.arena, part->filename);

	TRY(begin(form, name, room, &begun));
	form->over = 0;
	if (begun.refusal == ATTACHMENT_BYTES_FULL && begun.detail <= MULTIPART_LAST_LINE && room > MULTIPART_LAST_LINE) {
		form->over = begun.detail;
		TRY(begin(form, name, room - MULTIPART_LAST_LINE, &begun));
	}
	if (begun.refusal != ATTACHMENT_TAKEN)
		return refuse_file(form, name, begun.refusal, begun.detail);
	form->open = true;
	return upload_open(ex->web->conf.files, &begun.attachment, &form->upload);
}

static err on_bytes(void *arg, struct str bytes)
{
	struct form_upload *form = arg;

	if (form->skipped)
		return fail(ERR_INVALID, "a file without a name");
	err e = upload_add(&form->upload, &form->taker->ex->cx, bytes);

	if (e.code == ERR_LIMIT && form->over > 0)
		return refuse_file(form, form->upload.attachment.name, ATTACHMENT_BYTES_FULL, form->over);
	return e;
}

static err on_end(void *arg)
{
	struct form_upload *form = arg;
	struct attachment there;

	if (form->skipped)
		return ok();
	TRY(upload_end(&form->upload, &form->taker->ex->cx, &there));
	upload_release(&form->upload);
	form->open = false;
	form->files++;
	return ok();
}

/* What is not complete is nothing: it cannot be gone on with. */
static void give_up(struct form_upload *form)
{
	struct exchange *ex = form->taker->ex;

	if (!form->open)
		return;
	const struct attachment *attachment = &form->upload.attachment;

	upload_release(&form->upload);
	form->open = false;
	if (failed(attachment_delete(&ex->cx, form->draft_id, attachment->id)))
		return; /* the job ends it */
	files_forget(ex->web->conf.files, attachment->account_id, attachment->id);
}

static err add(struct upload_taker *taker, struct str piece)
{
	struct form_upload *form = taker->state;

	form->left -= piece.n;
	return multipart_add(&form->multipart, piece);
}

static void drop(struct upload_taker *taker)
{
	give_up(taker->state);
}

static err take(struct exchange *ex, uint64_t length, bool page)
{
	struct form_upload *form = arena_new(ex->cx.arena, struct form_upload);
	struct draft_files files;

	TRY(draft_files_find(ex, &files));
	*form = (struct form_upload){
		.left = length,
		.document = exchange_path(ex, 1),
		.draft_id = files.draft.id,
		.page = page,
		.upload = {.spool = {.fd = -1}},
		.multipart = {.field = on_field, .file = on_file, .bytes = on_bytes, .end = on_end, .arg = form},
	};
	if (failed(multipart_begin(&form->multipart, ex->cx.arena, request_header(ex->req, STR("Content-Type"))))) {
		ex->refusal = 415;
		return fail(ERR_INVALID, "a form of another type");
	}
	form->taker = upload_taker_new(ex, add, drop, form);
	return ok();
}

err take_file_send(struct exchange *ex, uint64_t length)
{
	return take(ex, length, false);
}

err take_pages_send(struct exchange *ex, uint64_t length)
{
	return take(ex, length, true);
}

static err refusal_page(struct exchange *ex, struct form_upload *form, int status)
{
	struct draft_files files;

	TRY(draft_files_find(ex, &files));
	TRY(draft_files_tax(ex, &files));
	if (form->page)
		return pages_page(ex, status, &files, form->document, &form->refusal);
	return str_eq(form->document, STR(PHOTO_DOCUMENT)) ? photo_page(ex, status, &files, &form->refusal)
							   : files_page(ex, status, &files, &form->refusal, form->document);
}

static err faulty(struct exchange *ex, struct form_upload *form)
{
	err fault = ex->upload->fault;

	give_up(form);
	if (form->refused)
		return refusal_page(ex, form, 413);
	/* Deleted in another tab, or the draft is gone: the page shows what there is. */
	if (fault.code == ERR_CONFLICT) {
		form->refusal = (struct refusal){.broken = true};
		return refusal_page(ex, form, 409);
	}
	if (fault.code == ERR_UNAVAILABLE)
		ex->refusal = 507;
	return fail(fault.code, STR_FMT, STR_ARG(ex->upload->fault_words));
}

err page_file_send(struct exchange *ex)
{
	struct form_upload *form = ex->upload ? ex->upload->state : NULL;

	if (!form)
		return fail(ERR_INVALID, "a form without a body");
	if (failed(ex->upload->fault))
		return faulty(ex, form);
	if (failed(multipart_over(&form->multipart))) {
		give_up(form);
		return fail(ERR_INVALID, "the form ends too early");
	}
	if (!form->trusted)
		return fail(ERR_DENIED, "no form token");
	if (form->files == 0) {
		form->refusal = (struct refusal){.no_file = true};
		return refusal_page(ex, form, 400);
	}
	return files_show_document(ex, form->draft_id, form->document, form->page);
}

err page_pages_send(struct exchange *ex)
{
	return page_file_send(ex);
}

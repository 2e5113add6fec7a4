#include "base/encode.h"
#include "base/limits.h"
#include "files/files.h"
#include "web/files_view.h"
#include "web/page.h"
#include "web/tus.h"
#include "web/upload.h"
#include "web/url.h"
#include "web/web.h"

/* Uploads that can be gone on with after the line has broken: tus 1.0.0, docs/attachments.md. */

/* Whose draft it is comes before what the protocol says. */
static err draft_find(struct exchange *ex, struct draft *out)
{
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	return draft_require(&ex->cx, id, out);
}

err page_upload_options(struct exchange *ex)
{
	struct draft draft;

	TRY(draft_find(ex, &draft));
	response_header(ex->res, STR("Tus-Resumable"), STR(TUS_VERSION));
	response_header(ex->res, STR("Tus-Version"), STR(TUS_VERSION));
	response_header(ex->res, STR("Tus-Extension"), STR("creation,termination,expiration"));
	ex->res->status = 204;
	return ok();
}

static err file_find(struct exchange *ex, struct attachment *out)
{
	int64_t draft_id, id;

	TRY(exchange_path_id(ex, 0, &draft_id));
	TRY(exchange_path_id(ex, 1, &id));
	return attachment_require(&ex->cx, draft_id, id, out);
}

static err refused(struct exchange *ex, const struct draft *draft, const struct attachment_begun *begun, struct str name)
{
	static const char *const reasons[ATTACHMENT_REFUSAL_COUNT] = {
		[ATTACHMENT_NOT_ASKED] = "not_asked",
		[ATTACHMENT_EMPTY] = "empty",
		[ATTACHMENT_FILES_FULL] = "files_full",
		[ATTACHMENT_BYTES_FULL] = "bytes_full",
		[ATTACHMENT_DOCUMENT_FULL] = "document_full",
		[ATTACHMENT_PAGES_FULL] = "pages_full",
		[ATTACHMENT_DRAFT_PAGES_FULL] = "draft_pages_full",
		[ATTACHMENT_ACCOUNT_FULL] = "account_full",
		[ATTACHMENT_PAGES_WAIT] = "pages_wait",
	};
	struct refusal refusal = {.refusal = begun->refusal, .detail = begun->detail, .name = attachment_name(ex->cx.arena, name)};
	bool too_much = begun->refusal == ATTACHMENT_BYTES_FULL;

	return tus_refuse_text(ex, too_much ? 413 : 409, str_of(reasons[begun->refusal]), refusal_plain(ex, draft->procedure, &refusal));
}

/* creation: Upload-Length and, in Upload-Metadata, document and filename; page, with any value, for a photographed page. */
err page_upload_create(struct exchange *ex)
{
	struct attachment_begin begin = {.resumable = true};
	struct str page;
	struct attachment_begun begun;
	struct draft draft;

	TRY(draft_find(ex, &draft));
	begin.draft_id = draft.id;
	TRY(tus_version(ex));
	TRY(tus_number(ex, STR("Upload-Length"), &begin.size));
	TRY(tus_metadata(ex, STR("document"), &begin.document));
	TRY(tus_metadata(ex, STR("filename"), &begin.name));
	TRY(tus_metadata(ex, STR("page"), &page));
	begin.page = !str_absent(page);
	if (ex->req->body.n > 0) { /* creation-with-upload is not offered */
		ex->refusal = 415;
		return fail(ERR_INVALID, "tus: a body of a creation");
	}
	if (!ex->web->conf.files)
		return fail(ERR_UNAVAILABLE, "no files are taken here");
	TRY(files_begin(ex->web->conf.files, &ex->cx, &begin, &begun));
	if (begun.refusal != ATTACHMENT_TAKEN)
		return refused(ex, &draft, &begun, begin.name);
	struct str draft_id = str_fmt(ex->cx.arena, "%lld", (long long)draft.id);

	response_header(ex->res, STR("Location"),
		url_2(ex->cx.arena, ROUTE_upload_state, draft_id, str_fmt(ex->cx.arena, "%lld", (long long)begun.attachment.id)));
	tus_headers(ex, &begun.attachment);
	ex->res->status = 201;
	return ok();
}

err page_upload_offset(struct exchange *ex)
{
	struct attachment file;

	TRY(file_find(ex, &file));
	TRY(tus_version(ex));
	tus_headers(ex, &file);
	ex->res->status = 200;
	return ok();
}

/* For our script: what has become of it, in words. */
err page_upload_state(struct exchange *ex)
{
	struct attachments list;
	struct attachment file;
	struct buf out;

	TRY(file_find(ex, &file));
	TRY(attachment_list(&ex->cx, file.draft_id, &list));
	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	buf_fmt(&out, "{\"id\":\"%lld\",\"state\":\"" STR_FMT "\",\"label\":", (long long)file.id, STR_ARG(tus_state_word(file.state)));
	json_write_str(&out, ex->page.locale->plain[file_state_msg(file.state)]);
	buf_lit(&out, ",\"text\":");
	json_write_str(&out, file_words_plain(ex, &list, &file));
	buf_lit(&out, ",\"document\":");
	json_write_str(&out, file.document);
	buf_lit(&out, ",\"name\":");
	json_write_str(&out, file.name);
	buf_fmt(&out, ",\"size\":%lld,\"arrived\":%lld,\"pages\":%lld,\"files\":%lld,\"bytes\":%lld}\n", (long long)file.size,
		(long long)file.arrived, (long long)file.pages, (long long)list.files, (long long)list.bytes);
	tus_headers(ex, &file);
	return exchange_bytes(ex, 200, STR("application/json"), buf_view(&out));
}

err page_upload_end(struct exchange *ex)
{
	struct attachment file;

	TRY(file_find(ex, &file));
	TRY(tus_version(ex));
	TRY(attachment_delete(&ex->cx, file.draft_id, file.id));
	if (ex->web->conf.files)
		files_forget(ex->web->conf.files, file.account_id, file.id);
	ex->res->status = 204;
	return ok();
}

/* ---- PATCH ---- */

static err add(struct upload_taker *taker, struct str piece)
{
	return upload_add(taker->state, &taker->ex->cx, piece);
}

/* The line has broken, or another connection goes on: what is here stays, and is noted. */
static void drop(struct upload_taker *taker)
{
	struct upload *upload = taker->state;

	IGNORE(upload_note(upload, &taker->ex->cx)); /* then it goes on from the note before */
	upload_release(upload);
}

/* The part fits where the upload stands. */
static err part_fits(struct exchange *ex, const struct attachment *file, uint64_t length)
{
	struct str type = request_header(ex->req, STR("Content-Type"));
	int64_t offset;

	TRY(tus_version(ex));
	if (!str_eq_nocase(type, STR("application/offset+octet-stream"))) {
		ex->refusal = 415;
		return fail(ERR_INVALID, "tus: a body of another type");
	}
	TRY(tus_number(ex, STR("Upload-Offset"), &offset));
	if (file->state != ATTACHMENT_UPLOADING || offset != file->arrived)
		return fail(ERR_CONFLICT, "tus: the upload stands elsewhere");
	if (length > (uint64_t)(file->size - file->arrived)) {
		ex->refusal = 413;
		return fail(ERR_LIMIT, "tus: more bytes than were announced");
	}
	return ok();
}

/* It goes on where its row says. Releases what it does not open. */
static err opened(struct exchange *ex, const struct attachment *file, struct upload *upload)
{
	err e = upload_open(ex->web->conf.files, file, upload);

	if (failed(e))
		upload_release(upload);
	if (e.code == ERR_UNAVAILABLE)
		ex->refusal = 507;
	if (e.code == ERR_NOT_FOUND) { /* the bytes are lost: begin again */
		ex->refusal = 410;
		return fail(ERR_NOT_FOUND, "tus: the bytes of an upload are not here");
	}
	return e;
}

err take_upload_append(struct exchange *ex, uint64_t length)
{
	struct upload *upload = arena_new(ex->cx.arena, struct upload);
	struct attachment file;

	TRY(file_find(ex, &file));
	TRY(part_fits(ex, &file, length));
	TRY(opened(ex, &file, upload));
	upload_taker_new(ex, add, drop, upload);
	return ok();
}

static err faulty(struct exchange *ex, struct upload *upload)
{
	err fault = ex->upload->fault;

	/* What came before stays. */
	IGNORE(upload_note(upload, &ex->cx));
	upload_release(upload);
	if (fault.code == ERR_UNAVAILABLE)
		ex->refusal = 507;
	return fail(fault.code, STR_FMT, STR_ARG(ex->upload->fault_words));
}

/*
 * No bytes: where does it stand? All of them may be there already: whoever brought the last ones has died, or could not say so, before the upload was
 * ended. Nobody can send another byte, so that is made up for here.
 */
static err append_nothing(struct exchange *ex)
{
	struct upload *upload = arena_new(ex->cx.arena, struct upload);
	struct attachment file;

	TRY(file_find(ex, &file));
	TRY(part_fits(ex, &file, 0));
	if (file.arrived == file.size) {
		if (!ex->web->conf.files)
			return fail(ERR_UNAVAILABLE, "no files are taken here");
		TRY(opened(ex, &file, upload));
		err e = upload_end(upload, &ex->cx, &file);

		upload_release(upload);
		if (e.code == ERR_UNAVAILABLE)
			ex->refusal = 507;
		TRY(e);
	}
	tus_headers(ex, &file);
	ex->res->status = 204;
	return ok();
}

err page_upload_append(struct exchange *ex)
{
	struct upload *upload = ex->upload ? ex->upload->state : NULL;
	struct attachment file;

	if (!upload)
		return append_nothing(ex);
	response_header(ex->res, STR("Tus-Resumable"), STR(TUS_VERSION));
	if (failed(ex->upload->fault))
		return faulty(ex, upload);
	bool all = upload->spool.size == upload->attachment.size;
	err e = all ? upload_end(upload, &ex->cx, &file) : upload_note(upload, &ex->cx);

	upload_release(upload);
	if (e.code == ERR_UNAVAILABLE)
		ex->refusal = 507;
	TRY(e);
	if (!all)
		TRY(file_find(ex, &file));
	tus_headers(ex, &file);
	ex->res->status = 204;
	return ok();
}

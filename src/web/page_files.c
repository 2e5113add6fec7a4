#include "base/limits.h"
#include "base/vec.h"
#include "files/files.h"
#include "web/card_step.h"
#include "web/files_view.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

/* `Attachment` and the facial photo (manual 4.2.7, 4.2.8): what is wanted, what is there, one form for each document. */

static struct str id_text(struct exchange *ex, int64_t id)
{
	return str_fmt(ex->cx.arena, "%lld", (long long)id);
}

static void errors_view(struct exchange *ex, const struct draft_files *files, const struct refusal *refusal, struct str document,
	struct view_part_errors *out)
{
	struct view_part_errors_issues *row = arena_new(ex->cx.arena, struct view_part_errors_issues);

	if (!refusal)
		return;
	row->href = str_fmt(ex->cx.arena, "#file-of-" STR_FMT, STR_ARG(document));
	row->text = view_plain(ex, refusal_plain(ex, files->draft.procedure, refusal));
	*out = (struct view_part_errors){.any = true, .issues = row, .issues_count = 1};
}

/* Files of earlier applications for the same document that are not attached already. */
static void earlier_view(struct exchange *ex, const struct draft_files *files, const struct attachment_earlier *earlier, size_t count,
	struct str document, struct view_part_file_earlier *out)
{
	VEC(struct view_part_file_earlier_files) rows = {0};

	for (size_t i = 0; i < count; i++) {
		const struct attachment *file = &earlier[i].attachment;
		bool here = false;

		for (size_t j = 0; j < files->list.n; j++)
			here |= str_eq(files->list.v[j].digest, file->kept_digest) || str_eq(files->list.v[j].digest, file->digest);
		if (!str_eq(file->document, document) || here)
			continue;
		struct view_part_file_earlier_files *row = vec_add(ex->cx.arena, &rows);

		row->draft = id_text(ex, files->draft.id);
		row->from = id_text(ex, file->id);
		row->name = file->name;
		row->reference = earlier[i].reference;
		row->at = earlier[i].submitted_at;
	}
	out->files = rows.v;
	out->files_count = rows.n;
}

static bool is_checking(const struct draft_files *files)
{
	for (size_t i = 0; i < files->list.n; i++)
		if (files->list.v[i].state == ATTACHMENT_CHECKING)
			return true;
	return false;
}

static struct view_part_file_form form_of(struct exchange *ex, const struct draft_files *files, const struct attachment_want *want)
{
	return (struct view_part_file_form){
		.draft = id_text(ex, files->draft.id),
		.document = want->id,
		.accept = want->document ? STR("application/pdf,.pdf") : STR("image/jpeg,.jpg,.jpeg"),
		.plain = want->document ? view_label_plain(ex, &want->document->label) : ex->page.locale->plain[MSG_attach_photo],
		.many = want->document && want->document->files > 1,
	};
}

static bool has_room(const struct attachment_wants *wants)
{
	return wants->files_left > 0 && wants->bytes_left > 0;
}

static void document_view(struct exchange *ex, const struct draft_files *files, const struct attachment_want *want,
	const struct attachment_earlier *earlier, size_t count, struct view_files_show_documents *row)
{
	struct view_files_show_documents_files *rows = arena_array(ex->cx.arena, struct view_files_show_documents_files, want->count);

	for (size_t i = 0; i < want->count; i++)
		file_view(ex, files, want->files[i], &rows[i].file);
	*row = (struct view_files_show_documents){
		.id = want->id,
		.label = want->document ? view_label(ex, &want->document->label) : view_plain(ex, want->id),
		.official = want->document ? view_official(ex, &want->document->label) : html_none(),
		.hint = want->document && want->document->hint.lang[LANG_JA].n > 0 ? view_label(ex, &want->document->hint) : html_none(),
		.expected = want->asked && want->expected,
		.optional = want->asked && !want->expected,
		.not_asked = !want->asked,
		.full = want->asked && want->full,
		.class_name = file_state_class(want->state),
		.state = file_state_msg(want->state),
		.files = rows,
		.files_count = want->count,
		.can_add = want->asked && !want->full && has_room(&files->wants),
	};
	if (!row->can_add)
		return;
	row->add = form_of(ex, files, want);
	earlier_view(ex, files, earlier, count, want->id, &row->earlier);
}

static void photo_row(struct exchange *ex, const struct draft_files *files, const struct attachment_want *want, struct view_files_show *view)
{
	view->photo = true;
	view->photo_class = file_state_class(want->state);
	view->photo_state = file_state_msg(want->state);
	for (size_t i = 0; i < want->count; i++)
		view->photo_words = file_words(ex, &files->list, want->files[i]);
}

err files_page(struct exchange *ex, int status, const struct draft_files *files, const struct refusal *refusal, struct str document)
{
	const struct attachment_wants *wants = &files->wants;
	struct attachment_earlier *earlier;
	size_t count;
	VEC(struct view_files_show_documents) rows = {0};

	TRY(attachment_earlier(&ex->cx, &earlier, &count));
	struct view_files_show view = {
		.id = id_text(ex, files->draft.id),
		.title = view_label(ex, &files->draft.procedure->title),
		.asked = wants->asked,
		.left = room_left(ex, wants),
		.photo_words = html_none(),
	};

	for (size_t i = 0; i < wants->n; i++) {
		const struct attachment_want *want = &wants->v[i];

		if (str_eq(want->id, STR(PHOTO_DOCUMENT)))
			photo_row(ex, files, want, &view);
		else
			document_view(ex, files, want, earlier, count, vec_add(ex->cx.arena, &rows));
	}
	view.documents = rows.v;
	view.documents_count = rows.n;
	errors_view(ex, files, refusal, document, &view.errors);
	ex->refresh = is_checking(files);
	ex->back = url_id(ex->cx.arena, ROUTE_files_show, files->draft.id);
	return PAGE(ex, status, MSG_attach_title, files_show, &view);
}

err page_files_show(struct exchange *ex)
{
	struct draft_files files;

	TRY(draft_files_find(ex, &files));
	if (card_is_first(&files.draft))
		return card_lead(ex, &files.draft);
	return files_page(ex, 200, &files, NULL, STR(""));
}

err photo_page(struct exchange *ex, int status, const struct draft_files *files, const struct refusal *refusal)
{
	const struct attachment_wants *wants = &files->wants;
	const struct attachment_want *want = wants->photo_asked ? &wants->v[0] : NULL;
	struct attachment_earlier *earlier;
	size_t count;
	VEC(struct view_photo_show_files) rows = {0};

	TRY(attachment_earlier(&ex->cx, &earlier, &count));
	struct view_photo_show view = {
		.id = id_text(ex, files->draft.id),
		.title = view_label(ex, &files->draft.procedure->title),
		.asked = want != NULL,
		.left = room_left(ex, wants),
		.skipped = want && want->state == ATTACHMENT_NOT_NEEDED,
		.can_skip = want && (want->may_skip || want->state == ATTACHMENT_NOT_NEEDED),
	};

	for (size_t i = 0; want && i < want->count; i++)
		if (want->files[i]->state != ATTACHMENT_NOT_NEEDED)
			file_view(ex, files, want->files[i], &vec_add(ex->cx.arena, &rows)->file);
	view.files = rows.v;
	view.files_count = rows.n;
	if (want) {
		view.add = form_of(ex, files, want);
		earlier_view(ex, files, earlier, count, want->id, &view.earlier);
	}
	errors_view(ex, files, refusal, STR(PHOTO_DOCUMENT), &view.errors);
	ex->refresh = is_checking(files);
	ex->back = url_id(ex->cx.arena, ROUTE_photo_show, files->draft.id);
	return PAGE(ex, status, MSG_attach_photo_title, photo_show, &view);
}

err page_photo_show(struct exchange *ex)
{
	struct draft_files files;

	TRY(draft_files_find(ex, &files));
	if (card_is_first(&files.draft))
		return card_lead(ex, &files.draft);
	return photo_page(ex, 200, &files, NULL);
}

err page_photo_skip(struct exchange *ex)
{
	struct str skip = exchange_field(ex, "skip");
	int64_t draft_id;

	TRY(exchange_path_id(ex, 0, &draft_id));
	if (!str_eq(skip, STR("yes")) && !str_eq(skip, STR("no")))
		return fail(ERR_INVALID, "neither yes nor no");
	TRY(attachment_photo_skip(&ex->cx, draft_id, str_eq(skip, STR("yes"))));
	return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_photo_show, draft_id));
}

/* Back to where the file stood. */
static err show_document(struct exchange *ex, int64_t draft_id, struct str document)
{
	bool photo = str_eq(document, STR(PHOTO_DOCUMENT));
	struct str page = url_id(ex->cx.arena, photo ? ROUTE_photo_show : ROUTE_files_show, draft_id);

	return exchange_redirect(ex, str_fmt(ex->cx.arena, STR_FMT "#document-" STR_FMT, STR_ARG(page), STR_ARG(document)));
}

err page_file_delete(struct exchange *ex)
{
	struct attachment file;
	int64_t draft_id, id;

	TRY(exchange_path_id(ex, 0, &draft_id));
	TRY(exchange_path_id(ex, 1, &id));
	TRY(attachment_require(&ex->cx, draft_id, id, &file));
	TRY(attachment_delete(&ex->cx, draft_id, id));
	if (ex->web->conf.files)
		files_forget(ex->web->conf.files, file.account_id, id);
	return show_document(ex, draft_id, file.document);
}

err page_file_again(struct exchange *ex)
{
	struct attachment_earlier *earlier;
	struct attachment_begun begun;
	struct draft_files files;
	size_t count, i = 0;
	int64_t from = 0;

	TRY(draft_files_find(ex, &files));
	if (!ex->web->conf.files)
		return fail(ERR_UNAVAILABLE, "no files are taken here");
	TRY(attachment_earlier(&ex->cx, &earlier, &count));
	(void)str_to_i64(exchange_field(ex, "from"), &from);
	while (i < count && earlier[i].attachment.id != from)
		i++;
	if (i == count)
		return fail(ERR_NOT_FOUND, "no such file of an earlier application");
	struct str document = earlier[i].attachment.document;

	TRY(files_again(ex->web->conf.files, &ex->cx, files.draft.id, &earlier[i], &begun));
	if (begun.refusal == ATTACHMENT_TAKEN)
		return show_document(ex, files.draft.id, document);
	struct refusal refusal = {.refusal = begun.refusal, .detail = begun.detail, .name = earlier[i].attachment.name};

	return str_eq(document, STR(PHOTO_DOCUMENT)) ? photo_page(ex, 409, &files, &refusal) : files_page(ex, 409, &files, &refusal, document);
}

#include "base/limits.h"
#include "base/vec.h"
#include "domain/attachment/attachment_page.h"
#include "files/files.h"
#include "web/card_step.h"
#include "web/files_view.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

/* `Attachment` and the facial photo (manual 4.2.7, 4.2.8): what is wanted, what is there, one form for each document. */

void files_errors_view(struct exchange *ex, const struct draft_files *files, const struct refusal *refusal, struct str document,
	struct view_part_errors *out)
{
	struct view_part_errors_issues *row = arena_new(ex->cx.arena, struct view_part_errors_issues);

	if (!refusal)
		return;
	row->href = str_fmt(ex->cx.arena, "#file-of-" STR_FMT, STR_ARG(document));
	row->text = view_plain(ex, refusal_plain(ex, files->draft.procedure, refusal));
	*out = (struct view_part_errors){.any = true, .issues = row, .issues_count = 1};
}

bool files_are_checked(const struct draft_files *files)
{
	for (size_t i = 0; i < files->list.n; i++)
		if (files->list.v[i].state == ATTACHMENT_CHECKING)
			return true;
	for (size_t i = 0; i < files->list.page_count; i++)
		if (files->list.pages[i].state == ATTACHMENT_CHECKING)
			return true;
	return false;
}

const struct attachment_want *files_want_find(const struct draft_files *files, struct str document)
{
	for (size_t i = 0; i < files->wants.n; i++)
		if (files->wants.v[i].asked && str_eq(files->wants.v[i].id, document))
			return &files->wants.v[i];
	return NULL;
}

struct view_part_file_form file_form_of(struct exchange *ex, const struct draft_files *files, const struct attachment_want *want, bool many)
{
	return (struct view_part_file_form){
		.draft = file_id_text(ex, files->draft.id),
		.document = want->id,
		.accept = want->document ? STR("application/pdf,.pdf") : STR("image/jpeg,.jpg,.jpeg"),
		.plain = want->document ? view_label_plain(ex, &want->document->label) : ex->page.locale->plain[MSG_attach_photo],
		.many = many,
	};
}

bool files_have_room(const struct attachment_wants *wants)
{
	return wants->files_left > 0 && wants->bytes_left > 0;
}

struct view_part_files_script files_script_of(struct exchange *ex, const struct draft_files *files, bool camera)
{
	VEC(struct view_part_files_script_choices) choices = {0};
	const struct str *plain = ex->page.locale->plain;

	for (size_t i = 0; i < files->wants.n && !camera; i++) {
		const struct attachment_want *want = &files->wants.v[i];

		if (want->asked && want->document && !want->full)
			*vec_add(ex->cx.arena, &choices) =
				(struct view_part_files_script_choices){want->id, view_label_plain(ex, &want->document->label)};
	}
	return (struct view_part_files_script){
		.upload = url_id(ex->cx.arena, ROUTE_upload_create, files->draft.id),
		.camera = camera,
		.waiting = plain[MSG_files_waiting],
		.failed = plain[MSG_files_failed],
		.begun = plain[MSG_files_begun],
		.resumed = plain[MSG_files_resumed],
		.cancelled = plain[MSG_files_cancelled],
		.far = plain[MSG_files_far],
		.choices = choices.v,
		.choices_count = choices.n,
	};
}

static void document_view(struct exchange *ex, const struct draft_files *files, const struct attachment_want *want, const struct files_earlier *earlier,
	struct view_files_show_documents *row)
{
	size_t pages;

	struct view_files_show_documents_files *rows = arena_array(ex->cx.arena, struct view_files_show_documents_files, want->count);

	for (size_t i = 0; i < want->count; i++)
		file_view(ex, files, want->files[i], &rows[i].file);
	*row = (struct view_files_show_documents){
		.draft = file_id_text(ex, files->draft.id),
		.id = want->id,
		.plain = want->document ? view_label_plain(ex, &want->document->label) : want->id,
		.label = want->document ? view_label(ex, &want->document->label) : view_plain(ex, want->id),
		.official = want->document ? view_official(ex, &want->document->label) : html_none(),
		.hint = want->document && text_form(&want->document->hint, LANG_JA, TEXT_WORDS).n > 0 ? view_label(ex, &want->document->hint) : html_none(),
		.expected = want->asked && want->expected,
		.optional = want->asked && !want->expected && !want->by_tax,
		.by_tax = want->by_tax,
		.not_asked = !want->asked,
		.full = want->asked && want->full,
		.class_name = file_state_class(want->state),
		.state = file_state_msg(want->state),
		.files = rows,
		.files_count = want->count,
		.can_add = want->asked && !want->full && files_have_room(&files->wants),
	};
	attachment_pages(ex->cx.arena, &files->list, want->id, &pages);
	row->pages = (int64_t)pages;
	if (!row->can_add)
		return;
	row->add = file_form_of(ex, files, want, want->document && want->document->files != 1);
	row->earlier = (int64_t)files_earlier_of(ex, files, earlier, want->id).n;
}

static void photo_row(struct exchange *ex, const struct draft_files *files, const struct attachment_want *want, struct view_files_show *view)
{
	view->photo = true;
	view->photo_class = file_state_class(want->state);
	view->photo_state = file_state_msg(want->state);
	for (size_t i = 0; i < want->count; i++) {
		const struct attachment *file = want->files[i];

		view->photo_words = file_words(ex, &files->list, file);
		if (file->thumbnail.blob.n == 0)
			continue;
		view->photo_picture = true;
		view->picture = url_2(ex->cx.arena, ROUTE_file_picture, file_id_text(ex, files->draft.id), file_id_text(ex, file->id));
		view->wide = file->thumbnail.width;
		view->high = file->thumbnail.height;
	}
}

err files_page(struct exchange *ex, int status, const struct draft_files *files, const struct refusal *refusal, struct str document)
{
	const struct attachment_wants *wants = &files->wants;
	VEC(struct view_files_show_documents) rows = {0};
	struct files_earlier earlier;

	TRY(attachment_earlier(&ex->cx, &earlier.v, &earlier.n));
	struct view_files_show view = {
		.id = file_id_text(ex, files->draft.id),
		.title = view_label(ex, &files->draft.procedure->title),
		.asked = wants->n > 0,
		.never = !wants->asked,
		.left = room_left(ex, wants),
		.photo_words = html_none(),
	};

	for (size_t i = 0; i < wants->n; i++) {
		const struct attachment_want *want = &wants->v[i];

		if (str_eq(want->id, STR(PHOTO_DOCUMENT)))
			photo_row(ex, files, want, &view);
		else
			document_view(ex, files, want, &earlier, vec_add(ex->cx.arena, &rows));
	}
	view.script = files_script_of(ex, files, false);
	view.documents = rows.v;
	view.documents_count = rows.n;
	files_errors_view(ex, files, refusal, document, &view.errors);
	ex->refresh = files_are_checked(files);
	ex->back = url_id(ex->cx.arena, ROUTE_files_show, files->draft.id);
	return PAGE(ex, status, MSG_attach_title, files_show, &view);
}

err page_files_show(struct exchange *ex)
{
	struct draft_files files;

	TRY(draft_files_find(ex, &files));
	if (card_is_first(&files.draft))
		return card_lead(ex, &files.draft);
	TRY(draft_files_tax(ex, &files));
	return files_page(ex, 200, &files, NULL, STR(""));
}

err files_show_document(struct exchange *ex, int64_t draft_id, struct str document, bool page)
{
	if (page)
		return exchange_redirect(ex, url_2(ex->cx.arena, ROUTE_pages_show, file_id_text(ex, draft_id), document));
	bool photo = str_eq(document, STR(PHOTO_DOCUMENT));
	struct str path = url_id(ex->cx.arena, photo ? ROUTE_photo_show : ROUTE_files_show, draft_id);

	return exchange_redirect(ex, str_fmt(ex->cx.arena, STR_FMT "#document-" STR_FMT, STR_ARG(path), STR_ARG(document)));
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
	return files_show_document(ex, draft_id, file.document, file.page != 0);
}

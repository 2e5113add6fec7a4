#include "domain/attachment/attachment_page.h"
#include "files/files.h"
#include "web/card_step.h"
#include "web/files_view.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

/* Pages of a document, taken with the camera of a phone: in order, and then one PDF of them. */

err pages_page(struct exchange *ex, int status, const struct draft_files *files, struct str document, const struct refusal *refusal)
{
	const struct attachment_want *want = files_want_find(files, document);
	struct str draft = file_id_text(ex, files->draft.id);
	size_t count, ready = 0;

	if (!want || !want->document)
		return fail(ERR_NOT_FOUND, "no document of pages");
	const struct attachment **pages = attachment_pages(ex->cx.arena, &files->list, want->id, &count);
	struct view_pages_show_pages *rows = arena_array(ex->cx.arena, struct view_pages_show_pages, count);

	for (size_t i = 0; i < count; i++) {
		rows[i] = (struct view_pages_show_pages){
			.id = file_id_text(ex, pages[i]->id),
			.number = (int64_t)i + 1,
			.up = i > 0,
			.down = i + 1 < count,
		};
		file_view(ex, files, pages[i], &rows[i].file);
		ready += pages[i]->state == ATTACHMENT_OK;
	}
	struct view_pages_show view = {
		.id = draft,
		.document = want->id,
		.label = view_label(ex, &want->document->label),
		.pages = rows,
		.pages_count = count,
		.ready = (int64_t)ready,
		.can_add = !want->full,
		.script = files_script_of(ex, files, true),
	};

	files_errors_view(ex, files, refusal, want->id, &view.errors);
	ex->refresh = files_are_checked(files);
	ex->back = url_2(ex->cx.arena, ROUTE_pages_show, draft, want->id);
	return PAGE(ex, status, MSG_attach_pages_title, pages_show, &view);
}

err page_pages_show(struct exchange *ex)
{
	struct draft_files files;

	TRY(draft_files_find(ex, &files));
	if (card_is_first(&files.draft))
		return card_lead(ex, &files.draft);
	return pages_page(ex, 200, &files, exchange_path(ex, 1), NULL);
}

err page_pages_move(struct exchange *ex)
{
	struct str up = exchange_field(ex, "up"), down = exchange_field(ex, "down");
	int64_t draft_id, id = 0;
	struct draft draft;

	TRY(exchange_path_id(ex, 0, &draft_id));
	if (!str_to_i64(str_absent(up) ? down : up, &id)) {
		TRY(draft_require(&ex->cx, draft_id, &draft)); /* of others' drafts nothing is said, not even what was wrong */
		return fail(ERR_INVALID, "neither up nor down");
	}
	TRY(attachment_page_move(&ex->cx, draft_id, id, str_absent(up) ? 1 : -1));
	return files_show_document(ex, draft_id, exchange_path(ex, 1), true);
}

err page_pages_make(struct exchange *ex)
{
	struct draft_files files;
	struct attachment_begun begun;

	TRY(draft_files_find(ex, &files));
	const struct attachment_want *want = files_want_find(&files, exchange_path(ex, 1));

	if (!want || !want->document)
		return fail(ERR_NOT_FOUND, "no document of pages");
	if (!ex->web->conf.files)
		return fail(ERR_UNAVAILABLE, "no files are taken here");
	struct str name = str_fmt(ex->cx.arena, STR_FMT ".pdf", STR_ARG(view_label_plain(ex, &want->document->label)));

	TRY(files_pages(ex->web->conf.files, &ex->cx, files.draft.id, want->id, name, &files.list, &begun));
	if (begun.refusal == ATTACHMENT_TAKEN)
		return files_show_document(ex, files.draft.id, want->id, false);
	struct refusal refusal = {.refusal = begun.refusal, .detail = begun.detail, .name = name, .no_file = begun.refusal == ATTACHMENT_EMPTY};

	TRY(draft_files_find(ex, &files));
	return pages_page(ex, 409, &files, want->id, &refusal);
}

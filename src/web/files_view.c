#include "web/files_view.h"

#include "base/limits.h"
#include "base/vec.h"
#include "domain/identity/tax.h"
#include "web/form_view.h"
#include "web/url.h"
#include "web/view_text.h"

/* Files on the pages of a draft and of an application: the task, the confirmation, the details, paper. */

err draft_files_bare(struct exchange *ex, const struct draft *draft, struct draft_files *out)
{
	out->draft = *draft;
	out->scope = form_scope_of(ex, draft->procedure, &out->draft.answers);
	TRY(attachment_list(&ex->cx, draft->id, &out->list));
	attachment_wants(ex->cx.arena, &out->scope, &out->list, &out->wants);
	return ok();
}

err draft_files_tax(struct exchange *ex, struct draft_files *files)
{
	TRY(tax_is_attached(&ex->cx, &files->draft, &files->list.tax));
	if (files->list.tax)
		attachment_wants(ex->cx.arena, &files->scope, &files->list, &files->wants);
	return ok();
}

err draft_files_of(struct exchange *ex, const struct draft *draft, struct draft_files *out)
{
	TRY(draft_files_bare(ex, draft, out));
	return draft_files_tax(ex, out);
}

err draft_files_find(struct exchange *ex, struct draft_files *out)
{
	struct draft draft;
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	TRY(draft_require(&ex->cx, id, &draft));
	return draft_files_bare(ex, &draft, out);
}

struct str file_id_text(struct exchange *ex, int64_t id)
{
	return str_fmt(ex->cx.arena, "%lld", (long long)id);
}

void file_view(struct exchange *ex, const struct draft_files *files, const struct attachment *file, struct view_part_file *out)
{
	struct str draft = file_id_text(ex, files->draft.id);
	struct str id = file_id_text(ex, file->id);

	*out = (struct view_part_file){
		.name = file->name,
		.class_name = file_state_class(file->state),
		.state = file_state_msg(file->state),
		.words = file_words(ex, &files->list, file),
		.ok = file->state == ATTACHMENT_OK,
		.pages = file->photo ? 0 : file->pages,
		.size = file_size_text(ex, file->size),
		.draft = draft,
		.id = id,
		.has_view = file->state == ATTACHMENT_OK,
		.get = url_2(ex->cx.arena, ROUTE_file_get, draft, id),
		.can_delete = true,
		.waiting = file->state != ATTACHMENT_PROBLEM,
		.has_picture = file->thumbnail.blob.n > 0,
		.picture = url_2(ex->cx.arena, ROUTE_file_picture, draft, id),
		.wide = file->thumbnail.width,
		.high = file->thumbnail.height,
		.coming = file->state == ATTACHMENT_UPLOADING && file->resumable,
		.upload = url_2(ex->cx.arena, ROUTE_upload_state, draft, id),
		.bytes = file->size,
		.problem = file->state == ATTACHMENT_PROBLEM,
	};
}

/* The worst of all that is asked; a document that is not there is no matter of the task, a photo is. */
static enum attachment_state task_state(const struct attachment_wants *wants)
{
	enum attachment_state worst = ATTACHMENT_OK;
	bool any = false;

	for (size_t i = 0; i < wants->n; i++) {
		const struct attachment_want *want = &wants->v[i];

		any |= want->count > 0;
		if (want->state == ATTACHMENT_PROBLEM)
			return ATTACHMENT_PROBLEM;
		if (want->state == ATTACHMENT_UPLOADING || want->state == ATTACHMENT_CHECKING)
			worst = want->state;
		else if (want->state == ATTACHMENT_MISSING && worst == ATTACHMENT_OK && want->asked && want->expected)
			worst = ATTACHMENT_MISSING;
	}
	return any ? worst : ATTACHMENT_MISSING;
}

void files_task_view(struct exchange *ex, const struct draft_files *files, struct view_part_files_task *out)
{
	*out = (struct view_part_files_task){0};
	if (files->wants.n == 0)
		return;
	enum attachment_state state = task_state(&files->wants);

	*out = (struct view_part_files_task){
		.any = true,
		.photo = files->wants.photo_asked,
		.url = url_id(ex->cx.arena, ROUTE_files_show, files->draft.id),
		.state = file_state_msg(state),
		.class_name = file_state_class(state),
		.count = files->list.files,
	};
}

/* "3 pages · 2.4 MB" */
static struct str facts_of(struct exchange *ex, const struct attachment *file)
{
	const struct msg_arg arg = {STR("count"), str_fmt(ex->cx.arena, "%lld", (long long)file->pages)};

	if (file->state == ATTACHMENT_NOT_NEEDED)
		return STR("");
	if (file->photo || file->pages == 0)
		return file_size_text(ex, file->size);
	return str_fmt(ex->cx.arena, STR_FMT " · " STR_FMT, STR_ARG(msg_text(ex->cx.arena, ex->page.locale, MSG_attach_pages, &arg, 1)),
		STR_ARG(file_size_text(ex, file->size)));
}

static const struct text *label_of(const struct procedure *procedure, const struct attachment *file)
{
	const struct document *document = procedure && !file->photo ? procedure_document(procedure, file->document) : NULL;

	return document ? &document->label : NULL;
}

typedef VEC(struct view_part_files_rows) rows_list;

static struct view_part_files_rows *row_add(struct exchange *ex, rows_list *rows, const struct procedure *procedure, const struct attachment *file)
{
	struct view_part_files_rows *row = vec_add(ex->cx.arena, rows);
	const struct text *label = label_of(procedure, file);

	*row = (struct view_part_files_rows){
		.label = file->photo ? view_msg(ex, MSG_attach_photo) : label ? view_label(ex, label) : view_plain(ex, file->document),
		.official = label ? view_official(ex, label) : html_none(),
		.name = file->state == ATTACHMENT_NOT_NEEDED ? ex->page.locale->plain[MSG_attach_state_not_needed] : file->name,
		.facts = facts_of(ex, file),
		.has_picture = file->thumbnail.blob.n > 0,
		.wide = file->thumbnail.width,
		.high = file->thumbnail.height,
	};
	return row;
}

err files_draft_view(struct exchange *ex, const struct draft_files *files, struct view_part_files *out)
{
	rows_list rows = {0};
	struct str draft = file_id_text(ex, files->draft.id);

	*out = (struct view_part_files){0};
	if (files->wants.n == 0)
		return ok();
	for (size_t i = 0; i < files->list.n; i++) {
		const struct attachment *file = &files->list.v[i];
		struct view_part_files_rows *row = row_add(ex, &rows, files->draft.procedure, file);

		row->has_view = file->state == ATTACHMENT_OK;
		row->get = url_2(ex->cx.arena, ROUTE_file_get, draft, file_id_text(ex, file->id));
		row->picture = url_2(ex->cx.arena, ROUTE_file_picture, draft, file_id_text(ex, file->id));
		row->state = row->has_view || file->state == ATTACHMENT_NOT_NEEDED ? MSG_NONE : file_state_msg(file->state);
	}
	*out = (struct view_part_files){
		.any = true,
		.none = rows.n == 0,
		.rows = rows.v,
		.rows_count = rows.n,
		.has_change = true,
		.change = url_id(ex->cx.arena, ROUTE_files_show, files->draft.id),
	};
	return ok();
}

err files_application_view(struct exchange *ex, const struct application *application, struct view_part_files *out)
{
	const struct receipt *receipt = &application->receipt;
	struct attachments list;
	rows_list rows = {0};

	*out = (struct view_part_files){0};
	TRY(attachment_list_of(&ex->cx, application->account_id, application->id, &list));
	for (size_t i = 0; i < list.n; i++) {
		const struct attachment *file = &list.v[i];
		struct view_part_files_rows *row = row_add(ex, &rows, receipt->procedure, file);

		row->has_view = file->state == ATTACHMENT_OK && !list.shut;
		row->has_picture = row->has_picture && !list.shut;
		row->state = file->state == ATTACHMENT_OK && list.shut ? MSG_attach_state_shut : MSG_NONE;
		row->digest = file->kept_digest;
		row->get = url_2(ex->cx.arena, ROUTE_application_file, receipt->reference, file_id_text(ex, file->id));
		row->picture = url_2(ex->cx.arena, ROUTE_application_picture, receipt->reference, file_id_text(ex, file->id));
	}
	*out = (struct view_part_files){
		.any = rows.n > 0 || (receipt->procedure && receipt->procedure->files_most > 0),
		.none = rows.n == 0,
		.rows = rows.v,
		.rows_count = rows.n,
	};
	return ok();
}

err files_application_lines(struct exchange *ex, const struct application *application, struct file_line **out, size_t *count)
{
	struct attachments list;

	TRY(attachment_list_of(&ex->cx, application->account_id, application->id, &list));
	struct file_line *lines = arena_array(ex->cx.arena, struct file_line, list.n);

	for (size_t i = 0; i < list.n; i++) {
		const struct attachment *file = &list.v[i];
		const struct text *label = label_of(application->receipt.procedure, file);

		lines[i].label = file->photo ? ex->page.locale->plain[MSG_attach_photo] : label ? view_label_plain(ex, label) : file->document;
		lines[i].value = file->state == ATTACHMENT_NOT_NEEDED
					 ? ex->page.locale->plain[MSG_attach_state_not_needed]
					 : str_fmt(ex->cx.arena, STR_FMT "\n" STR_FMT "\nSHA-256 " STR_FMT, STR_ARG(file->name),
						   STR_ARG(facts_of(ex, file)), STR_ARG(file->kept_digest));
	}
	*out = lines;
	*count = list.n;
	return ok();
}

#include "base/time.h"
#include "base/vec.h"
#include "domain/application.h"
#include "domain/draft.h"
#include "domain/office.h"
#include "domain/portal.h"
#include "render/templates.h"
#include "web/form_view.h"
#include "web/input_view.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"

/* A draft as a whole: the list of its parts, the confirmation, the last question before applying, and its end. */

static err find(struct exchange *ex, struct draft *out, struct form_scope *scope)
{
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	TRY(draft_require(&ex->cx, id, out));
	*scope = form_scope_of(ex, out->procedure, &out->answers);
	return ok();
}

err page_draft_show(struct exchange *ex)
{
	struct draft draft;
	struct form_scope scope;
	VEC(struct view_draft_show_sections) rows = {0};

	TRY(find(ex, &draft, &scope));
	struct view_draft_show view = {
		.id = exchange_path(ex, 0),
		.title = view_label(ex, &draft.procedure->title),
		.official = view_official(ex, &draft.procedure->title),
		.saved = draft.saved_at,
		.until = time_date(draft.expires_at),
		.changed = draft.outdated,
	};

	for (size_t s = 0; s < draft.procedure->section_count; s++) {
		const struct section *section = draft.procedure->sections[s];

		if (!form_section_shown(&scope, section))
			continue;
		enum section_state state = draft_section_state(ex, &scope, &draft, section);
		struct view_draft_show_sections *row = vec_add(ex->cx.arena, &rows);

		row->url = url_id_str(ex->cx.arena, ROUTE_section_show, draft.id, section->id);
		row->title = view_label(ex, &section->title);
		row->state = section_state_msg(state);
		row->class_name = section_state_class(state);
		view.done += state == SECTION_DONE;
	}
	view.total = (int64_t)rows.n;
	view.sections = rows.v;
	view.sections_count = rows.n;
	return PAGE(ex, 200, MSG_draft_title, draft_show, &view);
}

static void warnings_view(struct exchange *ex, const struct issues *issues, struct view_draft_confirm *view)
{
	VEC(struct view_draft_confirm_warnings) rows = {0};

	for (size_t i = 0; i < issues->n; i++) {
		if (!issues->v[i].warning)
			continue;
		struct view_draft_confirm_warnings *row = vec_add(ex->cx.arena, &rows);

		row->text = issue_html(ex, &issues->v[i]);
	}
	view->warnings = rows.v;
	view->warnings_count = rows.n;
}

/* Each answer with a way to change it that leads back here. */
static void confirm_row(struct exchange *ex, const struct draft *draft, const struct answer_row *from,
	struct view_draft_confirm_sections_rows *row)
{
	row->no = from->field->no;
	row->label = view_label(ex, &from->field->label);
	row->official = view_official(ex, &from->field->label);
	row->plain = view_label_plain(ex, &from->field->label);
	row->value = from->value;
	row->given = !str_empty(from->value);
	row->url = str_fmt(ex->cx.arena, STR_FMT "?back=confirm#" STR_FMT,
		STR_ARG(url_id_str(ex->cx.arena, ROUTE_section_show, draft->id, from->section->id)), STR_ARG(from->path));
}

static void sections_view(struct exchange *ex, const struct form_scope *scope, const struct draft *draft,
	struct view_draft_confirm *view)
{
	struct answer_row *answers;
	size_t count;
	VEC(struct view_draft_confirm_sections) sections = {0};

	answer_rows(ex, scope, &answers, &count);
	struct view_draft_confirm_sections_rows *rows =
		arena_array(ex->cx.arena, struct view_draft_confirm_sections_rows, count);

	for (size_t i = 0; i < count; i++) {
		confirm_row(ex, draft, &answers[i], &rows[i]);
		if (i == 0 || answers[i].section != answers[i - 1].section) {
			struct view_draft_confirm_sections *section = vec_add(ex->cx.arena, &sections);

			section->title = view_label(ex, &answers[i].section->title);
			section->rows = &rows[i];
		}
		sections.v[sections.n - 1].rows_count++;
	}
	view->sections = sections.v;
	view->sections_count = sections.n;
}

err page_draft_confirm(struct exchange *ex)
{
	struct draft draft;
	struct form_scope scope;
	struct issues issues = {0};

	TRY(find(ex, &draft, &scope));
	form_check(&scope, ex->cx.arena, NULL, &issues);
	struct view_draft_confirm view = {
		.id = exchange_path(ex, 0),
		.title = view_label(ex, &draft.procedure->title),
		.ready = issues.refusals == 0,
	};

	parts_view(ex, &scope, &draft, (struct str){0}, &view.parts);
	issues_view(ex, &scope, &issues, draft.id, &view.errors);
	warnings_view(ex, &issues, &view);
	sections_view(ex, &scope, &draft, &view);
	return PAGE(ex, 200, MSG_confirm_title, draft_confirm, &view);
}

/* The dialog of the manual's step 16, as a page. */
err page_draft_apply(struct exchange *ex)
{
	struct draft draft;
	struct form_scope scope;
	struct issues issues = {0};

	TRY(find(ex, &draft, &scope));
	form_check(&scope, ex->cx.arena, NULL, &issues);
	if (issues.refusals > 0)
		return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_draft_confirm, draft.id));
	struct view_draft_apply view = {
		.id = exchange_path(ex, 0),
		.title = view_label(ex, &draft.procedure->title),
		.token = draft.submission_token,
	};

	return PAGE(ex, 200, MSG_apply_title, draft_apply, &view);
}

err page_draft_delete_ask(struct exchange *ex)
{
	struct draft draft;
	struct form_scope scope;

	TRY(find(ex, &draft, &scope));
	struct view_draft_delete view = {
		.id = exchange_path(ex, 0),
		.title = view_label(ex, &draft.procedure->title),
		.saved = draft.saved_at,
	};

	return PAGE(ex, 200, MSG_draft_delete_title, draft_delete, &view);
}

err page_draft_delete(struct exchange *ex)
{
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	TRY(draft_delete(&ex->cx, id));
	return exchange_redirect(ex, url_route(ex->cx.arena, ROUTE_account_show, NULL, 0));
}

#include "base/time.h"
#include "base/vec.h"
#include "domain/application/amend.h"
#include "domain/application/application.h"
#include "domain/application/draft.h"
#include "domain/identity/identity.h"
#include "domain/application/lookup.h"
#include "domain/definition/office.h"
#include "domain/portal.h"
#include "files/files.h"
#include "render/templates.h"
#include "web/card_step.h"
#include "web/files_view.h"
#include "web/fee_view.h"
#include "web/form_view.h"
#include "web/input_view.h"
#include "web/japanese.h"
#include "web/page.h"
#include "web/tax_view.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

/* A draft as a whole: the list of its parts, the confirmation, the last question before applying, and its end. */

static err find(struct exchange *ex, struct draft *out, struct form_scope *scope)
{
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	TRY(draft_require(&ex->cx, id, out));
	*scope = form_scope_of(ex, out->procedure, &out->answers);
	return ok();
}

/* Why it was sent back. */
static err amend_note(struct exchange *ex, const struct draft *draft, struct view_draft_show *view)
{
	struct application application;

	TRY(amend_application(&ex->cx, draft, &application));
	view->amends = true;
	view->note = str_empty(application.note) ? html_none() : japanese_value(ex, application.note);
	return ok();
}

err page_draft_show(struct exchange *ex)
{
	struct draft draft;
	struct form_scope scope;
	VEC(struct view_draft_show_sections) rows = {0};
	struct section_look looks[LIMIT_SECTIONS];
	struct draft_files files;

	TRY(find(ex, &draft, &scope));
	if (card_is_first(&draft))
		return card_lead(ex, &draft);
	struct view_draft_show view = {
		.id = exchange_path(ex, 0),
		.title = view_label(ex, &draft.procedure->title),
		.official = view_official(ex, &draft.procedure->title),
		.saved = draft.saved_at,
		.until = time_date(draft.expires_at),
		.changed = draft.outdated,
	};

	form_sections(&scope, ex->cx.arena, looks);
	for (size_t s = 0; s < draft.procedure->section_count; s++) {
		const struct section *section = draft.procedure->sections[s];

		if (!looks[section->index].shown)
			continue;
		enum section_state state = draft_section_state(&draft, section, looks[section->index].state);
		struct view_draft_show_sections *row = vec_add(ex->cx.arena, &rows);

		row->url = url_id_str(ex->cx.arena, ROUTE_section_show, draft.id, section->id);
		row->title = view_label(ex, &section->title);
		row->state = section_state_msg(state);
		row->class_name = section_state_class(state);
		view.done += state == SECTION_DONE;
	}
	/* Where no tax information is got, this page does not ask about it. */
	TRY(idv_way_on(&ex->cx, IDV_SELFINFO) ? draft_files_of(ex, &draft, &files) : draft_files_bare(ex, &draft, &files));
	files_task_view(ex, &files, &view.files);
	if (draft.application_id != 0)
		TRY(amend_note(ex, &draft, &view));
	tax_task_view(ex, &draft, files.list.tax, &view.tax);
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

		row->place = issue_place(ex, &issues->v[i]);
		row->text = issue_html(ex, &issues->v[i]);
	}
	view->warnings = rows.v;
	view->warnings_count = rows.n;
}

err page_draft_confirm(struct exchange *ex)
{
	struct draft draft;
	struct form_scope scope;
	struct issues issues = {0};
	struct draft_files files;

	TRY(find(ex, &draft, &scope));
	if (card_is_first(&draft))
		return card_lead(ex, &draft);
	form_check(&scope, ex->cx.arena, NULL, &issues);
	TRY(lookup_check(&ex->cx, &scope, NULL, &issues));
	TRY(draft_files_of(ex, &draft, &files));
	attachment_check(ex->cx.arena, ex->page.locale, &files.wants, &issues);
	struct view_draft_confirm view = {
		.id = exchange_path(ex, 0),
		.title = view_label(ex, &draft.procedure->title),
		.ready = issues.refusals == 0,
	};

	parts_view(ex, &scope, &draft, (struct str){0}, &view.parts);
	issues_view(ex, &issues, draft.id, &view.errors);
	warnings_view(ex, &issues, &view);
	answers_view(ex, &scope, draft.id, &view.answers);
	TRY(files_draft_view(ex, &files, &view.files));
	fees_due_view(ex, draft.procedure, scope.answers, time_date(ex->cx.now), &view.fees);
	TRY(tax_draft_view(ex, &draft, files.list.tax, &view.tax));
	return PAGE(ex, 200, MSG_confirm_title, draft_confirm, &view);
}

/* The dialog of the manual's step 16, as a page. */
err page_draft_apply(struct exchange *ex)
{
	struct draft draft;
	struct form_scope scope;
	struct issues issues = {0};
	struct draft_files files;

	TRY(find(ex, &draft, &scope));
	if (card_is_first(&draft))
		return card_lead(ex, &draft);
	if (draft.outdated)
		return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_draft_changes, draft.id));
	form_check(&scope, ex->cx.arena, NULL, &issues);
	TRY(lookup_check(&ex->cx, &scope, NULL, &issues));
	TRY(draft_files_bare(ex, &draft, &files));
	attachment_check(ex->cx.arena, ex->page.locale, &files.wants, &issues);
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
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	TRY(draft_head(&ex->cx, id, &draft)); /* above all of one that does not open */
	struct view_draft_delete view = {
		.id = exchange_path(ex, 0),
		.title = view_label(ex, &draft.procedure->title),
		.saved = draft.saved_at,
	};

	return PAGE(ex, 200, MSG_draft_delete_title, draft_delete, &view);
}

err page_draft_delete(struct exchange *ex)
{
	struct attachment_gone gone;
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	TRY(draft_delete(&ex->cx, id, &gone));
	files_forget_all(ex->web->conf.files, &gone);
	return exchange_redirect(ex, url_route(ex->cx.arena, ROUTE_account_show, NULL, 0));
}

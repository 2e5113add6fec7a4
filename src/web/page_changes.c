#include "base/limits.h"
#include "base/vec.h"
#include "domain/application/amend.h"
#include "domain/application/draft.h"
#include "render/templates.h"
#include "web/form_view.h"
#include "web/japanese.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"

/* The form has changed since the draft was begun: what that means for this person, and the step over to the new one. */

struct lists {
	VEC(struct view_draft_changes_news) news;
	VEC(struct view_draft_changes_asked) asked;
	VEC(struct view_draft_changes_moved) moved;
	VEC(struct view_draft_changes_left) left;
};

/* Of a group its first row: there it begins. */
static struct str question_url(struct exchange *ex, const struct draft *draft, const struct field *field)
{
	return str_fmt(ex->cx.arena, STR_FMT "#" STR_FMT, STR_ARG(url_id_str(ex->cx.arena, ROUTE_section_show, draft->id, field->section->id)),
		STR_ARG(path_in_row(ex->cx.arena, field, 0)));
}

static bool answered(struct exchange *ex, const struct answers *answers, const struct field *field)
{
	if (field->type == FIELD_GROUP || field->group)
		return answers_rows(answers, field->group ? field->group : field) > 0;
	return !str_empty(answers_get(answers, path_in_row(ex->cx.arena, field, 0)));
}

static struct html answer_view(struct exchange *ex, const struct form_scope *before, const struct field *field)
{
	struct buf value;

	if (field->type == FIELD_GROUP)
		return html_none();
	buf_init(&value, ex->cx.arena, LIMIT_PAGE);
	answer_display(&value, before, ex->page.locale, field, 0, answers_get(before->answers, path_in_row(ex->cx.arena, field, 0)));
	return japanese_value(ex, buf_view(&value));
}

static void add_left(struct exchange *ex, const struct draft *draft, const struct draft_changes *changes, const struct field *field, struct lists *lists)
{
	struct form_scope before = form_scope_of(ex, changes->before, &draft->answers);

	if (!answered(ex, &draft->answers, field))
		return;
	vec_push(ex->cx.arena, &lists->left,
		((struct view_draft_changes_left){.label = view_label(ex, &field->label), .value = answer_view(ex, &before, field)}));
}

/* Only what concerns the person: asked of them now, and for what is not new, answered before. */
static void add_change(struct exchange *ex, const struct draft *draft, const struct draft_changes *changes, const struct form_scope *scope,
	const struct procedure_change *change, struct lists *lists)
{
	struct arena *arena = ex->cx.arena;
	const struct field *now = change->now;

	if (change->kind == CHANGE_LEFT) {
		add_left(ex, draft, changes, change->before, lists);
		return;
	}
	if (draft->procedure->amends && !amend_shows(draft->procedure, now))
		return; /* nobody may modify it here */
	if (!form_field_shown(scope, now, 0) || (change->kind != CHANGE_NEW && !answered(ex, &draft->answers, now)))
		return;
	struct str url = question_url(ex, draft, now);
	struct html label = view_label(ex, &now->label), section = view_label(ex, &now->section->title);

	if (change->kind == CHANGE_NEW)
		vec_push(arena, &lists->news, ((struct view_draft_changes_news){url, label, section}));
	else if (change->kind == CHANGE_ASKED)
		vec_push(arena, &lists->asked, ((struct view_draft_changes_asked){url, label, section}));
	else
		vec_push(arena, &lists->moved, ((struct view_draft_changes_moved){url, label, section}));
}

err page_draft_changes(struct exchange *ex)
{
	struct draft draft;
	struct draft_changes changes;
	struct lists lists = {0};
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	TRY(draft_require(&ex->cx, id, &draft));
	if (!draft.outdated)
		return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_draft_show, id));
	TRY(draft_changes(&ex->cx, &draft, &changes));
	struct form_scope scope = form_scope_of(ex, draft.procedure, &draft.answers);

	for (size_t i = 0; i < changes.n; i++)
		add_change(ex, &draft, &changes, &scope, &changes.v[i], &lists);
	struct view_draft_changes view = {
		.id = exchange_path(ex, 0),
		.title = view_label(ex, &draft.procedure->title),
		.since = changes.since,
		.known = changes.before != NULL,
		.unchanged = changes.before && lists.news.n + lists.asked.n + lists.moved.n + lists.left.n == 0,
		.news = lists.news.v,
		.news_count = lists.news.n,
		.asked = lists.asked.v,
		.asked_count = lists.asked.n,
		.moved = lists.moved.v,
		.moved_count = lists.moved.n,
		.left = lists.left.v,
		.left_count = lists.left.n,
	};

	return PAGE(ex, 200, MSG_changes_title, draft_changes, &view);
}

err page_draft_renew(struct exchange *ex)
{
	int64_t id;

	TRY(exchange_path_id(ex, 0, &id));
	TRY(draft_renew(&ex->cx, id));
	return exchange_redirect(ex, url_id(ex->cx.arena, ROUTE_draft_show, id));
}

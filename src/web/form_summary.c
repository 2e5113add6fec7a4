#include "web/form_view.h"

#include "base/limits.h"
#include "base/vec.h"
#include "domain/attachment/attachment.h"
#include "web/input_view.h"
#include "web/url.h"
#include "web/view_text.h"

/* A form at a glance, the other half of web/form_view.h: what is answered, what is wrong, which parts are done. */

static const struct {
	enum msg msg;
	struct str class_name, mark;
} states[SECTION_STATE_COUNT] = {
	[SECTION_EMPTY] = {MSG_section_state_empty, STR_INIT("todo"), STR_INIT("○")},
	[SECTION_PROGRESS] = {MSG_section_state_progress, STR_INIT("begun"), STR_INIT("◐")},
	[SECTION_DONE] = {MSG_section_state_done, STR_INIT("done"), STR_INIT("✓")},
	[SECTION_PROBLEM] = {MSG_section_state_problem, STR_INIT("bad"), STR_INIT("!")},
};

enum msg section_state_msg(enum section_state state)
{
	return states[state].msg;
}

struct str section_state_class(enum section_state state)
{
	return states[state].class_name;
}

/* What was never sent is not a problem yet: nobody is scolded for a page that they have not seen. */
enum section_state draft_section_state(const struct draft *draft, const struct section *section, enum section_state state)
{
	if (draft_visited(draft, section->id))
		return state == SECTION_PROGRESS || state == SECTION_EMPTY ? SECTION_PROBLEM : state;
	if (state == SECTION_DONE || state == SECTION_PROBLEM)
		return SECTION_PROGRESS;
	return state;
}

/* Of an attachment: where it is mended. */
static struct str document_href(struct exchange *ex, int64_t draft_id, struct str document)
{
	bool photo = str_eq(document, STR(PHOTO_DOCUMENT));

	return str_fmt(ex->cx.arena, STR_FMT "#document-" STR_FMT,
		STR_ARG(url_id(ex->cx.arena, photo ? ROUTE_photo_show : ROUTE_files_show, draft_id)), STR_ARG(document));
}

void issues_view(struct exchange *ex, const struct issues *issues, int64_t draft_id, struct view_part_errors *errors)
{
	VEC(struct view_part_errors_issues) rows = {0};

	for (size_t i = 0; i < issues->n; i++) {
		const struct issue *issue = &issues->v[i];
		const struct section *section = issue->field ? issue->field->section : NULL;
		struct buf href;

		if (issue->warning)
			continue;
		struct view_part_errors_issues *row = vec_add(ex->cx.arena, &rows);

		row->place = issue_place(ex, issue);
		row->text = issue_html(ex, issue);
		if (!str_absent(issue->document)) {
			row->href = document_href(ex, draft_id, issue->document);
			continue;
		}
		buf_init(&href, ex->cx.arena, LIMIT_HTTP_TARGET);
		if (draft_id != 0 && section)
			buf_str(&href, url_id_str(ex->cx.arena, ROUTE_section_show, draft_id, section->id));
		if (draft_id != 0)
			buf_lit(&href, "?check=1");
		buf_lit(&href, "#");
		buf_str(&href, issue->path);
		row->href = buf_view(&href);
	}
	*errors = (struct view_part_errors){.any = rows.n > 0, .issues = rows.v, .issues_count = rows.n};
}

/* Calls for each single field of the section, row by row, that is asked now. */
static void each_shown(struct rule_eval *eval, const struct section *section,
	void (*fn)(void *arg, const struct field *field, size_t row), void *arg)
{
	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = section->fields[i];

		if (!rule_field_shown(eval, field))
			continue;
		if (field->type != FIELD_GROUP) {
			fn(arg, field, 0);
			continue;
		}
		size_t rows = answers_rows(eval->scope->answers, field);

		for (size_t row = 0; row < rows; row++) {
			rule_eval_row(eval, field, row);
			for (size_t f = 0; f < field->field_count; f++) {
				if (rule_field_shown(eval, field->fields[f]))
					fn(arg, field->fields[f], row);
			}
		}
	}
}

struct row_list {
	struct exchange *ex;
	const struct form_scope *scope;
	const struct section *section;
	VEC(struct answer_row) rows;
};

static void add_row(void *arg, const struct field *field, size_t row)
{
	struct row_list *list = arg;
	struct arena *arena = list->ex->cx.arena;
	struct str path = path_in_row(arena, field, row);
	struct buf value;

	if (field->type == FIELD_NOTE || field->same_as)
		return;
	buf_init(&value, arena, LIMIT_PAGE);
	answer_display(&value, list->scope, list->ex->page.locale, field, row, answers_get(list->scope->answers, path));
	vec_push(arena, &list->rows,
		((struct answer_row){list->section, field, row, path, buf_view(&value),
			answers_held(list->scope->answers, path)}));
}

void answer_rows(struct exchange *ex, const struct form_scope *scope, struct answer_row **out, size_t *count)
{
	struct row_list list = {.ex = ex, .scope = scope};
	struct rule_eval eval;

	rule_eval_init(&eval, scope);
	for (size_t s = 0; s < scope->procedure->section_count; s++) {
		list.section = scope->procedure->sections[s];
		if (rule_section_shown(&eval, list.section))
			each_shown(&eval, list.section, add_row, &list);
	}
	*out = list.rows.v;
	*count = list.rows.n;
}

struct path_list {
	struct arena *arena;
	struct buf out;
};

static void add_path(void *arg, const struct field *field, size_t row)
{
	struct path_list *list = arg;

	if (list->out.n > 0)
		buf_lit(&list->out, " ");
	buf_str(&list->out, path_in_row(list->arena, field, row));
}

struct str shown_paths(struct exchange *ex, const struct form_scope *scope, const struct section *section)
{
	struct path_list list = {.arena = ex->cx.arena};
	struct rule_eval eval;

	rule_eval_init(&eval, scope);
	buf_init(&list.out, ex->cx.arena, LIMIT_FORM_VALUE);
	each_shown(&eval, section, add_path, &list);
	return buf_view(&list.out);
}

/* Of a long list so many are shown before the part that a person is at; more would push it out of sight. */
#define PARTS_LONG 14
#define PARTS_BEFORE 4

static void fold_earlier(struct exchange *ex, struct view_part_parts *view)
{
	size_t count = (size_t)view->current > PARTS_BEFORE + 1 ? (size_t)view->current - 1 - PARTS_BEFORE : 0;

	if (view->parts_count < PARTS_LONG || count < 2)
		return;
	struct view_part_parts_earlier *rows = arena_array(ex->cx.arena, struct view_part_parts_earlier, count);

	for (size_t i = 0; i < count; i++) {
		const struct view_part_parts_parts *part = &view->parts[i];

		rows[i] = (struct view_part_parts_earlier){part->url, part->title, part->class_name, part->mark, part->state};
		view->before_open += !str_eq(part->class_name, states[SECTION_DONE].class_name);
	}
	view->earlier = rows;
	view->earlier_count = count;
	view->before = (int64_t)count;
	view->parts += count;
	view->parts_count -= count;
}

void parts_view(struct exchange *ex, const struct form_scope *scope, const struct draft *draft, struct str here,
	struct view_part_parts *out)
{
	VEC(struct view_part_parts_parts) rows = {0};
	struct section_look looks[LIMIT_SECTIONS];
	size_t current = 0;

	form_sections(scope, ex->cx.arena, looks);
	for (size_t s = 0; s < scope->procedure->section_count; s++) {
		const struct section *section = scope->procedure->sections[s];

		if (!looks[section->index].shown)
			continue;
		enum section_state state = draft_section_state(draft, section, looks[section->index].state);
		struct view_part_parts_parts *row = vec_add(ex->cx.arena, &rows);

		row->url = url_id_str(ex->cx.arena, ROUTE_section_show, draft->id, section->id);
		row->title = view_label(ex, &section->title);
		row->here = str_eq(section->id, here);
		row->class_name = states[state].class_name;
		row->mark = states[state].mark;
		row->state = states[state].msg;
		if (row->here)
			current = rows.n;
	}
	*out = (struct view_part_parts){
		.current = (int64_t)(current == 0 ? rows.n : current),
		.total = (int64_t)rows.n,
		.parts = rows.v,
		.parts_count = rows.n,
		.confirm = url_id(ex->cx.arena, ROUTE_draft_confirm, draft->id),
		.confirm_here = current == 0,
	};
	fold_earlier(ex, out);
}

#include "web/form_view.h"

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "domain/definition/expr.h"
#include "web/input_view.h"
#include "web/japanese.h"
#include "web/view_text.h"

/* How each type of field stands on the page. */
static const struct look {
	enum { LOOK_LINE, LOOK_AREA, LOOK_SELECT, LOOK_RADIO, LOOK_MULTI, LOOK_CHECK, LOOK_DATE, LOOK_NOTE, LOOK_CALC } shape;
	const char *width, *inputmode, *input_type;
	bool upper, no_month, no_day;
} looks[FIELD_TYPE_COUNT] = {
	[FIELD_TEXT] = {.shape = LOOK_LINE, .width = "w-full", .input_type = "text"},
	[FIELD_TEXTAREA] = {.shape = LOOK_AREA},
	[FIELD_NUMBER] = {.shape = LOOK_LINE, .width = "w-4", .inputmode = "numeric", .input_type = "text"},
	[FIELD_YEN] = {.shape = LOOK_LINE, .width = "w-8", .inputmode = "numeric", .input_type = "text"},
	[FIELD_DIGITS] = {.shape = LOOK_LINE, .width = "w-8", .inputmode = "numeric", .input_type = "text"},
	[FIELD_DATE] = {.shape = LOOK_DATE},
	[FIELD_MONTH] = {.shape = LOOK_DATE, .no_day = true},
	[FIELD_PARTIAL_DATE] = {.shape = LOOK_DATE},
	[FIELD_PARTIAL_MONTH] = {.shape = LOOK_DATE, .no_day = true},
	[FIELD_SELECT] = {.shape = LOOK_SELECT, .width = "w-full"},
	[FIELD_RADIO] = {.shape = LOOK_RADIO},
	[FIELD_MULTI] = {.shape = LOOK_MULTI},
	[FIELD_CHECKBOX] = {.shape = LOOK_CHECK},
	[FIELD_EMAIL] = {.shape = LOOK_LINE, .width = "w-full", .inputmode = "email", .input_type = "email"},
	[FIELD_PHONE] = {.shape = LOOK_LINE, .width = "w-12", .inputmode = "tel", .input_type = "tel"},
	[FIELD_POSTAL] = {.shape = LOOK_LINE, .width = "w-8", .inputmode = "numeric", .input_type = "text"},
	[FIELD_ADDRESS] = {.shape = LOOK_LINE, .width = "w-full", .input_type = "text"},
	[FIELD_CARD_NO] = {.shape = LOOK_LINE, .width = "w-12", .input_type = "text", .upper = true},
	[FIELD_CORP_NO] = {.shape = LOOK_LINE, .width = "w-12", .inputmode = "numeric", .input_type = "text"},
	[FIELD_COUNTRY] = {.shape = LOOK_SELECT, .width = "w-20"},
	[FIELD_NOTE] = {.shape = LOOK_NOTE},
	[FIELD_CALC] = {.shape = LOOK_CALC},
};

struct form_scope form_scope_of(const struct exchange *ex, const struct procedure *procedure, const struct answers *answers)
{
	return (struct form_scope){procedure, answers, ex->cx.actor.user_type, time_date(ex->cx.now)};
}

struct form_scope form_scope_submitted(const struct application *application)
{
	const struct receipt *receipt = &application->receipt;

	return (struct form_scope){receipt->procedure, &application->answers, application->user_type, time_date(receipt->submitted_at)};
}

static bool is_partial(const struct field *field)
{
	return field->type == FIELD_PARTIAL_DATE || field->type == FIELD_PARTIAL_MONTH;
}

/* A list too long for buttons is a select even where the definition says radio. */
static bool value_chosen(const struct field *field, struct str value, struct str choice)
{
	struct str part = {0};

	if (field->type != FIELD_MULTI)
		return str_eq(value, choice);
	while (str_next(&value, ' ', &part)) {
		if (str_eq(part, choice))
			return true;
	}
	return false;
}

/*
 * The answer that chooses the list: in the same row when it is a row field. Until it is there, nothing of the list is offered but what
 * stands under any: all municipalities of Japan are three times a page.
 */
static struct str parent_value(struct exchange *ex, const struct form_scope *scope, const struct field *field, size_t row)
{
	if (!field->depends_on || !field->choices->has_parents)
		return (struct str){0};
	struct str parent = answers_get(scope->answers, path_in_row(ex->cx.arena, field->depends_on, row));
	return str_absent(parent) ? STR("") : parent;
}

/* "sex-1": lists are long, and printf is slow. */
static struct str choice_id(struct exchange *ex, struct str field_id, size_t n)
{
	struct buf id;

	buf_init_room(&id, ex->cx.arena, field_id.n + 12, field_id.n + 12);
	buf_str(&id, field_id);
	buf_lit(&id, "-");
	buf_i64(&id, (int64_t)n);
	return buf_view(&id);
}

static void choices_view(struct exchange *ex, const struct form_scope *scope, const struct field *field, size_t row,
	struct view_part_field *view)
{
	VEC(struct view_part_field_choices) rows = {0};

	if (!field->choices)
		return;
	struct str parent = parent_value(ex, scope, field, row);
	bool waits = str_empty(parent) && !str_absent(parent);

	for (size_t i = 0; i < field->choices->n; i++) {
		const struct choice *choice = &field->choices->v[i];
		bool chosen = value_chosen(field, view->value, choice->value);

		if (!choice_offered(choice, parent, scope->today) && !(chosen && waits))
			continue;
		struct view_part_field_choices *one = vec_add(ex->cx.arena, &rows);

		one->id = choice_id(ex, view->id, i);
		one->value = choice->value;
		one->chosen = chosen;
		if (view->is_select) {
			one->label = view_label_plain(ex, &choice->label);
			continue;
		}
		one->label_html = view_label(ex, &choice->label);
		one->official = view_official(ex, &choice->label);
	}
	view->choices = rows.v;
	view->choices_count = rows.n;
	view->can_clear = field->type == FIELD_RADIO;
	/* A list that hangs on another answer is fetched by a press where there is no script. */
	view->search = view->is_select && field->depends_on != NULL;
}

static void date_view(struct view_part_field *view)
{
	struct date_boxes boxes = form_date_boxes(view->value);

	view->year = boxes.year;
	view->month = boxes.month;
	view->day = boxes.day;
}

/* "2000 / 01 / 23", as the boxes stand; other examples as they are. */
static struct str example_view(struct exchange *ex, const struct field *field, bool is_date)
{
	if (!is_date || str_empty(field->example))
		return field->example;
	struct date_boxes boxes = form_date_boxes(field->example);
	struct str list[] = {boxes.year, boxes.month, boxes.day};

	return str_join(ex->cx.arena, list, str_empty(boxes.month) ? 1 : str_empty(boxes.day) ? 2 : 3, STR("\u00a0/\u00a0"));
}

/* The hint says how much fits, unless the definition's own words do. */
static struct html hint_view(struct exchange *ex, const struct field *field)
{
	struct html own = view_label(ex, &field->hint);
	struct msg_arg max = {STR("max"), str_fmt(ex->cx.arena, "%u", field->max_length)};
	enum msg msg = field->type == FIELD_DIGITS ? MSG_field_max_digits : MSG_field_max_length;
	struct buf out;

	if (field->max_length == 0 || field->max_length > 9999 ||
		(field->type != FIELD_TEXT && field->type != FIELD_TEXTAREA && field->type != FIELD_DIGITS))
		return own;
	if (field->type == FIELD_DIGITS && field->min_length == field->max_length)
		msg = MSG_field_exact_digits;
	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	buf_str(&out, own.s);
	if (own.s.n > 0)
		buf_lit(&out, " ");
	msg_write_html(&out, ex->page.locale, msg, &max, 1);
	return html_of(&out);
}

static const struct issue *issue_at(const struct issues *issues, struct str path)
{
	for (size_t i = 0; issues && i < issues->n; i++) {
		if (!issues->v[i].warning && str_eq(issues->v[i].path, path))
			return &issues->v[i];
	}
	return NULL;
}

/* "family.0.name-hint" and what else hangs on a path: these are many, and printf is slow. */
static struct str with_tail(struct exchange *ex, struct str path, const char *tail)
{
	return str_join(ex->cx.arena, (struct str[]){path, str_of(tail)}, 2, STR(""));
}

static struct str described_by(struct exchange *ex, struct str path, bool wrong)
{
	if (!wrong)
		return with_tail(ex, path, "-hint");
	return str_join(ex->cx.arena, (struct str[]){path, STR("-hint "), path, STR("-error")}, 4, STR(""));
}

/* More than fits into a line on most screens. */
#define READ_LINE 24

/* What is computed: shown where it stands, with nothing to type into. */
static void calc_view(struct exchange *ex, const struct form_scope *scope, const struct field *field, size_t row,
	struct view_part_field *view)
{
	struct buf value;

	buf_init(&value, ex->cx.arena, LIMIT_PAGE);
	answer_display(&value, scope, ex->page.locale, field, row, view->value);
	view->value = buf_view(&value);
	view->is_calc = true;
	view->computed = str_empty(view->value) ? html_none() : japanese_value(ex, view->value);
	view->is_copy = field->calc->op == EXPR_COPY;
	view->required = view->free = false;
}

/* What was read from a card: nothing that a person can type into. */
static void read_view(struct exchange *ex, const struct form_scope *scope, const struct field *field, struct view_part_field *view)
{
	struct buf value;

	buf_init(&value, ex->cx.arena, LIMIT_PAGE);
	answer_display(&value, scope, ex->page.locale, field, 0, view->value);
	view->value = buf_view(&value);
	view->is_read = true;
	view->is_long = utf8_count(view->value) > READ_LINE;
	view->is_line = view->is_radio = view->is_select = view->is_date = false;
}

static void field_view(struct exchange *ex, struct rule_eval *eval, const struct field *field, size_t row,
	const struct issues *issues, struct view_part_field *view)
{
	const struct form_scope *scope = eval->scope;
	const struct look *look = &looks[field->type];
	struct str path = path_in_row(ex->cx.arena, field, row);
	const struct issue *issue = issue_at(issues, path);

	*view = (struct view_part_field){
		.id = path,
		.name = path,
		.no = field->no,
		.label = view_label(ex, &field->label),
		.official = view_official(ex, &field->label),
		.hint = hint_view(ex, field),
		.example = example_view(ex, field, look->shape == LOOK_DATE),
		.value = answers_to(scope->answers, field, row),
		.required = field->required,
		.free = !field->required && str_empty(field->one_of),
		.hidden = !rule_field_shown(eval, field),
		.controls = field->controls,
		.described = described_by(ex, path, issue != NULL),
		.autocomplete = str_empty(field->autocomplete) ? STR("off") : field->autocomplete,
		.inputmode = str_of(look->inputmode),
		.input_type = str_of(look->input_type),
		.width = look->width ? str_of(look->width) : STR("w-full"),
		.max_length = field->max_length,
		.upper = look->upper || field->script == SCRIPT_UPPER,
		.is_line = look->shape == LOOK_LINE,
		.is_area = look->shape == LOOK_AREA,
		.is_select = look->shape == LOOK_SELECT,
		.is_radio = look->shape == LOOK_RADIO,
		.is_multi = look->shape == LOOK_MULTI,
		.is_check = look->shape == LOOK_CHECK,
		.is_date = look->shape == LOOK_DATE,
		.is_note = look->shape == LOOK_NOTE,
		.partial = is_partial(field),
		.has_month = !look->no_month,
		.has_day = !look->no_day,
		.search = field->type == FIELD_POSTAL && field->fills != NULL,
	};
	if (look->shape == LOOK_CALC) {
		calc_view(ex, scope, field, row, view);
		if (issue)
			view->error = issue_html(ex, issue);
		return;
	}
	if (answers_held(scope->answers, path)) {
		read_view(ex, scope, field, view);
		return;
	}
	if (field->fills && answers_held(scope->answers, path_in_row(ex->cx.arena, field->fills, row)))
		view->search = false;
	if (field->type == FIELD_TEXT && field->max_length <= 20)
		view->width = field->max_length <= 4 ? STR("w-4") : STR("w-12");
	if (field->type == FIELD_YEN)
		view->unit = view_msg(ex, MSG_field_yen);
	if (issue)
		view->error = issue_html(ex, issue);
	if (view->is_date)
		date_view(view);
	if (view->is_check)
		view->check_text = field->choices && field->choices->n > 0 ? view_label(ex, &field->choices->v[0].label)
									  : view->label;
	else
		choices_view(ex, scope, field, row, view);
}

static void group_view(struct exchange *ex, struct rule_eval *eval, const struct field *group,
	const struct issues *issues, size_t extra, struct view_part_group *view)
{
	size_t rows = answers_rows(eval->scope->answers, group) + extra;
	const struct issue *issue = issue_at(issues, group->id);

	if (rows == 0)
		rows = 1;
	if (rows > (size_t)group->max)
		rows = (size_t)group->max;
	struct view_part_group_rows *list = arena_array(ex->cx.arena, struct view_part_group_rows, rows);

	for (size_t r = 0; r < rows; r++) {
		struct view_part_group_rows_fields *fields =
			arena_array(ex->cx.arena, struct view_part_group_rows_fields, group->field_count);

		rule_eval_row(eval, group, r);
		for (size_t f = 0; f < group->field_count; f++)
			field_view(ex, eval, group->fields[f], r, issues, &fields[f].field);
		list[r].title = group_row_label(ex, group, r);
		list[r].remove = str_fmt(ex->cx.arena, STR_FMT ".%zu", STR_ARG(group->id), r);
		list[r].can_remove = rows > 1;
		list[r].fields = fields;
		list[r].fields_count = group->field_count;
	}
	*view = (struct view_part_group){
		.id = group->id,
		.name = group->id,
		.no = group->no,
		.label = view_label(ex, &group->label),
		.official = view_official(ex, &group->label),
		.hint = view_label(ex, &group->hint),
		.hidden = !rule_field_shown(eval, group),
		.described = described_by(ex, group->id, issue != NULL),
		.can_add = rows < (size_t)group->max,
		.rows = list,
		.rows_count = rows,
	};
	if (issue)
		view->error = issue_html(ex, issue);
}

void section_items_view(struct exchange *ex, const struct form_scope *scope, const struct section *section,
	const struct issues *issues, struct view_section_show *view)
{
	struct view_section_show_items *items = arena_array(ex->cx.arena, struct view_section_show_items, section->field_count);
	struct str added = exchange_field(ex, "_add");
	struct rule_eval eval;

	rule_eval_init(&eval, scope);
	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = section->fields[i];

		if (field->type == FIELD_GROUP) {
			items[i].is_group = true;
			group_view(ex, &eval, field, issues, str_eq(added, field->id) ? 1 : 0, &items[i].group);
		} else {
			items[i].is_field = true;
			field_view(ex, &eval, field, 0, issues, &items[i].field);
		}
	}
	view->items = items;
	view->items_count = section->field_count;
}

#include "domain/form/form_check.h"

/* Goes over the fields that are asked, in their order; what is wrong with a single value is in form_value.c. */

struct asked checker_asked(struct checker *checker, const struct field *field)
{
	struct str path = field_path(field, checker->eval.row)->text;
	const struct answer *answer = rule_find(&checker->eval, field);
	return answer ? (struct asked){field, path, answer->value, answer->held} : (struct asked){.field = field, .path = path};
}

struct issue *checker_refuse(struct checker *checker, const struct asked *asked, enum msg msg)
{
	struct issue *issue = vec_add(checker->arena, &checker->found);
	issue->path = asked->path;
	issue->field = asked->field;
	issue->msg = msg;
	checker->refusals++;
	return issue;
}

void issue_arg(struct issue *issue, struct str name, struct str value)
{
	if (issue->arg_count < sizeof issue->args / sizeof *issue->args)
		issue->args[issue->arg_count++] = (struct msg_arg){name, value};
}

void issue_arg_number(struct arena *arena, struct issue *issue, struct str name, int64_t value)
{
	issue_arg(issue, name, str_fmt(arena, "%lld", (long long)value));
}

void issue_others(struct arena *arena, struct issue *issue, const struct field *const *fields, size_t count)
{
	const struct field **others = arena_array(arena, const struct field *, count);
	for (size_t i = 0; i < count; i++)
		others[i] = fields[i];
	issue->others = others;
	issue->other_count = count;
}

static void require(struct checker *checker, const struct asked *asked)
{
	enum msg msg = MSG_form_required;
	if (asked->field->type == FIELD_CHECKBOX)
		msg = MSG_form_tick;
	else if (field_has_choices(asked->field))
		msg = MSG_form_choose;
	checker_refuse(checker, asked, msg)->missing = true;
}

/* Told once, at the first of those that are shown. */
static void require_one_of(struct checker *checker, const struct asked *asked)
{
	const struct field *field = asked->field;
	const struct field **shown = arena_array(checker->arena, const struct field *, field->one_of_count);
	size_t count = 0;
	for (size_t i = 0; i < field->one_of_count; i++) {
		const struct field *one = field->one_of_with[i];
		if (!rule_field_shown(&checker->eval, one))
			continue;
		if (!str_empty(rule_answer(&checker->eval, one)))
			return;
		shown[count++] = one;
	}
	if (shown[0] != field)
		return;
	struct issue *issue = checker_refuse(checker, asked, count == 1 ? MSG_form_required : MSG_form_one_of);
	issue->others = shown;
	issue->other_count = count;
	issue->missing = true;
}

/* `wanted`: what is required must be there. */
static void check_field(struct checker *checker, const struct field *field, bool wanted)
{
	struct asked asked = checker_asked(checker, field);
	if (!field_is_answered(field))
		return;
	if (asked.held)
		return;
	if (!str_empty(asked.value))
		value_check(checker, &asked);
	else if (wanted && field->required)
		require(checker, &asked);
	else if (wanted && field->one_of_count)
		require_one_of(checker, &asked);
}

static bool row_given(struct checker *checker, const struct field *group)
{
	for (size_t i = 0; i < group->field_count; i++) {
		const struct field *field = group->fields[i];
		if (field_is_answered(field) && rule_field_shown(&checker->eval, field) && !str_empty(rule_answer(&checker->eval, field)))
			return true;
	}
	return false;
}

static void check_row(struct checker *checker, const struct field *group)
{
	for (size_t i = 0; i < group->field_count; i++)
		if (rule_field_shown(&checker->eval, group->fields[i]))
			check_field(checker, group->fields[i], true);
}

static void group_refuse(struct checker *checker, const struct field *group, enum msg msg, struct str name, int64_t number)
{
	struct asked asked = {.field = group, .path = group->id};
	struct issue *issue = checker_refuse(checker, &asked, msg);
	issue_arg_number(checker->arena, issue, name, number);
}

/*
 * A row counts as given as soon as one of its fields is; then what it requires is required. When fewer rows than `min`
 * are given, the first empty ones are treated as given, so that the page shows at each box what is missing.
 */
static void check_group(struct checker *checker, const struct field *group)
{
	size_t rows = answers_rows(checker->eval.scope->answers, group);
	size_t max = (size_t)group->max;
	size_t given = 0;
	bool is_given[LIMIT_GROUP_ROWS + 1] = {0};
	for (size_t row = 0; row < rows; row++) {
		rule_eval_row(&checker->eval, group, row);
		is_given[row] = row_given(checker, group);
		given += is_given[row];
	}
	size_t needed = given < (size_t)group->min ? (size_t)group->min - given : 0;
	for (size_t row = 0; row < max; row++) {
		bool stands_in = !is_given[row] && needed > 0;
		if (!is_given[row] && !stands_in)
			continue;
		size_t before = checker->refusals;
		rule_eval_row(&checker->eval, group, row);
		check_row(checker, group);
		needed -= stands_in;
		if (stands_in && checker->refusals == before) {
			/* Nothing in the row is required by itself. */
			group_refuse(checker, group, MSG_form_rows_min, STR("min"), group->min);
			checker->found.v[checker->found.n - 1].missing = true;
			needed = 0;
		}
	}
	if (rows > max)
		group_refuse(checker, group, MSG_form_rows_max, STR("max"), group->max);
}

static void check_section(struct checker *checker, const struct section *section)
{
	if (!rule_section_shown(&checker->eval, section))
		return;
	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = section->fields[i];
		if (!rule_field_shown(&checker->eval, field))
			continue;
		if (field->type == FIELD_GROUP)
			check_group(checker, field);
		else
			check_field(checker, field, true);
	}
}

static void checker_init(struct checker *checker, const struct form_scope *scope, struct arena *arena)
{
	rule_eval_init(&checker->eval, scope);
	checker->arena = arena;
	checker->found.v = NULL;
	checker->found.n = checker->found.cap = 0;
	checker->refusals = 0;
}

/* section NULL: all of them. */
static void check_sections(struct checker *checker, const struct section *section)
{
	const struct procedure *procedure = checker->eval.scope->procedure;
	if (section)
		check_section(checker, section);
	for (size_t i = 0; !section && i < procedure->section_count; i++)
		check_section(checker, procedure->sections[i]);
	for (size_t i = 0; i < procedure->check_count; i++)
		if (!section || procedure->checks[i].section == section)
			cross_check(checker, &procedure->checks[i]);
}

static struct issues found(const struct checker *checker)
{
	return (struct issues){checker->found.v, checker->found.n, checker->refusals};
}

void form_check(const struct form_scope *scope, struct arena *arena, const struct section *section, struct issues *out)
{
	struct checker checker;
	checker_init(&checker, scope, arena);
	check_sections(&checker, section);
	*out = found(&checker);
}

void form_judge(const struct form_scope *scope, struct arena *arena, struct issues *issues, struct answers *shown)
{
	struct checker checker;
	checker_init(&checker, scope, arena);
	check_sections(&checker, NULL);
	*issues = found(&checker);
	shown_take(&checker.eval, arena, shown);
}

static bool row_section_answered(struct checker *checker, const struct field *group)
{
	size_t rows = answers_rows(checker->eval.scope->answers, group);
	for (size_t row = 0; row < rows; row++) {
		rule_eval_row(&checker->eval, group, row);
		if (row_given(checker, group))
			return true;
	}
	return false;
}

/* *asks: whether anything is asked at all. */
static bool section_answered(struct checker *checker, const struct section *section, bool *asks)
{
	*asks = false;
	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = section->fields[i];
		if (field->type == FIELD_NOTE || field->type == FIELD_CALC || !rule_field_shown(&checker->eval, field))
			continue;
		*asks = true;
		if (field->type == FIELD_GROUP ? row_section_answered(checker, field) : !str_empty(rule_answer(&checker->eval, field)))
			return true;
	}
	return false;
}

static enum section_state section_state(struct checker *checker, const struct section *section)
{
	const struct procedure *procedure = checker->eval.scope->procedure;
	bool asks;
	if (!section_answered(checker, section, &asks))
		return asks ? SECTION_EMPTY : SECTION_DONE;
	checker->found.n = 0;
	check_section(checker, section);
	/* A check over several sections is told at its first field: there the person must look. */
	for (size_t i = 0; i < procedure->check_count; i++)
		if (procedure->checks[i].a->section == section)
			cross_check(checker, &procedure->checks[i]);
	enum section_state state = SECTION_DONE;
	for (size_t i = 0; i < checker->found.n; i++) {
		if (checker->found.v[i].warning)
			continue;
		if (!checker->found.v[i].missing)
			return SECTION_PROBLEM;
		state = SECTION_PROGRESS;
	}
	return state;
}

void form_sections(const struct form_scope *scope, struct arena *arena, struct section_look looks[LIMIT_SECTIONS])
{
	const struct procedure *procedure = scope->procedure;
	struct checker checker;
	checker_init(&checker, scope, arena);
	for (size_t i = 0; i < procedure->section_count; i++) {
		const struct section *section = procedure->sections[i];
		struct section_look *look = &looks[section->index];
		look->shown = rule_section_shown(&checker.eval, section);
		look->state = look->shown ? section_state(&checker, section) : SECTION_DONE;
	}
}

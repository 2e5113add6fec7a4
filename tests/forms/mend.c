#include "solve.h"

#include "base/utf8.h"
#include "domain/definition/expr.h"

/* What checks refuse is mended: of all values of all fields that the check looks at, the one after which least is refused. */

#define ROUNDS 120

struct looked_at {
	struct solve *solve;
	struct {
		const struct field **v;
		size_t n, cap;
	} fields;
};

static bool look_at(void *arg, const struct field *field)
{
	struct looked_at *at = arg;
	for (size_t i = 0; i < at->fields.n; i++)
		if (at->fields.v[i] == field)
			return true;
	vec_push(&at->solve->arena, &at->fields, field);
	if (field->calc)
		(void)expr_walk(field->calc, look_at, at);
	if (field->depends_on)
		(void)look_at(at, field->depends_on);
	return true;
}

static bool look_at_comparison(void *arg, const struct rule *comparison)
{
	return look_at(arg, comparison->field);
}

static void look_at_check(struct looked_at *at, const struct check *check)
{
	(void)look_at(at, check->a);
	if (check->b)
		(void)look_at(at, check->b);
	if (check->rule)
		(void)rule_walk(check->rule, look_at_comparison, at);
	if (check->when)
		(void)rule_walk(check->when, look_at_comparison, at);
}

/* What decides whether the check's fields are asked at all. */
static void look_around(struct looked_at *at, const struct field *field)
{
	const struct rule *const rules[] = {field->section->when, field->when, field->group ? field->group->when : NULL};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i])
			(void)rule_walk(rules[i], look_at_comparison, at);
}

/* What is refused, apart from what filling in mends (nothing there yet, a choice of another parent), and whether the goal is reached. */
static size_t faults(struct solve *solve)
{
	form_calculate(&solve->scope, &solve->answers);
	struct issues issues;
	arena_reset(&solve->scratch);
	form_check(&solve->scope, &solve->scratch, NULL, &issues);
	solve->checks++;
	size_t count = solve->goal && !solve_holds(solve, solve->goal);
	for (size_t i = 0; i < issues.n; i++)
		count += !issues.v[i].warning && !issues.v[i].missing && issues.v[i].msg != MSG_form_choice_elsewhere;
	return count;
}

static size_t row_of(const struct field *field, struct str path)
{
	struct str rest = path, part;
	int64_t row = 0;
	if (field && field->group && str_next(&rest, '.', &part) && str_next(&rest, '.', &part))
		(void)str_to_i64(part, &row);
	return (size_t)row;
}

static bool wish_allows(const struct solve *solve, const struct field *field)
{
	const struct wish *wish = &solve->wishes[field->index];
	return (str_absent(wish->value) || field->type == FIELD_MULTI) && !wish->empty;
}

struct move {
	const struct field *field;
	size_t row;
	struct str value;
	size_t left;
};

/* Also what the others have: equal, or one more or less. */
static void add_others(struct solve *solve, const struct looked_at *at, const struct field *field, size_t row, struct strs *out)
{
	for (size_t i = 0; i < at->fields.n; i++) {
		const struct field *other = at->fields.v[i];
		struct str value = solve_answer(solve, other, other->group ? row : 0);
		int64_t number;
		if (other == field || other->type != field->type || str_empty(value))
			continue;
		vec_push(&solve->arena, out, value);
		if (field_has_choices(field) || !str_to_i64(value, &number))
			continue;
		vec_push(&solve->arena, out, str_fmt(&solve->arena, "%0*lld", (int)value.n, (long long)number + 1));
		vec_push(&solve->arena, out, str_fmt(&solve->arena, "%0*lld", (int)value.n, (long long)(number > 0 ? number - 1 : 0)));
	}
}

static void try_field(struct solve *solve, const struct looked_at *at, const struct field *field, size_t row, struct move *best)
{
	struct str before = solve_answer(solve, field, row);
	const struct str *path = &field_path(field, row)->text;
	struct strs some = {0};
	values_try(&solve->values, &solve->arena, field, solve_parent(solve, field, row), &some);
	add_others(solve, at, field, row, &some);
	if (!field->required && !solve->wishes[field->index].given)
		vec_push(&solve->arena, &some, STR(""));
	for (size_t i = 0; i < some.n && best->left > 0; i++) {
		if (str_eq(some.v[i], before))
			continue;
		struct str key = str_fmt(&solve->arena, STR_FMT "=" STR_FMT, STR_ARG(*path), STR_ARG(some.v[i]));
		if (map_get(&solve->tried, key))
			continue;
		solve_put(solve, field, row, some.v[i]);
		struct str taken = answers_get(&solve->answers, *path);
		if (solve_wish_fits(solve, field, taken)) {
			size_t left = faults(solve);
			if (left < best->left)
				*best = (struct move){field, row, some.v[i], left};
		}
		answers_set(&solve->answers, *path, before);
	}
}

static bool mend_with(struct solve *solve, const struct looked_at *at, size_t row, size_t now)
{
	struct move best = {.left = now + 1};
	for (size_t i = 0; i < at->fields.n; i++) {
		const struct field *field = at->fields.v[i];
		if (field_is_answered(field) && wish_allows(solve, field) && form_field_shown(&solve->scope, field, field->group ? row : 0))
			try_field(solve, at, field, field->group ? row : 0, &best);
	}
	if (!best.field)
		return false;
	solve_put(solve, best.field, best.row, best.value);
	struct str path = field_path(best.field, best.row)->text;
	struct str key = str_fmt(&solve->arena, STR_FMT "=" STR_FMT, STR_ARG(path), STR_ARG(best.value));
	map_put(&solve->tried, key, solve);
	if (best.left < now && !solve->full && !str_empty(best.value))
		solve->learned[best.field->index] = str_dup(&solve->lasting, best.value);
	solve_fill(solve);
	return true;
}

static const struct issue *first_refusal(const struct issues *issues)
{
	for (size_t i = 0; i < issues->n; i++)
		if (!issues->v[i].warning)
			return &issues->v[i];
	return NULL;
}

static struct str words(struct solve *solve, const struct issue *issue)
{
	struct buf text;
	buf_init(&text, &solve->arena, 4096);
	issue_write_html(&text, locale_get(LANG_EN, false), issue);
	struct str value = answers_get(&solve->answers, issue->path);
	return str_fmt(&solve->arena, STR_FMT "=" STR_FMT ": " STR_FMT " (" STR_FMT ")", STR_ARG(issue->path), STR_ARG(utf8_head(value, 60)), STR_ARG(buf_view(&text)),
		STR_ARG(issue->check ? issue->check->id : STR("-")));
}

bool solve_finish(struct solve *solve)
{
	solve_fill(solve);
	for (int round = 0; round < ROUNDS; round++) {
		struct issues issues = solve_issues(solve, NULL);
		const struct issue *first = first_refusal(&issues);
		bool reached = !solve->goal || solve_holds(solve, solve->goal);
		if (!first && reached)
			return true;
		struct looked_at at = {.solve = solve};
		if (first) {
			solve->why = words(solve, first);
			if (first->check)
				look_at_check(&at, first->check);
			else
				(void)look_at(&at, first->field);
		} else {
			solve->why = STR("the goal is not reached");
			(void)rule_walk(solve->goal, look_at_comparison, &at);
		}
		solve->told = first ? first->check : NULL;
		size_t row = first ? row_of(first->field, first->path) : 0, now = faults(solve), looked = at.fields.n;
		if (mend_with(solve, &at, row, now))
			continue;
		for (size_t i = 0; i < looked; i++)
			look_around(&at, at.fields.v[i]);
		if (at.fields.n == looked || !mend_with(solve, &at, row, now))
			return false;
	}
	return false;
}

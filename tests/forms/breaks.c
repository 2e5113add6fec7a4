#include "breaks.h"

#include "domain/definition/expr.h"

static bool says(struct solve *solve, const struct check *check)
{
	form_calculate(&solve->scope, &solve->answers);
	struct issues issues = solve_issues(solve, NULL);
	for (size_t i = 0; i < issues.n; i++)
		if (issues.v[i].check == check)
			return true;
	return false;
}

static bool break_by(struct solve *solve, const struct check *check, const struct field *field)
{
	struct strs some = {0};
	if (!field || !field_is_answered(field))
		return false;
	values_try(&solve->values, &solve->arena, field, solve_parent(solve, field, 0), &some);
	struct str before = solve_answer(solve, field, 0);
	for (size_t i = 0; i < some.n; i++) {
		solve_put(solve, field, 0, some.v[i]);
		if (says(solve, check))
			return true;
	}
	solve_put(solve, field, 0, before);
	return false;
}

struct breaking {
	struct solve *solve;
	const struct check *check;
	bool broken;
};

static bool wish_there(void *arg, const struct rule *comparison)
{
	struct breaking *breaking = arg;
	return comparison->op == RULE_GIVEN || solve_wish_shown(breaking->solve, comparison->field);
}

static bool try_field(void *arg, const struct field *field)
{
	struct breaking *breaking = arg;
	if (field->calc && !expr_walk(field->calc, try_field, breaking))
		return false;
	breaking->broken = breaking->broken || break_by(breaking->solve, breaking->check, field);
	return !breaking->broken;
}

static bool try_to_break(void *arg, const struct rule *comparison)
{
	return try_field(arg, comparison->field);
}

/* The form is filled in with all that the check compares; then it is looked whether something else breaks it. */
static bool broken(struct solve *solve, const struct check *check, unsigned variant, enum user_type type)
{
	struct breaking breaking = {solve, check, false};
	solve_begin(solve, type, variant % 2, variant / 2);
	if (!solve_wish_shown(solve, check->a) || (check->b && !solve_wish_shown(solve, check->b)) || !solve_wish_rule(solve, check->when, true))
		return false;
	if (check->rule && !rule_walk(check->rule, wish_there, &breaking))
		return false;
	/* Where not being fitting takes more than one wish, a form that fits is made and then spoilt. */
	if (check->rule && variant < VARIANTS && !solve_wish_rule(solve, check->rule, false))
		return false;
	if (!solve_settle(solve))
		return false;
	(void)solve_finish(solve);
	if (says(solve, check) || break_by(solve, check, check->a) || break_by(solve, check, check->b))
		return true;
	if (check->rule)
		(void)rule_walk(check->rule, try_to_break, &breaking);
	return breaking.broken;
}

bool check_speaks(struct solve *solve, const struct check *check)
{
	const struct procedure *procedure = solve->values.procedure;
	for (unsigned variant = 0; variant < 2 * VARIANTS; variant++)
		for (int type = USER_TYPE_COUNT - 1; type >= 0; type--)
			if (procedure->user_types[type] && broken(solve, check, variant, (enum user_type)type))
				return true;
	return false;
}

#include "domain/definition/expr.h"
#include "domain/form/form.h"

#include "base/limits.h"

/*
 * Computed fields. They come in an order in which each stands behind what it is computed from, so one pass does; what an earlier
 * pass left behind is overwritten or taken away.
 */

struct calculation {
	struct rule_eval eval;
	struct answers *answers;
};

static bool value_of(struct calculation *calc, const struct expr *expr, int64_t *out);

static int64_t plus(int64_t a, int64_t b)
{
	int64_t sum;
	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return a > 0 ? INT64_MAX : INT64_MIN;
}

static int64_t combined(enum expr_op op, int64_t a, int64_t b)
{
	if (op == EXPR_SUM)
		return plus(a, b);
	return (op == EXPR_MAX) == (a > b) ? a : b;
}

/* Of the parts that have a value. */
static bool several(struct calculation *calc, const struct expr *expr, int64_t *out)
{
	bool any = false;
	int64_t result = 0, one;
	for (size_t i = 0; i < expr->sub_count; i++) {
		if (!value_of(calc, expr->sub[i], &one))
			continue;
		result = any ? combined(expr->op, result, one) : one;
		any = true;
	}
	if (any)
		*out = result;
	return any;
}

/* In between a number of percent needs more room than there is. */
__extension__ typedef __int128 wide;

static bool ratio(struct calculation *calc, const struct expr *expr, int64_t *out)
{
	int64_t part, whole;
	if (!value_of(calc, expr->sub[0], &part) || !value_of(calc, expr->sub[1], &whole) || whole == 0)
		return false;
	wide percent = (wide)part * 100 * 1000 / whole;
	*out = percent > INT64_MAX ? INT64_MAX : percent < INT64_MIN ? INT64_MIN : (int64_t)percent;
	return true;
}

static bool points_of(struct calculation *calc, const struct field *field, int64_t *out)
{
	struct str parent = {0};
	struct str value = rule_answer(&calc->eval, field);
	if (field->depends_on)
		parent = rule_answer(&calc->eval, field->depends_on);
	const struct choice *choice = str_empty(value) ? NULL : choice_find(field->choices, value, parent, 0);
	if (!choice)
		return false;
	*out = choice->points * INT64_C(1000);
	return true;
}

static int64_t points_by_count(const struct expr *expr, struct str ticked)
{
	size_t count = 0;
	struct str one;
	while (str_next(&ticked, ' ', &one))
		count++;
	return expr->points[count < expr->point_count ? count : expr->point_count - 1] * INT64_C(1000);
}

static bool row_given(struct calculation *calc, const struct field *group)
{
	for (size_t i = 0; i < group->field_count; i++) {
		const struct field *field = group->fields[i];
		if (field_is_answered(field) && rule_field_shown(&calc->eval, field) && !str_empty(rule_answer(&calc->eval, field)))
			return true;
	}
	return false;
}

/* Looks at each row, then at the one again that was looked at before. */
static bool over_rows(struct calculation *calc, const struct expr *expr, int64_t *out)
{
	const struct field *group = expr->op == EXPR_ROWS ? expr->field : expr->field->group;
	const struct field *group_before = calc->eval.group;
	size_t row_before = calc->eval.row;
	size_t rows = answers_rows(calc->eval.scope->answers, group);
	bool any = expr->op == EXPR_ROWS;
	int64_t sum = 0, one;
	if (!rule_field_shown(&calc->eval, group))
		return false;
	for (size_t row = 0; row < rows && row < (size_t)group->max; row++) {
		rule_eval_row(&calc->eval, group, row);
		if (expr->op == EXPR_ROWS) {
			sum += row_given(calc, group) * 1000;
		} else if (rule_field_shown(&calc->eval, expr->field) && rule_number(&calc->eval, expr->field, &one)) {
			sum = plus(sum, one);
			any = true;
		}
	}
	if (group_before)
		rule_eval_row(&calc->eval, group_before, row_before);
	if (any)
		*out = sum;
	return any;
}

static bool of_field(struct calculation *calc, const struct expr *expr, int64_t *out)
{
	int64_t years;
	if (!rule_field_shown(&calc->eval, expr->field))
		return false;
	switch (expr->op) {
	case EXPR_POINTS:
		return points_of(calc, expr->field, out);
	case EXPR_COUNT:
		*out = points_by_count(expr, rule_answer(&calc->eval, expr->field));
		return true;
	case EXPR_AGE:
		if (!rule_age(&calc->eval, expr->field, &years))
			return false;
		*out = years * 1000;
		return true;
	default:
		return rule_number(&calc->eval, expr->field, out);
	}
}

/* False: no value. */
static bool value_of(struct calculation *calc, const struct expr *expr, int64_t *out)
{
	switch (expr->op) {
	case EXPR_CONSTANT:
		*out = expr->constant;
		return true;
	case EXPR_SUM:
	case EXPR_MAX:
	case EXPR_MIN:
		return several(calc, expr, out);
	case EXPR_RATIO:
		return ratio(calc, expr, out);
	case EXPR_WHEN:
		if (rule_holds(&calc->eval, expr->rule))
			return value_of(calc, expr->sub[0], out);
		return expr->sub_count > 1 && value_of(calc, expr->sub[1], out);
	case EXPR_ROWS:
	case EXPR_SUM_OF:
		return over_rows(calc, expr, out);
	default:
		return of_field(calc, expr, out);
	}
}

bool expr_value(const struct form_scope *scope, const struct expr *expr, int64_t *out)
{
	struct calculation calc = {0};
	rule_eval_init(&calc.eval, scope);
	return expr->op != EXPR_COPY && value_of(&calc, expr, out);
}

/* Rounded half up, away from 0: "66.67". */
static struct str written(struct arena *arena, int64_t thousandths, unsigned decimals)
{
	static const uint64_t units[] = {1000, 100, 10};
	static const uint64_t shifts[] = {1, 10, 100};
	uint64_t amount = thousandths < 0 ? -(uint64_t)thousandths : (uint64_t)thousandths;
	uint64_t rounded = (amount + units[decimals] / 2) / units[decimals];
	struct buf out;
	buf_init(&out, arena, 32);
	if (thousandths < 0 && rounded)
		buf_byte(&out, '-');
	buf_i64(&out, (int64_t)(rounded / shifts[decimals]));
	if (decimals) {
		buf_byte(&out, '.');
		buf_pad(&out, (int64_t)(rounded % shifts[decimals]), decimals);
	}
	return buf_view(&out);
}

static void calculate(struct calculation *calc, const struct field *field, size_t row)
{
	struct arena *arena = calc->answers->arena;
	struct str value = {0};
	int64_t number;
	if (!rule_field_shown(&calc->eval, field))
		value = (struct str){0};
	else if (field->copies)
		value = rule_field_shown(&calc->eval, field->calc->field) ? rule_answer(&calc->eval, field->calc->field) : (struct str){0};
	else if (value_of(calc, field->calc, &number))
		value = written(arena, number, field->decimals);
	answers_set(calc->answers, path_in_row(arena, field, row), value);
}

void form_calculate(const struct form_scope *scope, struct answers *answers)
{
	const struct procedure *procedure = scope->procedure;
	struct form_scope own = *scope;
	struct calculation calc = {.answers = answers};
	own.answers = answers;
	if (procedure->calc_count == 0)
		return;
	rule_eval_init(&calc.eval, &own);
	for (size_t i = 0; i < procedure->calc_count; i++) {
		const struct field *field = procedure->calcs[i];
		if (!field->group) {
			calculate(&calc, field, 0);
			continue;
		}
		/* All rows: one that is empty now may have had a value. */
		size_t rows = answers_rows(answers, field->group);
		for (size_t row = 0; row <= (size_t)field->group->max; row++) {
			rule_eval_row(&calc.eval, field->group, row);
			if (row < rows)
				calculate(&calc, field, row);
			else
				answers_set(answers, field_path(field, row)->text, (struct str){0});
		}
	}
}

#include "domain/form/form_check.h"

#include "base/time.h"

/* Checks across fields. A check applies only when its fields are shown and given, and when what is given can be read. */

/* False: not shown, not given, or not a value of the field's type (which is told at the field). */
static bool measure(struct checker *checker, const struct field *field, int64_t *number)
{
	if (!rule_field_shown(&checker->eval, field))
		return false;
	if (field_is_date(field))
		return str_to_i64(rule_answer(&checker->eval, field), number);
	return rule_number(&checker->eval, field, number);
}

/* A constant of the definition in the measure of the field: numbers are of thousandths. */
static int64_t constant(const struct field *field, int64_t value)
{
	return field_is_date(field) ? value : value * 1000;
}

/* YYYYMMDD, YYYYMM or YYYY; 0: none of them, or no such day. */
static unsigned date_digits(int64_t date)
{
	if (date >= 10000000 && date <= 99991231)
		return date_valid((int32_t)date) ? 8 : 0;
	if (date >= 100000 && date <= 999912)
		return month_valid((int32_t)date) ? 6 : 0;
	return date >= 1000 && date <= 9999 ? 4 : 0;
}

static int64_t date_cut(int64_t date, unsigned from, unsigned to)
{
	for (; from > to; from -= 2)
		date /= 100;
	return date;
}

/*
 * By what is known of both: less than 0, 0 or more than 0. *whole: both are known to the same part, so that 0 means
 * equal; otherwise 0 means that they may be. False: one of them is no date.
 */
static bool date_compare(int64_t a, int64_t b, int *order, bool *whole)
{
	unsigned da = date_digits(a);
	unsigned db = date_digits(b);
	unsigned known = da < db ? da : db;
	if (!known)
		return false;
	a = date_cut(a, da, known);
	b = date_cut(b, db, known);
	*order = a < b ? -1 : a > b;
	*whole = da == db;
	return true;
}

static bool order_holds(enum check_op op, int order, bool whole)
{
	switch (op) {
	case CHECK_LE:
		return order <= 0;
	case CHECK_LT:
		return order < 0 || (order == 0 && !whole);
	default:
		return order == 0;
	}
}

static bool texts_equal(struct checker *checker, const struct check *check)
{
	if (!rule_field_shown(&checker->eval, check->a) || !rule_field_shown(&checker->eval, check->b))
		return true;
	struct str a = rule_answer(&checker->eval, check->a);
	struct str b = rule_answer(&checker->eval, check->b);
	return str_empty(a) || str_empty(b) || str_eq(a, b);
}

static bool compare_holds(struct checker *checker, const struct check *check)
{
	int64_t a, b = constant(check->a, check->value);
	if (check->text)
		return texts_equal(checker, check);
	if (!measure(checker, check->a, &a) || (check->b && !measure(checker, check->b, &b)))
		return true;
	int order = a < b ? -1 : a > b;
	bool whole = true;
	if (field_is_date(check->a) && !date_compare(a, b, &order, &whole))
		return true;
	return order_holds(check->op, order, whole);
}

/* not_past, not_future, within_months, since_days: against a day counted from today. */
static bool today_holds(struct checker *checker, const struct check *check)
{
	int64_t a, day = checker->eval.scope->today;
	int order;
	bool whole;
	if (check->op == CHECK_WITHIN_MONTHS)
		day = date_add_months((int32_t)day, (int)check->value);
	else if (check->op == CHECK_SINCE_DAYS)
		day = date_add_days((int32_t)day, -(int)check->value);
	if (!measure(checker, check->a, &a) || !date_compare(a, day, &order, &whole))
		return true;
	return check->op == CHECK_NOT_PAST || check->op == CHECK_SINCE_DAYS ? order >= 0 : order <= 0;
}

/* What is compared must be there; fields that are only asked `given` need not. */
static bool comparable(void *arg, const struct rule *comparison)
{
	struct checker *checker = arg;
	if (comparison->op == RULE_GIVEN)
		return true;
	return rule_field_shown(&checker->eval, comparison->field) && !str_empty(rule_answer(&checker->eval, comparison->field));
}

static bool check_holds(struct checker *checker, const struct check *check)
{
	switch (check->op) {
	case CHECK_NOT_PAST:
	case CHECK_NOT_FUTURE:
	case CHECK_WITHIN_MONTHS:
	case CHECK_SINCE_DAYS:
		return today_holds(checker, check);
	case CHECK_RULE:
		return !rule_walk(check->rule, comparable, checker) || rule_holds(&checker->eval, check->rule);
	default:
		return compare_holds(checker, check);
	}
}

static void refuse(struct checker *checker, const struct check *check)
{
	struct asked asked = checker_asked(checker, check->a);
	struct issue *issue = checker_refuse(checker, &asked, MSG_NONE);
	issue->check = check;
	issue->warning = check->warning;
	checker->refusals -= check->warning;
}

static void sum_check(struct checker *checker, const struct check *check, size_t rows)
{
	int64_t sum = 0;
	size_t first = SIZE_MAX;
	for (size_t row = 0; row < rows; row++) {
		int64_t number;
		rule_eval_row(&checker->eval, check->group, row);
		if (!measure(checker, check->a, &number))
			continue;
		if (__builtin_add_overflow(sum, number, &sum))
			sum = INT64_MAX;
		if (first == SIZE_MAX)
			first = row;
	}
	if (first == SIZE_MAX || sum <= constant(check->a, check->value))
		return;
	rule_eval_row(&checker->eval, check->group, first);
	refuse(checker, check);
}

void cross_check(struct checker *checker, const struct check *check)
{
	struct rule_eval *eval = &checker->eval;
	if (!check->group) {
		if (rule_holds(eval, check->when) && !check_holds(checker, check))
			refuse(checker, check);
		return;
	}
	if (!rule_field_shown(eval, check->group))
		return;
	size_t rows = answers_rows(eval->scope->answers, check->group);
	if (rows > (size_t)check->group->max)
		rows = (size_t)check->group->max; /* the row too many is told by itself */
	if (check->op == CHECK_SUM_LE) {
		if (rule_holds(eval, check->when))
			sum_check(checker, check, rows);
		return;
	}
	for (size_t row = 0; row < rows; row++) {
		rule_eval_row(eval, check->group, row);
		if (rule_holds(eval, check->when) && !check_holds(checker, check))
			refuse(checker, check);
	}
}

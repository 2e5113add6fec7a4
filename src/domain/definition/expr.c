#include "domain/definition/expr.h"

#include "domain/definition/rule.h"

bool thousandths_read(struct str text, int64_t *out)
{
	bool minus = str_starts(text, STR("-"));
	struct str digits = minus ? str_skip(text, 1) : text;
	ptrdiff_t point = str_find_byte(digits, '.');
	struct str whole = point < 0 ? digits : str_sub(digits, 0, (size_t)point);
	struct str part = point < 0 ? (struct str){0} : str_skip(digits, (size_t)point + 1);
	uint64_t number = 0, rest = 0;
	if (!str_to_u64(whole, &number) || number > (uint64_t)THOUSANDTHS_MAX)
		return false;
	if (point >= 0 && (part.n == 0 || part.n > 3 || !str_to_u64(part, &rest)))
		return false;
	for (size_t n = part.n; n < 3; n++)
		rest *= 10;
	int64_t value = (int64_t)(number * 1000 + rest);
	*out = minus ? -value : value;
	return true;
}

struct walk {
	expr_visit *visit;
	void *arg;
};

static bool visit_comparison(void *arg, const struct rule *comparison)
{
	const struct walk *walk = arg;
	return walk->visit(walk->arg, comparison->field);
}

bool expr_walk(const struct expr *expr, expr_visit *visit, void *arg)
{
	struct walk walk = {visit, arg};
	if (!expr)
		return true;
	if (expr->field && !visit(arg, expr->field))
		return false;
	if (expr->rule && !rule_walk(expr->rule, visit_comparison, &walk))
		return false;
	for (size_t i = 0; i < expr->sub_count; i++)
		if (!expr_walk(expr->sub[i], visit, arg))
			return false;
	return true;
}

#include "domain/definition/stay.h"

#include "base/time.h"
#include "domain/form/form.h"

#define SHORT_DAYS 30 /* up to here there is no special period */
#define MONTHS 2

/* "P30D", "P3M", "P1Y3M"; what has no length ("unlimited") has no end either. */
static bool is_long(struct str period)
{
	int64_t days;

	if (!str_starts(period, STR("P")))
		return false;
	if (!str_ends(period, STR("D")))
		return true;
	return str_to_i64(str_sub(period, 1, period.n - 2), &days) && days > SHORT_DAYS;
}

int32_t stay_special_until(const struct procedure *procedure, const struct answers *answers, int32_t received)
{
	const struct stay_rule *rule = &procedure->stay;
	int64_t expiry;

	if (str_absent(rule->expiry) || !str_to_i64(answers_get(answers, rule->expiry), &expiry))
		return 0;
	if (expiry < received || expiry > 99991231 || !date_valid((int32_t)expiry))
		return 0;
	if (!str_eq(answers_get(answers, rule->card), STR("yes")) || !is_long(answers_get(answers, rule->period)))
		return 0;
	return date_add_months((int32_t)expiry, MONTHS);
}

#include "web/account_view.h"

#include "base/limits.h"
#include "domain/portal.h"
#include "domain/postal.h"
#include "i18n/width.h"

/* Seven digits out of "１２３－４５６７", "〒123-4567". */
static struct str code_digits(struct exchange *ex, struct str typed)
{
	struct str half = width_half(ex->cx.arena, typed);
	struct buf digits;

	buf_init(&digits, ex->cx.arena, 64);
	for (size_t i = 0; i < half.n; i++) {
		if (half.p[i] >= '0' && half.p[i] <= '9')
			buf_byte(&digits, half.p[i]);
	}
	return buf_view(&digits);
}

struct str postal_address(struct exchange *ex, struct str typed_code)
{
	struct postal_place places[POSTAL_PLACES_MAX];
	struct str code = code_digits(ex, typed_code);

	if (!ex->cx.portal->postal || code.n != 7)
		return STR("");
	size_t n = postal_find(ex->cx.portal->postal, code, places);

	if (n == 0)
		return STR("");
	bool one_city = true;

	for (size_t i = 1; i < n; i++)
		one_city = one_city && str_eq(places[i].city, places[0].city);
	struct str parts[] = {places[0].prefecture, one_city ? places[0].city : STR(""), n == 1 ? places[0].town : STR("")};

	return str_join(ex->cx.arena, parts, 3, STR(""));
}

struct params params_with_address(struct exchange *ex, const struct params *form, struct str postal_name, struct str address_name)
{
	struct str found = postal_address(ex, params_get(form, postal_name));
	struct param *copy = arena_array(ex->cx.arena, struct param, form->n);

	for (size_t i = 0; i < form->n; i++) {
		copy[i] = form->v[i];
		if (str_eq(copy[i].name, address_name) && !str_empty(found) && !str_starts(copy[i].value, found))
			copy[i].value = found;
	}
	return (struct params){copy, form->n};
}

#include "web/account_view.h"

#include "base/utf8.h"
#include "domain/form/input.h"
#include "domain/form/spelling.h"
#include "domain/portal.h"
#include "domain/postal.h"
#include "web/view_text.h"

/* The address of seven digits; city is that of all its places. False: no such code. */
static bool find(struct exchange *ex, struct str typed_code, struct str *found, struct str *city)
{
	struct postal_place places[POSTAL_PLACES_MAX];
	struct str code = spell_postal(ex->cx.arena, spell_clean(ex->cx.arena, typed_code));
	size_t n = ex->cx.portal->postal ? postal_find(ex->cx.portal->postal, code, places) : 0;
	bool one_city = true;

	if (n == 0)
		return false;
	for (size_t i = 1; i < n; i++)
		one_city = one_city && str_eq(places[i].city, places[0].city);
	*city = one_city ? places[0].city : STR("");
	struct str parts[] = {places[0].prefecture, *city, n == 1 ? places[0].town : STR("")};

	*found = str_join(ex->cx.arena, parts, 3, STR(""));
	return true;
}

/* How much of what stands there the found address takes the place of. */
static size_t replaced(struct exchange *ex, struct str address, struct str found, struct str city)
{
	size_t known = postal_beginning(ex->cx.portal->postal, address);

	if (known > 0 || str_empty(city) || !str_starts(address, city))
		return known;
	/* This address, without its prefecture. */
	struct str short_form = str_skip(found, (size_t)str_find(found, city));

	return str_starts(address, short_form) ? short_form.n : city.n;
}

static void no_room(struct exchange *ex, const struct address_search *search, struct str found, struct issues *issues)
{
	const struct msg_arg args[] = {{STR("found"), found}, view_number(ex, "max", (int64_t)search->most)};

	issues_add(ex->cx.arena, issues, search->address_path, MSG_field_found_no_room, args, 2);
}

struct str address_search(struct exchange *ex, const struct address_search *search, struct issues *issues)
{
	struct str address = search->address, found, city;

	if (!find(ex, search->code, &found, &city)) {
		issues_add(ex->cx.arena, issues, search->code_path, MSG_field_not_found, NULL, 0);
		return address;
	}
	if (str_starts(address, found))
		return address;
	struct str parts[] = {found, str_skip(address, replaced(ex, address, found, city))};
	struct str both = str_join(ex->cx.arena, parts, 2, STR(""));

	if (utf8_count(both) <= search->most)
		return both;
	no_room(ex, search, found, issues);
	return address;
}

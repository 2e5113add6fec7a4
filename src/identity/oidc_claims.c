#include "identity/oidc_inside.h"

/*
 * The four items as providers say them. The forms of the Digital Authentication App's claims are not public, so what is seen in the
 * wild is understood: OpenID Connect Core section 5.1 (YYYY-MM-DD with 0000 for an unknown year, an address that is an object) and the numbers
 * of the card.
 */

static err required(const struct json *claims, struct str name, const struct json **out)
{
	const struct json *found = json_get(claims, name);

	if (!found || found->kind == JSON_KIND_NULL || (found->kind == JSON_KIND_STR && found->text.n == 0))
		return fail(ERR_NOT_FOUND, "claim " STR_FMT " is missing", STR_ARG(name));
	*out = found;
	return ok();
}

static err address_read(const struct json *claim, struct str *out)
{
	if (claim->kind == JSON_KIND_STR) {
		*out = claim->text;
		return ok();
	}
	if (claim->kind != JSON_KIND_MAP)
		return fail(ERR_INVALID, "claim address is of no known form");
	TRY(required(claim, STR("formatted"), &claim));
	if (claim->kind != JSON_KIND_STR)
		return fail(ERR_INVALID, "claim address is of no known form");
	*out = claim->text;
	return ok();
}

/* YYYYMMDD or YYYY-MM-DD. */
static err birth_read(const struct json *claim, struct basic4 *out)
{
	char digits[9] = "";
	size_t n = 0;

	if (claim->kind != JSON_KIND_STR || (claim->text.n != 8 && claim->text.n != 10))
		return fail(ERR_INVALID, "claim birthdate is of no known form");
	for (size_t i = 0; i < claim->text.n; i++) {
		char c = claim->text.p[i];

		if (claim->text.n == 10 && (i == 4 || i == 7) && c == '-')
			continue;
		if (c < '0' || c > '9' || n == 8)
			return fail(ERR_INVALID, "claim birthdate is of no known form");
		digits[n++] = c;
	}
	int64_t date;

	if (n != 8 || !str_to_i64(str_make(digits, n), &date))
		return fail(ERR_INVALID, "claim birthdate is of no known form");
	out->year = (int32_t)(date / 10000);
	out->month = (unsigned)(date / 100 % 100);
	out->day = (unsigned)(date % 100);
	return ok();
}

static err sex_read(const struct json *claim, unsigned *out)
{
	static const struct {
		struct str word;
		int64_t number;
		unsigned sex;
	} words[] = {
		{STR_INIT("male"), 1, 1},
		{STR_INIT("female"), 2, 2},
		{STR_INIT("other"), 3, 3},
		{STR_INIT("other"), 9, 3},
		{STR_INIT("other"), 0, 3},
	};
	int64_t number = -1;
	bool text = claim->kind == JSON_KIND_STR;

	if (claim->kind == JSON_KIND_INT)
		number = claim->number;
	else if (text && claim->text.n == 1 && !str_to_i64(claim->text, &number))
		number = -1;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (number == words[i].number || (text && str_eq(claim->text, words[i].word))) {
			*out = words[i].sex;
			return ok();
		}
	}
	return fail(ERR_INVALID, "claim gender is of no known form");
}

err oidc_basic4(struct arena *arena, const struct json *claims, struct basic4 *out)
{
	struct basic4 basic4 = {.source = IDV_OIDC_CLAIMS};
	const struct json *name, *address, *birth, *sex;

	TRY(required(claims, STR("name"), &name));
	TRY(required(claims, STR("address"), &address));
	TRY(required(claims, STR("birthdate"), &birth));
	TRY(required(claims, STR("gender"), &sex));
	if (name->kind != JSON_KIND_STR)
		return fail(ERR_INVALID, "claim name is of no known form");
	basic4.name = str_dup(arena, name->text);
	TRY(address_read(address, &basic4.address));
	TRY(birth_read(birth, &basic4));
	TRY(sex_read(sex, &basic4.sex));
	TRY(basic4_check(&basic4));
	*out = basic4;
	return ok();
}

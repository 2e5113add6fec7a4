#include "sim/ca/person.h"

#include "base/time.h"
#include "base/utf8.h"

#define TEXT_MAX 200 /* characters of a name, or of an address */
#define PLACE_MAX 64 /* characters of a part of a distinguished name, RFC 5280 appendix A */
#define OFFICE_CHARS 9

const char *const person_oids[PERSON_ITEMS] = {
	"1.2.392.200149.8.5.5.1",
	"1.2.392.200149.8.5.5.4",
	"1.2.392.200149.8.5.5.3",
	"1.2.392.200149.8.5.5.5",
	"1.2.392.200149.8.5.5.2",
	"1.2.392.200149.8.5.5.6",
};

static err check_text(const char *what, struct str text, size_t most)
{
	if (str_empty(text) || !utf8_valid(text) || utf8_count(text) > most)
		return fail(ERR_INVALID, "%s: not 1 to %zu characters in UTF-8", what, most);
	for (struct str rest = text; !str_empty(rest);) {
		if (utf8_is_hidden(utf8_next(&rest)))
			return fail(ERR_INVALID, "%s: holds a character that is not seen", what);
	}
	return ok();
}

static err check_birth(const struct ca_person *person)
{
	if (person->era < '0' || person->era > '9')
		return fail(ERR_INVALID, "date of birth: the era is a digit");
	if (person->year < 1 || person->year > 9999 || person->month > 12 || person->day > 31)
		return fail(ERR_INVALID, "date of birth: no date");
	/* A month or a day that is not known is no date of the calendar, but may be on a card. */
	if (person->month == 0 || person->day == 0)
		return ok();
	unsigned date = person->year * 10000 + person->month * 100 + person->day;
	if (!date_valid((int32_t)date))
		return fail(ERR_INVALID, "date of birth: no date");
	return ok();
}

static err check_subst(const char *what, struct str subst, struct str text)
{
	if (str_empty(subst))
		return ok();
	if (subst.n != utf8_count(text))
		return fail(ERR_INVALID, "%s: one digit for each character", what);
	for (size_t i = 0; i < subst.n; i++) {
		if (subst.p[i] != '0' && subst.p[i] != '1')
			return fail(ERR_INVALID, "%s: holds something else than 0 and 1", what);
	}
	return ok();
}

static err check_office(struct str office)
{
	if (str_empty(office))
		return ok();
	bool right = office.n == OFFICE_CHARS;
	for (size_t i = 0; i < office.n; i++) {
		char c = office.p[i];
		right = right && ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'));
	}
	if (!right)
		return fail(ERR_INVALID, "office: not 9 of A-Z and 0-9");
	return ok();
}

err person_check(const struct ca_person *person)
{
	TRY(check_text("name", person->name, TEXT_MAX));
	TRY(check_text("address", person->address, TEXT_MAX));
	TRY(check_text("prefecture", person->prefecture, PLACE_MAX));
	/* " CRLDP" is added to it in a name that holds 64 characters. */
	TRY(check_text("municipality", person->municipality, PLACE_MAX - 6));
	TRY(check_birth(person));
	if (person->sex < 1 || person->sex > 3)
		return fail(ERR_INVALID, "sex: not 1, 2 or 3");
	TRY(check_subst("name_subst", person->name_subst, person->name));
	TRY(check_subst("address_subst", person->address_subst, person->address));
	return check_office(person->office);
}

static struct str subst_of(struct arena *arena, struct str subst, struct str text)
{
	if (!str_empty(subst))
		return subst;
	size_t n = utf8_count(text);
	char *zeros = arena_alloc(arena, n);
	memset(zeros, '0', n);
	return str_make(zeros, n);
}

void person_items(struct arena *arena, const struct ca_person *person, struct str out[PERSON_ITEMS])
{
	out[0] = person->name;
	out[1] = str_fmt(
		arena, "%c%04u%02u%02u", person->era, person->year, person->month, person->day);
	out[2] = str_fmt(arena, "%u", person->sex);
	out[3] = person->address;
	out[4] = subst_of(arena, person->name_subst, person->name);
	out[5] = subst_of(arena, person->address_subst, person->address);
}

#include "domain/identity/card_fill.h"

/* The certificate knows 1 and 2; anything else is not told. */
static struct str sex_value(const struct field *field, unsigned sex)
{
	struct str value = sex == 1 ? STR("male") : sex == 2 ? STR("female") : STR("");

	return value.n > 0 && choice_find(field->choices, value, (struct str){0}, 0) ? value : STR("");
}

static struct str birth_value(struct arena *arena, const struct field *field, const struct basic4 *basic4)
{
	bool whole = basic4->month != 0 && basic4->day != 0;

	if (basic4->year == 0 || (!whole && field->type != FIELD_PARTIAL_DATE))
		return STR("");
	if (basic4->month == 0)
		return str_fmt(arena, "%04d", (int)basic4->year);
	if (basic4->day == 0)
		return str_fmt(arena, "%04d%02u", (int)basic4->year, basic4->month);
	return str_fmt(arena, "%04d%02u%02u", (int)basic4->year, basic4->month, basic4->day);
}

static struct str item_value(struct arena *arena, const struct field *field, const struct basic4 *basic4)
{
	switch (field->card) {
	case CARD_NAME:
		return basic4->name;
	case CARD_ADDRESS:
		return basic4->address;
	case CARD_BIRTH_DATE:
		return birth_value(arena, field, basic4);
	case CARD_SEX:
		return sex_value(field, basic4->sex);
	default:
		return STR("");
	}
}

void card_fill(struct answers *answers, const struct procedure *procedure, enum user_type type, const struct basic4 *basic4)
{
	answers->card = true;
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];

		if (field->card_for && !(field->card_for >> type & 1))
			continue;
		struct str value = item_value(answers->arena, field, basic4);

		if (!str_empty(value))
			answers_hold(answers, field->id, value);
	}
}

bool basic4_same(const struct basic4 *a, const struct basic4 *b)
{
	return str_eq(a->name, b->name) && str_eq(a->address, b->address) && a->year == b->year && a->month == b->month &&
	       a->day == b->day && a->sex == b->sex;
}

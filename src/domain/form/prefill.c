#include "domain/form/prefill.h"

static struct str source_value(struct arena *arena, struct str source, const struct account *account)
{
	const struct {
		struct str name, value;
	} sources[] = {
		{STR("account.name"), account->name},
		{STR("account.sex"), account->sex},
		{STR("account.phone"), account->phone},
		{STR("account.postal_code"), account->postal_code},
		{STR("account.address"), account->address},
		{STR("account.email"), account->email},
		{STR("account.birth_date"), account->birth_on ? str_fmt(arena, "%d", (int)account->birth_on) : STR("")},
	};

	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		if (str_eq(sources[i].name, source))
			return sources[i].value;
	}
	return STR("");
}

void answers_prefill(struct answers *answers, const struct procedure *procedure, const struct account *account)
{
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];

		/* The account's address has been proven by a mail: nobody need type it again. */
		if (field->same_as && !field->group)
			answers_set(answers, field->id, answers_get(answers, field->same_as->id));
		if (str_empty(field->prefill) || field->group)
			continue;
		if (field->prefill_for && !(field->prefill_for & 1u << account->user_type))
			continue;
		form_apply(answers, field, 0, source_value(answers->arena, field->prefill, account));
	}
}

#include "domain/application/application_said.h"

static void say(const struct answers *shown, struct str field_id, struct str *said)
{
	struct str answer = field_id.n > 0 ? answers_get(shown, field_id) : STR("");

	if (answer.n > 0)
		*said = answer;
}

void application_said(const struct procedure *procedure, const struct answers *shown, struct application_said *said)
{
	say(shown, procedure->name_field, &said->name);
	say(shown, procedure->email_field, &said->email);
	if (procedure->office_field.n > 0)
		said->office = answers_get(shown, procedure->office_field);
}

#include "domain/definition/procedure.h"

static const char *const field_type_names[FIELD_TYPE_COUNT] = {
	[FIELD_TEXT] = "text",
	[FIELD_TEXTAREA] = "textarea",
	[FIELD_NUMBER] = "number",
	[FIELD_YEN] = "yen",
	[FIELD_DIGITS] = "digits",
	[FIELD_DATE] = "date",
	[FIELD_MONTH] = "month",
	[FIELD_PARTIAL_DATE] = "partial_date",
	[FIELD_PARTIAL_MONTH] = "partial_month",
	[FIELD_SELECT] = "select",
	[FIELD_RADIO] = "radio",
	[FIELD_MULTI] = "multi",
	[FIELD_CHECKBOX] = "checkbox",
	[FIELD_EMAIL] = "email",
	[FIELD_PHONE] = "phone",
	[FIELD_POSTAL] = "postal",
	[FIELD_ADDRESS] = "address",
	[FIELD_CARD_NO] = "card_no",
	[FIELD_CORP_NO] = "corp_no",
	[FIELD_COUNTRY] = "country",
	[FIELD_GROUP] = "group",
	[FIELD_NOTE] = "note",
	[FIELD_CALC] = "calc",
};

static const char *const user_type_names[USER_TYPE_COUNT] = {
	[USER_ORGANIZATION] = "organization",
	[USER_ATTORNEY] = "attorney",
	[USER_FOREIGN_NATIONAL] = "foreign_national",
	[USER_LEGAL_REPRESENTATIVE] = "legal_representative",
};

static const char *const calc_unit_names[CALC_UNIT_COUNT] = {
	[UNIT_NONE] = "none",
	[UNIT_POINTS] = "points",
	[UNIT_PERCENT] = "percent",
	[UNIT_YEN] = "yen",
};

const char *calc_unit_name(enum calc_unit unit)
{
	return calc_unit_names[unit];
}

const char *field_type_name(enum field_type type)
{
	return field_type_names[type];
}

const char *user_type_name(enum user_type type)
{
	return user_type_names[type];
}

bool field_has_choices(const struct field *field)
{
	return field->type == FIELD_SELECT || field->type == FIELD_RADIO || field->type == FIELD_MULTI || field->type == FIELD_COUNTRY;
}

bool field_is_answered(const struct field *field)
{
	return field->type != FIELD_GROUP && field->type != FIELD_NOTE && field->type != FIELD_CALC;
}

bool field_has_value(const struct field *field)
{
	return field_is_answered(field) || field->type == FIELD_CALC;
}

bool field_is_date(const struct field *field)
{
	return field->type == FIELD_DATE || field->type == FIELD_MONTH || field->type == FIELD_PARTIAL_DATE ||
	       field->type == FIELD_PARTIAL_MONTH;
}

static bool all_numeric(const struct choice_list *list)
{
	int64_t number;
	for (size_t i = 0; i < list->n; i++)
		if (!str_to_i64(list->v[i].value, &number))
			return false;
	return list->n > 0;
}

bool field_is_number(const struct field *field)
{
	switch (field->type) {
	case FIELD_NUMBER:
	case FIELD_YEN:
		return true;
	case FIELD_DIGITS: /* 15 digits are as many as a number of thousandths has room for */
		return field->max_length <= 15;
	case FIELD_SELECT:
	case FIELD_RADIO: /* years, months, times are often chosen from a list */
		return field->choices && all_numeric(field->choices);
	case FIELD_CALC:
		return !field->copies;
	default:
		return false;
	}
}

const struct procedure *catalogue_find(const struct catalogue *catalogue, struct str id)
{
	return map_get(&catalogue->by_id, id);
}

bool procedure_is_request(const struct procedure *procedure)
{
	return procedure->use == USE_REQUEST || procedure->use == USE_RENEWAL;
}

bool procedure_open(const struct procedure *procedure, int32_t today)
{
	return (procedure->open_from == 0 || procedure->open_from <= today) &&
	       (procedure->open_until == 0 || today <= procedure->open_until);
}

bool procedure_reads_card(const struct procedure *procedure, enum user_type type)
{
	return procedure->card_reading_for >> type & 1;
}

bool procedure_has_step(const struct procedure *procedure, enum card_step step)
{
	return procedure->card_steps[0] == step || procedure->card_steps[1] == step;
}

const struct field *procedure_field(const struct procedure *procedure, struct str id)
{
	return map_get(&procedure->by_id, id);
}

const struct section *procedure_section(const struct procedure *procedure, struct str id)
{
	for (size_t i = 0; i < procedure->section_count; i++)
		if (str_eq(procedure->sections[i]->id, id))
			return procedure->sections[i];
	return NULL;
}

const struct document *procedure_document(const struct procedure *procedure, struct str id)
{
	for (size_t i = 0; i < procedure->document_count; i++)
		if (str_eq(procedure->documents[i].id, id))
			return &procedure->documents[i];
	return NULL;
}

#include "domain/form/form.h"

/* What a choice could be, from what has been answered elsewhere. */

/* The longest label that the address begins with: a city that has an entry of its own stands behind its prefecture. */
static struct str by_area(const struct choice_list *list, struct str address, int32_t on)
{
	const struct choice *best = NULL;
	size_t length = 0;
	for (size_t i = 0; i < list->n; i++) {
		struct str label = text_form(&list->v[i].label, LANG_JA, TEXT_PLAIN);
		if (label.n > length && str_starts(address, label) && choice_offered(&list->v[i], (struct str){0}, on)) {
			best = &list->v[i];
			length = label.n;
		}
	}
	return best ? best->value : (struct str){0};
}

static struct str by_parent(const struct choice_list *list, struct str parent, int32_t on)
{
	const struct choice *only = NULL;
	for (size_t i = 0; i < list->n; i++) {
		if (!choice_offered(&list->v[i], parent, on))
			continue;
		if (only)
			return (struct str){0};
		only = &list->v[i];
	}
	return only ? only->value : (struct str){0};
}

struct str form_proposal(const struct form_scope *scope, const struct field *field, size_t row)
{
	const struct field *from = field->proposes_from;
	if (!from || !field->choices || !form_field_shown(scope, from, row))
		return (struct str){0};
	struct str value = answers_to(scope->answers, from, row);
	if (str_empty(value))
		return value;
	return field->propose_by == PROPOSE_AREA ? by_area(field->choices, value, scope->today)
						 : by_parent(field->choices, value, scope->today);
}

static void propose(const struct form_scope *scope, const struct field *field, size_t row, struct answers *answers)
{
	if (field->proposes_from && str_empty(answers_to(answers, field, row)))
		answers_set(answers, path_in_row(answers->arena, field, row), form_proposal(scope, field, row));
}

void form_propose(const struct form_scope *scope, const struct section *section, struct answers *answers)
{
	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = section->fields[i];
		size_t rows = field->type == FIELD_GROUP ? answers_rows(answers, field) : 0;
		propose(scope, field, 0, answers);
		for (size_t row = 0; row < rows && row < (size_t)field->max; row++)
			for (size_t f = 0; f < field->field_count; f++)
				propose(scope, field->fields[f], row, answers);
	}
}

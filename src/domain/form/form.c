#include "domain/form/form_check.h"

bool form_section_shown(const struct form_scope *scope, const struct section *section)
{
	struct rule_eval eval;
	rule_eval_init(&eval, scope);
	return rule_section_shown(&eval, section);
}

bool form_field_shown(const struct form_scope *scope, const struct field *field, size_t row)
{
	struct rule_eval eval;
	rule_eval_init(&eval, scope);
	if (field->group)
		rule_eval_row(&eval, field->group, row);
	return rule_field_shown(&eval, field);
}

static bool is_kept(struct rule_eval *eval, const struct field *field)
{
	return field_has_value(field) && !field->same_as && rule_field_shown(eval, field) && !str_empty(rule_answer(eval, field));
}

/* Rows without a shown answer are left out, and those behind them move up. */
static void group_shown(struct rule_eval *eval, const struct field *group, struct answers *out)
{
	size_t rows = answers_rows(eval->scope->answers, group);
	size_t kept = 0;
	for (size_t row = 0; row < rows && row < (size_t)group->max; row++) {
		bool any = false;
		rule_eval_row(eval, group, row);
		for (size_t i = 0; i < group->field_count; i++) {
			const struct field *field = group->fields[i];
			if (!is_kept(eval, field))
				continue;
			answers_borrow(out, field_path(field, kept), rule_answer(eval, field));
			any |= field->type != FIELD_CALC;
		}
		kept += any;
	}
}

static void section_shown(struct rule_eval *eval, const struct section *section, struct answers *out)
{
	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = section->fields[i];
		if (field->type == FIELD_GROUP && rule_field_shown(eval, field))
			group_shown(eval, field, out);
		else if (is_kept(eval, field))
			answers_borrow(out, field_path(field, 0), rule_answer(eval, field));
	}
}

void shown_take(struct rule_eval *eval, struct arena *arena, struct answers *out)
{
	const struct procedure *procedure = eval->scope->procedure;
	struct answers shown;
	answers_init_room(&shown, arena, eval->scope->answers->map.n);
	for (size_t i = 0; i < procedure->section_count; i++)
		if (rule_section_shown(eval, procedure->sections[i]))
			section_shown(eval, procedure->sections[i], &shown);
	*out = shown;
}

void form_shown(const struct form_scope *scope, struct arena *arena, struct answers *out)
{
	struct rule_eval eval;
	rule_eval_init(&eval, scope);
	shown_take(&eval, arena, out);
}

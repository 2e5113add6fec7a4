#include "domain/rule.h"

#include "base/time.h"
#include "domain/expr.h"
#include "domain/form.h"

/* What an evaluation knows of a field or section. */
enum known { UNKNOWN, HIDDEN, SHOWN };

const struct rule rule_always = {.op = RULE_ALL};
const struct rule rule_never = {.op = RULE_ANY};

bool rule_is_always(const struct rule *rule)
{
	return !rule || (rule->op == RULE_ALL && rule->sub_count == 0);
}

bool rule_is_never(const struct rule *rule)
{
	return rule && rule->op == RULE_ANY && rule->sub_count == 0;
}

bool rule_walk(const struct rule *rule, rule_visit *visit, void *arg)
{
	if (rule->field)
		return visit(arg, rule);
	for (size_t i = 0; i < rule->sub_count; i++)
		if (!rule_walk(rule->sub[i], visit, arg))
			return false;
	return true;
}

void rule_eval_init(struct rule_eval *eval, const struct form_scope *scope)
{
	memset(eval, 0, sizeof *eval);
	eval->scope = scope;
}

void rule_eval_row(struct rule_eval *eval, const struct field *group, size_t row)
{
	eval->group = group;
	eval->row = row;
	/* Row fields stand right behind their group; nothing else depends on a row. */
	memset(eval->fields + group->index + 1, UNKNOWN, group->field_count);
}

struct str rule_answer(const struct rule_eval *eval, const struct field *field)
{
	if (field->group && eval->row > (size_t)field->group->max)
		return (struct str){0};
	return answers_to(eval->scope->answers, field, eval->row);
}

bool rule_number(const struct rule_eval *eval, const struct field *field, int64_t *out)
{
	struct str text = rule_answer(eval, field);
	int64_t whole;
	if (field->type == FIELD_CALC)
		return thousandths_read(text, out);
	if (!str_to_i64(text, &whole) || whole > THOUSANDTHS_MAX || whole < -THOUSANDTHS_MAX)
		return false;
	*out = whole * 1000;
	return true;
}

bool rule_age(const struct rule_eval *eval, const struct field *field, int64_t *out)
{
	struct str text = rule_answer(eval, field);
	int64_t date;
	if ((text.n != 4 && text.n != 6 && text.n != 8) || !str_to_i64(text, &date))
		return false;
	if (text.n == 4)
		date = date * 100 + 1;
	if (text.n <= 6)
		date = date * 100 + 1;
	if (!date_valid((int32_t)date) || date > eval->scope->today)
		return false;
	*out = date_age((int32_t)date, eval->scope->today);
	return true;
}

static bool in_range(const struct rule *rule, int64_t number)
{
	return number >= rule->least && number < rule->below;
}

static bool among(const struct rule *rule, struct str value)
{
	for (size_t i = 0; i < rule->value_count; i++)
		if (str_eq(rule->values[i], value))
			return true;
	return false;
}

static bool has_one(const struct rule *rule, struct str several)
{
	struct str one;
	while (str_next(&several, ' ', &one))
		if (among(rule, one))
			return true;
	return false;
}

static bool comparison_holds(struct rule_eval *eval, const struct rule *rule)
{
	if (!rule_field_shown(eval, rule->field))
		return false;
	struct str value = rule_answer(eval, rule->field);
	int64_t number;
	switch (rule->op) {
	case RULE_RANGE:
		return rule_number(eval, rule->field, &number) && in_range(rule, number);
	case RULE_AGE:
		return rule_age(eval, rule->field, &number) && in_range(rule, number * 1000);
	case RULE_HAS:
		return has_one(rule, value);
	case RULE_GIVEN:
		return !str_empty(value);
	default:
		return among(rule, value);
	}
}

bool rule_holds(struct rule_eval *eval, const struct rule *rule)
{
	if (!rule)
		return true;
	switch (rule->op) {
	case RULE_ALL:
		for (size_t i = 0; i < rule->sub_count; i++)
			if (!rule_holds(eval, rule->sub[i]))
				return false;
		return true;
	case RULE_ANY:
		for (size_t i = 0; i < rule->sub_count; i++)
			if (rule_holds(eval, rule->sub[i]))
				return true;
		return false;
	case RULE_NOT:
		return !rule_holds(eval, rule->sub[0]);
	case RULE_ACTOR:
		return rule->actors >> eval->scope->user_type & 1;
	case RULE_CARD:
		return eval->scope->answers->card;
	default:
		return comparison_holds(eval, rule);
	}
}

bool rule_section_shown(struct rule_eval *eval, const struct section *section)
{
	if (eval->scope->everything)
		return true;
	uint8_t *known = &eval->sections[section->index];
	if (*known == UNKNOWN)
		*known = rule_holds(eval, section->when) ? SHOWN : HIDDEN;
	return *known == SHOWN;
}

bool rule_field_shown(struct rule_eval *eval, const struct field *field)
{
	if (eval->scope->everything)
		return true;
	uint8_t *known = &eval->fields[field->index];
	if (*known == UNKNOWN) {
		bool around = field->group ? rule_field_shown(eval, field->group) : rule_section_shown(eval, field->section);
		*known = around && rule_holds(eval, field->when) ? SHOWN : HIDDEN;
	}
	return *known == SHOWN;
}

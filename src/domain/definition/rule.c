#include "domain/definition/rule.h"

#include "base/time.h"
#include "domain/definition/expr.h"
#include "domain/form/form.h"

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

static enum holds look(struct known *known, const struct rule *leaf)
{
	return holds_of(rule_leaf_holds((struct rule_eval *)known, leaf));
}

void rule_eval_init(struct rule_eval *eval, const struct form_scope *scope)
{
	known_init(&eval->known, look);
	eval->known.everything = scope->everything;
	eval->scope = scope;
	eval->group = NULL;
	eval->row = 0;
	memset(eval->places, 0, sizeof eval->places);
}

void rule_eval_row(struct rule_eval *eval, const struct field *group, size_t row)
{
	eval->group = group;
	eval->row = row;
	/* Row fields stand right behind their group; nothing else depends on a row. */
	memset(eval->known.fields + group->index + 1, 0, group->field_count);
}

const struct answer *rule_find(struct rule_eval *eval, const struct field *field)
{
	const struct answers *answers = eval->scope->answers;
	if (field->group && eval->row > (size_t)field->group->max)
		return NULL;
	if (field->group)
		return answers_at(answers, answers_place(answers, field_path(field, eval->row)));
	/* Conditions ask for the same few answers again and again. */
	size_t place = eval->places[field->index];
	if (place == 0) {
		place = answers_place(answers, field_path(field, 0)) + 1;
		eval->places[field->index] = place <= UINT16_MAX ? (uint16_t)place : 0;
	}
	return answers_at(answers, place - 1);
}

struct str rule_answer(struct rule_eval *eval, const struct field *field)
{
	const struct answer *answer = rule_find(eval, field);
	return answer ? answer->value : (struct str){0};
}

bool rule_number_in(const struct field *field, struct str answer, int64_t *out)
{
	int64_t whole;
	if (field->type == FIELD_CALC)
		return thousandths_read(answer, out);
	if (!str_to_i64(answer, &whole) || whole > THOUSANDTHS_MAX || whole < -THOUSANDTHS_MAX)
		return false;
	*out = whole * 1000;
	return true;
}

bool rule_number(struct rule_eval *eval, const struct field *field, int64_t *out)
{
	return rule_number_in(field, rule_answer(eval, field), out);
}

bool rule_age(struct rule_eval *eval, const struct field *field, int64_t *out)
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

static bool among(const struct rule *comparison, struct str value)
{
	for (size_t i = 0; i < comparison->value_count; i++)
		if (str_eq(comparison->values[i], value))
			return true;
	return false;
}

static bool has_one(const struct rule *comparison, struct str several)
{
	struct str one;
	while (str_next(&several, ' ', &one))
		if (among(comparison, one))
			return true;
	return false;
}

bool rule_fits(const struct rule *comparison, struct str answer, const int64_t *number)
{
	switch (comparison->op) {
	case RULE_RANGE:
	case RULE_AGE:
		return number && *number >= comparison->least && *number < comparison->below;
	case RULE_HAS:
		return has_one(comparison, answer);
	case RULE_GIVEN:
		return !str_empty(answer);
	default:
		return among(comparison, answer);
	}
}

bool rule_leaf_holds(struct rule_eval *eval, const struct rule *leaf)
{
	int64_t number;
	switch (leaf->op) {
	case RULE_ACTOR:
		return leaf->actors >> eval->scope->user_type & 1;
	case RULE_CARD:
		return eval->scope->answers->card;
	case RULE_RANGE:
		return rule_number(eval, leaf->field, &number) && rule_fits(leaf, (struct str){0}, &number);
	case RULE_AGE:
		if (!rule_age(eval, leaf->field, &number))
			return false;
		number *= 1000;
		return rule_fits(leaf, (struct str){0}, &number);
	default:
		return rule_fits(leaf, rule_answer(eval, leaf->field), NULL);
	}
}

bool rule_holds(struct rule_eval *eval, const struct rule *rule)
{
	return known_rule(&eval->known, rule) == HOLDS_YES;
}

bool rule_section_shown(struct rule_eval *eval, const struct section *section)
{
	return known_section(&eval->known, section) == HOLDS_YES;
}

bool rule_field_shown(struct rule_eval *eval, const struct field *field)
{
	return known_field(&eval->known, field) == HOLDS_YES;
}

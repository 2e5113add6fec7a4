#include "domain/minutes.h"

#include "domain/procedure.h"

#include <string.h>

/* What a condition comes to while most answers are unknown; in this order, so that "all" is the smallest and "any" the largest. */
enum holds { HOLDS_NO, HOLDS_PERHAPS, HOLDS_YES };

/* One kind of person: who they are, and what the two deciding answers are. */
struct person {
	enum user_type type;
	const struct field *known[2]; /* status, activity; NULL: there is none */
	struct str value[2];
	uint8_t sections[LIMIT_SECTIONS]; /* enum holds + 1; 0: not looked at yet */
};

static enum holds condition(struct person *person, const struct rule *rule);

static enum holds smaller(enum holds a, enum holds b)
{
	return a < b ? a : b;
}

static enum holds section_asked(struct person *person, const struct section *section)
{
	uint8_t *known = &person->sections[section->index];
	if (!*known)
		*known = (uint8_t)(condition(person, section->when) + 1);
	return (enum holds)(*known - 1);
}

/* Definitions with a circle are refused when they are read, so this ends. */
static enum holds field_asked(struct person *person, const struct field *field)
{
	enum holds around = field->group ? field_asked(person, field->group) : section_asked(person, field->section);
	return around == HOLDS_NO ? HOLDS_NO : smaller(around, condition(person, field->when));
}

static enum holds comparison(struct person *person, const struct rule *rule)
{
	enum holds asked = field_asked(person, rule->field);
	if (asked == HOLDS_NO)
		return HOLDS_NO;
	for (size_t i = 0; i < 2; i++) {
		if (rule->field != person->known[i])
			continue;
		if (rule->op == RULE_GIVEN)
			return asked;
		for (size_t v = 0; v < rule->value_count; v++)
			if (str_eq(rule->values[v], person->value[i]))
				return asked;
		return HOLDS_NO;
	}
	return HOLDS_PERHAPS;
}

static enum holds condition(struct person *person, const struct rule *rule)
{
	if (!rule)
		return HOLDS_YES;
	enum holds found = rule->op == RULE_ANY ? HOLDS_NO : HOLDS_YES;
	switch (rule->op) {
	case RULE_ALL:
		for (size_t i = 0; i < rule->sub_count && found != HOLDS_NO; i++)
			found = smaller(found, condition(person, rule->sub[i]));
		return found;
	case RULE_ANY:
		for (size_t i = 0; i < rule->sub_count && found != HOLDS_YES; i++) {
			enum holds one = condition(person, rule->sub[i]);
			found = one > found ? one : found;
		}
		return found;
	case RULE_NOT:
		return (enum holds)(HOLDS_YES - condition(person, rule->sub[0]));
	case RULE_ACTOR:
		return rule->actors >> person->type & 1 ? HOLDS_YES : HOLDS_NO;
	case RULE_CARD:
		return HOLDS_PERHAPS;
	default:
		return comparison(person, rule);
	}
}

static void add(const struct procedure *procedure, struct person *person, struct minutes *sum)
{
	struct minutes own = {0};
	memset(person->sections, 0, sizeof person->sections);
	for (size_t i = 0; i < procedure->section_count; i++) {
		enum holds asked = section_asked(person, procedure->sections[i]);
		own.least += asked == HOLDS_YES ? procedure->sections[i]->minutes : 0;
		own.most += asked != HOLDS_NO ? procedure->sections[i]->minutes : 0;
	}
	if (sum->most == 0 || own.least < sum->least)
		sum->least = own.least;
	if (own.most > sum->most)
		sum->most = own.most;
}

/* Each choice of the nth deciding answer, if this person is asked it. */
static void each(const struct procedure *procedure, struct person *person, size_t n, struct minutes *sum)
{
	if (n == 2) {
		add(procedure, person, sum);
		return;
	}
	const struct field *field = person->known[n];
	memset(person->sections, 0, sizeof person->sections);
	if (!field || !field->choices || field_asked(person, field) == HOLDS_NO) {
		each(procedure, person, n + 1, sum);
		return;
	}
	for (size_t i = 0; i < field->choices->n; i++) {
		person->value[n] = field->choices->v[i].value;
		each(procedure, person, n + 1, sum);
	}
	person->value[n] = (struct str){0};
}

void minutes_find(const struct procedure *procedure, struct minutes out[USER_TYPE_COUNT])
{
	struct person person = {0};
	if (!str_absent(procedure->status_field))
		person.known[0] = procedure_field(procedure, procedure->status_field);
	if (!str_absent(procedure->activity_field))
		person.known[1] = procedure_field(procedure, procedure->activity_field);
	for (int type = 0; type < USER_TYPE_COUNT; type++) {
		out[type] = (struct minutes){0};
		person.type = (enum user_type)type;
		if (procedure->user_types[type])
			each(procedure, &person, 0, &out[type]);
	}
}

struct minutes minutes_of_all(const struct procedure *procedure)
{
	struct minutes all = {0};
	for (int type = 0; type < USER_TYPE_COUNT; type++) {
		const struct minutes *one = &procedure->minutes[type];
		if (one->most == 0)
			continue;
		all.least = all.most == 0 || one->least < all.least ? one->least : all.least;
		all.most = one->most > all.most ? one->most : all.most;
	}
	return all;
}

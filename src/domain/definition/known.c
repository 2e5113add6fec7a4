#include "domain/definition/known.h"

#include "domain/definition/procedure.h"

#include <string.h>

void known_init(struct known *known, known_look *look)
{
	*known = (struct known){.look = look};
}

void known_forget(struct known *known)
{
	memset(known->fields, 0, sizeof known->fields);
	memset(known->sections, 0, sizeof known->sections);
}

static enum holds lesser(enum holds a, enum holds b)
{
	return a < b ? a : b;
}

static enum holds all(struct known *known, const struct rule *rule)
{
	enum holds least = HOLDS_YES;
	for (size_t i = 0; i < rule->sub_count && least != HOLDS_NO; i++)
		least = lesser(least, known_rule(known, rule->sub[i]));
	return least;
}

static enum holds any(struct known *known, const struct rule *rule)
{
	enum holds greatest = HOLDS_NO;
	for (size_t i = 0; i < rule->sub_count && greatest != HOLDS_YES; i++) {
		enum holds one = known_rule(known, rule->sub[i]);
		greatest = one > greatest ? one : greatest;
	}
	return greatest;
}

static enum holds leaf(struct known *known, const struct rule *rule)
{
	enum holds shown = rule->field ? known_field(known, rule->field) : HOLDS_YES;
	return shown == HOLDS_NO ? HOLDS_NO : lesser(shown, known->look(known, rule));
}

enum holds known_rule(struct known *known, const struct rule *rule)
{
	if (!rule)
		return HOLDS_YES;
	switch (rule->op) {
	case RULE_ALL:
		return all(known, rule);
	case RULE_ANY:
		return any(known, rule);
	case RULE_NOT:
		return (enum holds)(HOLDS_YES - known_rule(known, rule->sub[0]));
	default:
		return leaf(known, rule);
	}
}

enum holds known_section(struct known *known, const struct section *section)
{
	uint8_t *found = &known->sections[section->index];
	if (known->everything)
		return HOLDS_YES;
	if (*found == 0)
		*found = (uint8_t)(known_rule(known, section->when) + 1);
	return (enum holds)(*found - 1);
}

enum holds known_field(struct known *known, const struct field *field)
{
	uint8_t *found = &known->fields[field->index];
	if (known->everything)
		return HOLDS_YES;
	if (*found == 0) {
		enum holds around = field->group ? known_field(known, field->group) : known_section(known, field->section);
		*found = (uint8_t)(around == HOLDS_NO ? HOLDS_NO + 1 : lesser(around, known_rule(known, field->when)) + 1);
	}
	return (enum holds)(*found - 1);
}

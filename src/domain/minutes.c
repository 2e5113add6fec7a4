#include "domain/minutes.h"

#include "domain/procedure.h"

/* One kind of person: who they are, and what the two deciding answers are. */
struct person {
	struct known known;
	enum user_type type;
	const struct field *deciding[2]; /* status, activity; NULL: there is none */
	struct str value[2];             /* absent: may be any */
};

static enum holds comparison(const struct person *person, const struct rule *leaf)
{
	int64_t number;
	for (size_t i = 0; i < 2; i++) {
		struct str value = person->value[i];
		if (leaf->field != person->deciding[i] || str_absent(value))
			continue;
		bool counts = rule_number_in(leaf->field, value, &number);
		return holds_of(rule_fits(leaf, value, counts ? &number : NULL));
	}
	return HOLDS_OPEN;
}

static enum holds look(struct known *known, const struct rule *leaf)
{
	const struct person *person = (const struct person *)known;
	switch (leaf->op) {
	case RULE_ACTOR:
		return holds_of(leaf->actors >> person->type & 1);
	case RULE_CARD:
		return HOLDS_OPEN;
	default:
		return comparison(person, leaf);
	}
}

static void add(const struct procedure *procedure, struct person *person, struct minutes *sum)
{
	struct minutes own = {0};
	known_forget(&person->known);
	for (size_t i = 0; i < procedure->section_count; i++) {
		enum holds asked = known_section(&person->known, procedure->sections[i]);
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
	const struct field *field = person->deciding[n];
	known_forget(&person->known);
	if (!field || !field->choices || known_field(&person->known, field) == HOLDS_NO) {
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
	known_init(&person.known, look);
	if (!str_absent(procedure->status_field))
		person.deciding[0] = procedure_field(procedure, procedure->status_field);
	if (!str_absent(procedure->activity_field))
		person.deciding[1] = procedure_field(procedure, procedure->activity_field);
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

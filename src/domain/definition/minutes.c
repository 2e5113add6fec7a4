#include "domain/definition/minutes.h"

#include "domain/definition/procedure.h"

/* One kind of person: who they are, and what the two deciding answers are. */
struct person {
	struct known known;
	const struct procedure *procedure;
	enum user_type type;             /* USER_TYPE_COUNT: may be any */
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
		return person->type == USER_TYPE_COUNT ? HOLDS_OPEN : holds_of(leaf->actors >> person->type & 1);
	case RULE_CARD:
		return HOLDS_OPEN;
	default:
		return comparison(person, leaf);
	}
}

/* What is known of the sections so far. More that is known of a person decides more of them, and what is decided stays. */
struct sections {
	struct minutes sum; /* with those that are open in `most` */
	size_t n;
	const struct section *open[LIMIT_SECTIONS];
};

static void narrow(struct person *person, const struct sections *before, struct sections *out)
{
	out->sum = before->sum;
	out->n = 0;
	known_forget(&person->known);
	for (size_t i = 0; i < before->n; i++) {
		const struct section *section = before->open[i];
		enum holds asked = known_section(&person->known, section);
		if (asked == HOLDS_OPEN)
			out->open[out->n++] = section;
		out->sum.least += asked == HOLDS_YES ? section->minutes : 0;
		out->sum.most -= asked == HOLDS_NO ? section->minutes : 0;
	}
}

static void widen(struct minutes *range, struct minutes by)
{
	if (range->most == 0 || by.least < range->least)
		range->least = by.least;
	if (by.most > range->most)
		range->most = by.most;
}

/* Last of all, because it decides least: who they are. */
static void each_type(struct person *person, const struct sections *before, struct minutes out[USER_TYPE_COUNT])
{
	for (int type = 0; type < USER_TYPE_COUNT; type++) {
		struct sections known;
		if (!person->procedure->user_types[type])
			continue;
		person->type = (enum user_type)type;
		narrow(person, before, &known);
		widen(&out[type], known.sum);
	}
	person->type = USER_TYPE_COUNT;
}

/* Each choice of the nth deciding answer, if it can be asked. */
static void each(struct person *person, size_t n, const struct sections *before, struct minutes out[USER_TYPE_COUNT])
{
	if (n == 2) {
		each_type(person, before, out);
		return;
	}
	const struct field *field = person->deciding[n];
	known_forget(&person->known);
	if (!field || !field->choices || known_field(&person->known, field) == HOLDS_NO) {
		each(person, n + 1, before, out);
		return;
	}
	for (size_t i = 0; i < field->choices->n; i++) {
		struct sections known;
		person->value[n] = field->choices->v[i].value;
		narrow(person, before, &known);
		each(person, n + 1, &known, out);
	}
	person->value[n] = (struct str){0};
}

void minutes_find(const struct procedure *procedure, struct minutes out[USER_TYPE_COUNT])
{
	struct person person = {.procedure = procedure, .type = USER_TYPE_COUNT};
	struct sections all = {.n = procedure->section_count}, known;
	known_init(&person.known, look);
	if (!str_absent(procedure->status_field))
		person.deciding[0] = procedure_field(procedure, procedure->status_field);
	if (!str_absent(procedure->activity_field))
		person.deciding[1] = procedure_field(procedure, procedure->activity_field);
	for (size_t i = 0; i < all.n; i++) {
		all.open[i] = procedure->sections[i];
		all.sum.most += all.open[i]->minutes;
	}
	for (int type = 0; type < USER_TYPE_COUNT; type++)
		out[type] = (struct minutes){0};
	narrow(&person, &all, &known);
	each(&person, 0, &known, out);
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

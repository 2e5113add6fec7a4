#include "domain/definition/reach.h"

#include "base/vec.h"

/* Of one question. The conditions of the largest procedure need some hundred. */
#define STEPS_MAX 20000

/* Something that must come out true or false. */
struct goal {
	const struct rule *rule; /* or */
	const struct field *field;
	const struct section *section;
	bool wanted;
};

/* A leaf that is supposed to hold, or not to. */
struct literal {
	const struct rule *rule;
	bool wanted;
};

struct reach {
	struct known known;      /* by the literals */
	struct arena *arena;
	const struct procedure *procedure;
	VEC(struct goal) goals;
	VEC(struct literal) literals;
	const struct rule *open; /* a leaf that may still come out either way */
	size_t steps;
};

static void want(struct reach *reach, struct goal goal)
{
	vec_push(reach->arena, &reach->goals, goal);
}

void reach_also(struct reach *reach, const struct rule *rule, bool wanted)
{
	want(reach, (struct goal){.rule = rule, .wanted = wanted});
}

/* ---- what one field can have for a value ---- */

struct candidate {
	struct str text;
	bool has_number;
	int64_t number; /* thousandths; of a date: an age */
};

static bool literal_fits(const struct literal *literal, const struct candidate *candidate)
{
	return rule_fits(literal->rule, candidate->text, candidate->has_number ? &candidate->number : NULL) == literal->wanted;
}

static bool all_fit(const struct reach *reach, const struct field *field, const struct candidate *candidate)
{
	for (size_t i = 0; i < reach->literals.n; i++)
		if (reach->literals.v[i].rule->field == field && !literal_fits(&reach->literals.v[i], candidate))
			return false;
	return true;
}

static bool choice_fits(const struct reach *reach, const struct field *field)
{
	const struct choice_list *list = field->choices;
	struct candidate none = {0};
	if (!list || all_fit(reach, field, &none))
		return true;
	for (size_t i = 0; i < list->n; i++) {
		struct candidate one = {.text = list->v[i].value};
		one.has_number = rule_number_in(field, one.text, &one.number);
		if (all_fit(reach, field, &one))
			return true;
	}
	return false;
}

/* Some literal wants none of these. */
static bool excluded(const struct reach *reach, const struct field *field, struct str value)
{
	for (size_t i = 0; i < reach->literals.n; i++) {
		const struct literal *literal = &reach->literals.v[i];
		if (literal->rule->field != field || literal->wanted)
			continue;
		if (rule_fits(literal->rule, value, NULL))
			return true;
	}
	return false;
}

static bool ticks_fit(const struct reach *reach, const struct field *field)
{
	for (size_t i = 0; i < reach->literals.n; i++) {
		const struct rule *rule = reach->literals.v[i].rule;
		if (rule->field != field || !reach->literals.v[i].wanted)
			continue;
		bool any = false;
		for (size_t v = 0; !any && rule->op == RULE_HAS && v < rule->value_count; v++)
			any = !excluded(reach, field, rule->values[v]);
		for (size_t v = 0; !any && rule->op == RULE_GIVEN && field->choices && v < field->choices->n; v++)
			any = !excluded(reach, field, field->choices->v[v].value);
		if (!any)
			return false;
	}
	return true;
}

static bool numbers_fit(const struct reach *reach, const struct field *field, int64_t number)
{
	int64_t below = number == INT64_MIN ? number : number - 1;
	struct candidate at = {STR("1"), true, number}, before = {STR("1"), true, below};
	return all_fit(reach, field, &at) || all_fit(reach, field, &before);
}

/* What may be written freely: what the literals name, and their bounds, stand for all there is. */
static bool writing_fits(const struct reach *reach, const struct field *field)
{
	struct candidate none = {0}, other = {.text = STR("\x01")};
	if (all_fit(reach, field, &none) || all_fit(reach, field, &other) || numbers_fit(reach, field, 0))
		return true;
	for (size_t i = 0; i < reach->literals.n; i++) {
		const struct rule *rule = reach->literals.v[i].rule;
		if (rule->field != field)
			continue;
		for (size_t v = 0; v < rule->value_count; v++) {
			struct candidate one = {.text = rule->values[v]};
			if (all_fit(reach, field, &one))
				return true;
		}
		if ((rule->op == RULE_RANGE || rule->op == RULE_AGE) &&
		    (numbers_fit(reach, field, rule->least) || numbers_fit(reach, field, rule->below)))
			return true;
	}
	return false;
}

static bool field_can(const struct reach *reach, const struct field *field)
{
	struct candidate ticked = {.text = STR("yes")}, none = {0};
	switch (field->type) {
	case FIELD_SELECT:
	case FIELD_RADIO:
	case FIELD_COUNTRY:
		return choice_fits(reach, field);
	case FIELD_MULTI:
		return ticks_fit(reach, field);
	case FIELD_CHECKBOX:
		return all_fit(reach, field, &ticked) || all_fit(reach, field, &none);
	default:
		return writing_fits(reach, field);
	}
}

/* ---- who it can be ---- */

static bool actor_can(const struct reach *reach)
{
	unsigned actors = 0;
	for (unsigned type = 0; type < USER_TYPE_COUNT; type++)
		actors |= (unsigned)reach->procedure->user_types[type] << type;
	for (size_t i = 0; i < reach->literals.n; i++) {
		const struct literal *literal = &reach->literals.v[i];
		if (literal->rule->op == RULE_ACTOR)
			actors &= literal->wanted ? literal->rule->actors : ~literal->rule->actors;
	}
	return actors != 0;
}

static bool card_can(const struct reach *reach)
{
	bool with = reach->procedure->card_reading_for != 0, without = true;
	for (size_t i = 0; i < reach->literals.n; i++) {
		if (reach->literals.v[i].rule->op != RULE_CARD)
			continue;
		with &= reach->literals.v[i].wanted;
		without &= !reach->literals.v[i].wanted;
	}
	return with || without;
}

/* ---- the search ---- */

/* Whether the leaf can come out so, beside all that is supposed. */
static bool possible(struct reach *reach, const struct rule *leaf, bool wanted)
{
	vec_push(reach->arena, &reach->literals, ((struct literal){leaf, wanted}));
	bool can = leaf->op == RULE_ACTOR ? actor_can(reach) : leaf->op == RULE_CARD ? card_can(reach) : field_can(reach, leaf->field);
	reach->literals.n--;
	return can;
}

static enum holds look(struct known *known, const struct rule *leaf)
{
	struct reach *reach = (struct reach *)known;
	if (!possible(reach, leaf, true))
		return HOLDS_NO;
	if (!possible(reach, leaf, false))
		return HOLDS_YES;
	if (!reach->open)
		reach->open = leaf;
	return HOLDS_OPEN;
}

static enum holds comes_out(struct reach *reach, const struct goal *goal)
{
	enum holds holds = goal->field ? known_field(&reach->known, goal->field)
			   : goal->section ? known_section(&reach->known, goal->section)
					   : known_rule(&reach->known, goal->rule);
	return goal->wanted ? holds : (enum holds)(HOLDS_YES - holds);
}

/* All goals together, by what is supposed. */
static enum holds all_come_out(struct reach *reach)
{
	enum holds all = HOLDS_YES;
	known_forget(&reach->known);
	reach->open = NULL;
	for (size_t i = 0; i < reach->goals.n && all != HOLDS_NO; i++) {
		enum holds one = comes_out(reach, &reach->goals.v[i]);
		all = one < all ? one : all;
	}
	return all;
}

/* Supposes one leaf more, one way and then the other. */
static bool search(struct reach *reach)
{
	enum holds all = all_come_out(reach);
	const struct rule *open = reach->open;
	if (all != HOLDS_OPEN || ++reach->steps > STEPS_MAX)
		return all != HOLDS_NO;
	for (int wanted = 1; wanted >= 0; wanted--) {
		vec_push(reach->arena, &reach->literals, ((struct literal){open, wanted}));
		if (search(reach))
			return true;
		reach->literals.n--;
	}
	return false;
}

struct reach *reach_new(struct arena *arena, const struct procedure *procedure)
{
	struct reach *reach = arena_new(arena, struct reach);
	known_init(&reach->known, look);
	reach->arena = arena;
	reach->procedure = procedure;
	return reach;
}

static bool ask(struct reach *reach, struct goal goal)
{
	reach->literals.n = reach->steps = 0;
	want(reach, goal);
	bool good = search(reach);
	reach->goals.n = 0;
	return good;
}

bool reach_section(struct reach *reach, const struct section *section)
{
	return ask(reach, (struct goal){.section = section, .wanted = true});
}

bool reach_field(struct reach *reach, const struct field *field)
{
	return ask(reach, (struct goal){.field = field, .wanted = true});
}

bool reach_rule(struct reach *reach, const struct rule *rule, bool wanted, const struct field *const *shown, size_t shown_count)
{
	for (size_t i = 0; i < shown_count; i++)
		want(reach, (struct goal){.field = shown[i], .wanted = true});
	return ask(reach, (struct goal){.rule = rule, .wanted = wanted});
}

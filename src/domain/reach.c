#include "domain/reach.h"

#include "base/limits.h"
#include "base/vec.h"
#include "domain/expr.h"

/* Of one question. The conditions of the largest procedure need some hundred. */
#define STEPS_MAX 20000
#define DEPTH_MAX 2000

enum mark { MARK_OPEN, MARK_SHOWN, MARK_HIDDEN };
enum goal_kind { GOAL_RULE, GOAL_FIELD, GOAL_SECTION };

/* Something that must come out true or false. */
struct goal {
	const struct goal *next;
	enum goal_kind kind;
	const struct rule *rule;
	const struct field *field;
	const struct section *section;
	bool wanted;
};

struct literal {
	const struct rule *rule;
	bool wanted;
};

struct reach {
	struct arena *arena;   /* literals and marks of one question grow in it */
	struct arena scratch;
	const struct procedure *procedure;
	uint8_t fields[LIMIT_FIELDS], sections[LIMIT_SECTIONS];
	VEC(uint8_t *) trail;  /* marks made, to be taken back */
	VEC(struct literal) literals;
	VEC(struct literal) also;
	unsigned actors;       /* who it may still be */
	enum mark card;
	size_t steps, depth;
};

struct reach *reach_new(struct arena *arena, const struct procedure *procedure)
{
	struct reach *reach = arena_new(arena, struct reach);
	reach->arena = arena;
	reach->procedure = procedure;
	return reach;
}

void reach_also(struct reach *reach, const struct rule *rule, bool wanted)
{
	vec_push(reach->arena, &reach->also, ((struct literal){rule, wanted}));
}

/* ---- what one field can have for a value ---- */

struct candidate {
	struct str text;
	bool has_number;
	int64_t number; /* thousandths; of a date: an age */
};

static bool among(const struct rule *rule, struct str value)
{
	for (size_t i = 0; i < rule->value_count; i++)
		if (str_eq(rule->values[i], value))
			return true;
	return false;
}

static bool literal_fits(const struct literal *literal, const struct candidate *candidate)
{
	const struct rule *rule = literal->rule;
	bool holds = false;
	switch (rule->op) {
	case RULE_GIVEN:
		holds = !str_empty(candidate->text);
		break;
	case RULE_RANGE:
	case RULE_AGE:
		holds = candidate->has_number && candidate->number >= rule->least && candidate->number < rule->below;
		break;
	default:
		holds = among(rule, candidate->text);
		break;
	}
	return holds == literal->wanted;
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
		int64_t number;
		one.has_number = str_to_i64(one.text, &number) && number <= THOUSANDTHS_MAX && number >= -THOUSANDTHS_MAX;
		one.number = one.has_number ? number * 1000 : 0;
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
		if (literal->rule->op == RULE_GIVEN || among(literal->rule, value))
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

static bool consistent(const struct reach *reach, const struct field *field)
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

/* ---- the search ---- */

static bool solve(struct reach *reach, const struct goal *goals);

static const struct goal *with(struct reach *reach, struct goal goal, const struct goal *next)
{
	struct goal *made = arena_new(&reach->scratch, struct goal);
	*made = goal;
	made->next = next;
	return made;
}

static const struct goal *with_rule(struct reach *reach, const struct rule *rule, bool wanted, const struct goal *next)
{
	return rule ? with(reach, (struct goal){.kind = GOAL_RULE, .rule = rule, .wanted = wanted}, next) : next;
}

static const struct goal *with_field(struct reach *reach, const struct field *field, bool wanted, const struct goal *next)
{
	return with(reach, (struct goal){.kind = GOAL_FIELD, .field = field, .wanted = wanted}, next);
}

static const struct goal *with_section(struct reach *reach, const struct section *section, bool wanted, const struct goal *next)
{
	return with(reach, (struct goal){.kind = GOAL_SECTION, .section = section, .wanted = wanted}, next);
}

/* Goes on from here; when that leads nowhere, all is as it was. */
static bool attempt(struct reach *reach, const struct goal *goals)
{
	size_t trail = reach->trail.n, literals = reach->literals.n;
	unsigned actors = reach->actors;
	enum mark card = reach->card;
	if (solve(reach, goals))
		return true;
	while (reach->trail.n > trail)
		*reach->trail.v[--reach->trail.n] = MARK_OPEN;
	reach->literals.n = literals;
	reach->actors = actors;
	reach->card = card;
	return false;
}

static void set_mark(struct reach *reach, uint8_t *mark, bool shown)
{
	*mark = shown ? MARK_SHOWN : MARK_HIDDEN;
	vec_push(reach->arena, &reach->trail, mark);
}

static bool solve_section(struct reach *reach, const struct goal *goal)
{
	uint8_t *mark = &reach->sections[goal->section->index];
	if (*mark != MARK_OPEN)
		return (*mark == MARK_SHOWN) == goal->wanted && solve(reach, goal->next);
	if (!goal->wanted && !goal->section->when)
		return false;
	set_mark(reach, mark, goal->wanted);
	return solve(reach, with_rule(reach, goal->section->when, goal->wanted, goal->next));
}

/* Hidden: by its section, by its group or by itself. */
static bool solve_field(struct reach *reach, const struct goal *goal)
{
	const struct field *field = goal->field;
	const struct goal *rest = goal->next;
	uint8_t *mark = &reach->fields[field->index];
	if (*mark != MARK_OPEN)
		return (*mark == MARK_SHOWN) == goal->wanted && solve(reach, rest);
	set_mark(reach, mark, goal->wanted);
	if (goal->wanted) {
		rest = with_rule(reach, field->when, true, rest);
		if (field->group)
			rest = with_field(reach, field->group, true, rest);
		return solve(reach, with_section(reach, field->section, true, rest));
	}
	if (field->when && attempt(reach, with_rule(reach, field->when, false, rest)))
		return true;
	if (field->group && attempt(reach, with_field(reach, field->group, false, rest)))
		return true;
	return attempt(reach, with_section(reach, field->section, false, rest));
}

static bool solve_several(struct reach *reach, const struct goal *goal)
{
	const struct rule *rule = goal->rule;
	const struct goal *rest = goal->next;
	if ((rule->op == RULE_ALL) == goal->wanted) {
		for (size_t i = 0; i < rule->sub_count; i++)
			rest = with_rule(reach, rule->sub[rule->sub_count - 1 - i], goal->wanted, rest);
		return solve(reach, rest);
	}
	for (size_t i = 0; i < rule->sub_count; i++)
		if (attempt(reach, with_rule(reach, rule->sub[i], goal->wanted, rest)))
			return true;
	return false;
}

static bool solve_comparison(struct reach *reach, const struct goal *goal)
{
	const struct field *field = goal->rule->field;
	vec_push(reach->arena, &reach->literals, ((struct literal){goal->rule, goal->wanted}));
	if (goal->wanted)
		return consistent(reach, field) && solve(reach, with_field(reach, field, true, goal->next));
	/* It does not hold by its value, whether it is shown or not, or because it is hidden. */
	if (consistent(reach, field) && attempt(reach, goal->next))
		return true;
	reach->literals.n--;
	return attempt(reach, with_field(reach, field, false, goal->next));
}

static bool solve_rule(struct reach *reach, const struct goal *goal)
{
	const struct rule *rule = goal->rule;
	enum mark card = goal->wanted ? MARK_SHOWN : MARK_HIDDEN;
	switch (rule->op) {
	case RULE_ALL:
	case RULE_ANY:
		return solve_several(reach, goal);
	case RULE_NOT:
		return solve(reach, with_rule(reach, rule->sub[0], !goal->wanted, goal->next));
	case RULE_ACTOR:
		reach->actors &= goal->wanted ? rule->actors : ~rule->actors;
		return reach->actors && solve(reach, goal->next);
	case RULE_CARD:
		if (reach->card != MARK_OPEN && reach->card != card)
			return false;
		reach->card = card;
		return solve(reach, goal->next);
	default:
		return solve_comparison(reach, goal);
	}
}

static bool solve(struct reach *reach, const struct goal *goals)
{
	if (!goals || ++reach->steps > STEPS_MAX || reach->depth > DEPTH_MAX)
		return true;
	reach->depth++;
	bool good = goals->kind == GOAL_RULE ? solve_rule(reach, goals)
		    : goals->kind == GOAL_FIELD ? solve_field(reach, goals)
						: solve_section(reach, goals);
	reach->depth--;
	return good;
}

static bool ask(struct reach *reach, struct goal first, const struct field *const *shown, size_t shown_count)
{
	memset(reach->fields, MARK_OPEN, sizeof reach->fields);
	memset(reach->sections, MARK_OPEN, sizeof reach->sections);
	reach->trail.n = reach->literals.n = 0;
	reach->steps = reach->depth = 0;
	reach->card = reach->procedure->card_reading_for ? MARK_OPEN : MARK_HIDDEN;
	reach->actors = 0;
	for (unsigned type = 0; type < USER_TYPE_COUNT; type++)
		reach->actors |= (unsigned)reach->procedure->user_types[type] << type;
	arena_init(&reach->scratch, LIMIT_STARTUP_ARENA);
	const struct goal *goals = with(reach, first, NULL);
	for (size_t i = 0; i < shown_count; i++)
		goals = with_field(reach, shown[i], true, goals);
	for (size_t i = 0; i < reach->also.n; i++)
		goals = with_rule(reach, reach->also.v[i].rule, reach->also.v[i].wanted, goals);
	bool good = solve(reach, goals);
	arena_release(&reach->scratch);
	reach->also.n = 0;
	return good;
}

bool reach_section(struct reach *reach, const struct section *section)
{
	return ask(reach, (struct goal){.kind = GOAL_SECTION, .section = section, .wanted = true}, NULL, 0);
}

bool reach_field(struct reach *reach, const struct field *field)
{
	return ask(reach, (struct goal){.kind = GOAL_FIELD, .field = field, .wanted = true}, NULL, 0);
}

bool reach_rule(struct reach *reach, const struct rule *rule, bool wanted, const struct field *const *shown, size_t shown_count)
{
	static const struct rule always = {.op = RULE_ALL};
	return ask(reach, (struct goal){.kind = GOAL_RULE, .rule = rule ? rule : &always, .wanted = wanted}, shown, shown_count);
}

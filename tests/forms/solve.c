#include "solve.h"

#include "base/time.h"
#include "domain/definition/expr.h"

void solve_init(struct solve *solve, const struct procedure *procedure, int32_t today)
{
	*solve = (struct solve){0};
	values_init(&solve->values, procedure, today);
	arena_init(&solve->arena, 256u << 20);
	arena_init(&solve->lasting, 16u << 20);
	arena_init(&solve->scratch, 64u << 20);
	solve->scope = (struct form_scope){procedure, &solve->answers, USER_FOREIGN_NATIONAL, today};
}

void solve_release(struct solve *solve)
{
	arena_release(&solve->arena);
	arena_release(&solve->lasting);
	arena_release(&solve->scratch);
}

void solve_begin(struct solve *solve, enum user_type type, bool full, unsigned variant)
{
	arena_reset(&solve->arena);
	answers_init(&solve->answers, &solve->arena);
	memset(solve->wishes, 0, solve->values.procedure->field_count * sizeof *solve->wishes);
	memset(&solve->trail, 0, sizeof solve->trail);
	map_init(&solve->tried, &solve->arena);
	solve->scope.user_type = type;
	solve->full = full;
	solve->learns = !full;
	solve->variant = variant;
	memset(&solve->turns, 0, sizeof solve->turns);
	solve->goal = NULL;
	solve->why = (struct str){0};
}

struct str solve_answer(const struct solve *solve, const struct field *field, size_t row)
{
	return answers_get(&solve->answers, field_path(field, row)->text);
}

struct str solve_parent(const struct solve *solve, const struct field *field, size_t row)
{
	return field->depends_on && field->choices->has_parents ? solve_answer(solve, field->depends_on, row) : (struct str){0};
}

void solve_put(struct solve *solve, const struct field *field, size_t row, struct str value)
{
	form_apply(&solve->answers, field, row, value);
}

/* Wishes. */

static bool number_fits(const struct rule *rule, struct str value)
{
	int64_t number;
	return str_to_i64(value, &number) && number <= THOUSANDTHS_MAX && number * 1000 >= rule->least && number * 1000 < rule->below;
}

static bool age_fits(const struct solve *solve, const struct rule *rule, struct str value)
{
	int64_t date;
	if (!str_to_i64(value, &date))
		return false;
	if (value.n == 6)
		date = date * 100 + 1;
	if (!date_valid((int32_t)date) || date > solve->values.today)
		return false;
	int64_t age = date_age((int32_t)date, solve->values.today);
	return age * 1000 >= rule->least && age * 1000 < rule->below;
}

static bool among(const struct rule *rule, struct str value)
{
	for (size_t i = 0; i < rule->value_count; i++)
		if (str_eq(rule->values[i], value))
			return true;
	return false;
}

static bool any_among(const struct rule *rule, struct str several)
{
	struct str one;
	while (str_next(&several, ' ', &one))
		if (among(rule, one))
			return true;
	return false;
}

/* Of several that are ticked, one. */
static bool has_part(struct str several, struct str wanted)
{
	struct str one;
	if (str_eq(several, wanted))
		return true;
	while (str_next(&several, ' ', &one))
		if (str_eq(one, wanted))
			return true;
	return false;
}

static bool comparison(const struct solve *solve, const struct rule *rule, struct str value)
{
	switch (rule->op) {
	case RULE_RANGE:
		return number_fits(rule, value);
	case RULE_AGE:
		return age_fits(solve, rule, value);
	case RULE_HAS:
		return any_among(rule, value);
	case RULE_GIVEN:
		return !str_empty(value);
	default:
		return among(rule, value);
	}
}

static bool wish_holds_for(const struct solve *solve, const struct wish *wish, struct str value)
{
	if (wish->empty)
		return str_empty(value);
	if (!str_absent(wish->value) && !has_part(value, wish->value))
		return false;
	for (size_t i = 0; i < wish->rule_count; i++)
		if (comparison(solve, wish->rules[i], value) != wish->holds[i])
			return false;
	return true;
}

bool solve_wish_fits(const struct solve *solve, const struct field *field, struct str value)
{
	return wish_holds_for(solve, &solve->wishes[field->index], value);
}

/* Of a list in which several may be ticked: each wish adds what it wants and takes away what it does not. */
static struct str pick_several(const struct solve *solve, struct arena *arena, const struct field *field, struct str parent)
{
	const struct wish *wish = &solve->wishes[field->index];
	struct buf out;
	buf_init(&out, arena, 1u << 16);
	for (size_t i = 0; i < field->choices->n; i++) {
		const struct choice *choice = &field->choices->v[i];
		bool wanted = solve->full, unwanted = false;
		for (size_t k = 0; k < wish->rule_count; k++) {
			bool named = wish->rules[k]->op == RULE_HAS && among(wish->rules[k], choice->value);
			wanted |= named && wish->holds[k];
			unwanted |= named && !wish->holds[k];
		}
		if (!str_absent(wish->value))
			wanted |= str_eq(wish->value, choice->value);
		if (!wanted || unwanted || !choice_offered(choice, parent, solve->values.today))
			continue;
		buf_fmt(&out, "%s" STR_FMT, out.n ? " " : "", STR_ARG(choice->value));
	}
	if (!out.n) {
		/* Any that is not unwanted. */
		struct strs some = {0};
		values_try(&solve->values, arena, field, parent, &some);
		for (size_t i = 0; i < some.n; i++)
			if (wish_holds_for(solve, wish, some.v[i]))
				return some.v[i];
		return (struct str){0};
	}
	return buf_view(&out);
}

/* A value for the field that fits the wishes; absent: none does. `parent` absent: it is not known yet. */
static struct str pick(const struct solve *solve, struct arena *arena, const struct field *field, struct str parent)
{
	const struct wish *wish = &solve->wishes[field->index];
	if (wish->empty)
		return (struct str){0};
	if (field->type == FIELD_MULTI)
		return pick_several(solve, arena, field, parent);
	if (!str_absent(wish->value) && (!field_has_choices(field) || choice_find(field->choices, wish->value, parent, solve->values.today)))
		return wish_holds_for(solve, wish, wish->value) ? wish->value : (struct str){0};
	struct str learned = solve->learned[field->index];
	if (solve->learns && !str_absent(learned) && wish_holds_for(solve, wish, learned) &&
		(!field_has_choices(field) || choice_find(field->choices, learned, parent, solve->values.today)))
		return learned;
	struct str most = value_most(&solve->values, arena, field, parent);
	if (!str_absent(most) && (solve->full || !field_has_choices(field)) && wish_holds_for(solve, wish, most))
		return most;
	struct strs some = {0};
	values_try(&solve->values, arena, field, parent, &some);
	/* In a range of its own the bounds are the likeliest. */
	for (size_t i = 0; i < wish->rule_count; i++) {
		if (wish->rules[i]->op == RULE_RANGE && wish->rules[i]->least > INT64_MIN)
			vec_push(arena, &some, str_fmt(arena, "%lld", (long long)((wish->rules[i]->least + 999) / 1000)));
		if (wish->rules[i]->op == RULE_RANGE && wish->rules[i]->below < INT64_MAX)
			vec_push(arena, &some, str_fmt(arena, "%lld", (long long)((wish->rules[i]->below - 1) / 1000)));
	}
	for (size_t i = 0; i < some.n; i++)
		if (wish_holds_for(solve, wish, some.v[i]))
			return some.v[i];
	return (struct str){0};
}

/* To be called before a wish changes, so that it can be taken back. */
static struct wish *change(struct solve *solve, const struct field *field)
{
	struct wish *wish = &solve->wishes[field->index];
	vec_push(&solve->arena, &solve->trail, ((struct wish_before){field, *wish}));
	return wish;
}

static void take_back(struct solve *solve, size_t length)
{
	while (solve->trail.n > length) {
		const struct wish_before *last = &solve->trail.v[--solve->trail.n];
		solve->wishes[last->field->index] = last->wish;
	}
}

/* The list's parent must be one under which the value stands. */
static bool wish_parent(struct solve *solve, const struct field *field, struct str value)
{
	if (!field->depends_on || !field_has_choices(field) || field->type == FIELD_MULTI)
		return true;
	const struct choice *choice = choice_find(field->choices, value, (struct str){0}, 0);
	struct wish *above = &solve->wishes[field->depends_on->index];
	if (!choice || str_absent(choice->parent) || !str_absent(above->value))
		return true;
	return solve_wish_value(solve, field->depends_on, choice->parent);
}

static bool settle(struct solve *solve, const struct field *field)
{
	struct str value = {0};
	if (field_is_answered(field)) {
		value = pick(solve, &solve->arena, field, (struct str){0});
		if (str_absent(value) && !solve_wish_fits(solve, field, value))
			return false;
	}
	return str_absent(value) || str_absent(solve->wishes[field->index].value) || wish_parent(solve, field, value);
}

/* Of a list that hangs on another answer: one of the choices that fit, and with it that answer. */
static bool settle_parent(struct solve *solve, const struct field *field)
{
	const struct choice_list *list = field->choices;
	for (size_t i = 0; i < list->n; i++) {
		const struct choice *choice = &list->v[(i + solve->variant) % list->n];
		size_t before = solve->trail.n;
		if (!choice_offered(choice, (struct str){0}, solve->values.today) || !solve_wish_fits(solve, field, choice->value))
			continue;
		if (str_absent(choice->parent) ||
			(solve_wish_value(solve, field->depends_on, choice->parent) && solve_wish_value(solve, field, choice->value)))
			return true;
		take_back(solve, before);
	}
	return false;
}

bool solve_settle(struct solve *solve)
{
	const struct procedure *procedure = solve->values.procedure;
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];
		const struct wish *wish = &solve->wishes[i];
		bool hangs = field->depends_on && field->type != FIELD_MULTI && field->choices->has_parents;
		if (hangs && wish->given && str_absent(wish->value) && !settle_parent(solve, field))
			return false;
	}
	return true;
}

bool solve_wish_value(struct solve *solve, const struct field *field, struct str value)
{
	if (!solve_wish_shown(solve, field))
		return false;
	if (!str_absent(solve->wishes[field->index].value))
		return str_eq(solve->wishes[field->index].value, value);
	struct wish *wish = change(solve, field);
	wish->value = value;
	wish->given = true;
	return settle(solve, field);
}

bool solve_wish_section(struct solve *solve, const struct section *section)
{
	return solve_wish_rule(solve, section->when, true);
}

bool solve_wish_shown(struct solve *solve, const struct field *field)
{
	return solve_wish_section(solve, field->section) && (!field->group || solve_wish_rule(solve, field->group->when, true)) &&
	       solve_wish_rule(solve, field->when, true);
}

static bool wish_comparison(struct solve *solve, const struct rule *rule, bool holds)
{
	const struct field *field = rule->field;
	if (holds && !solve_wish_shown(solve, field))
		return false;
	size_t before = solve->trail.n;
	struct wish *wish = change(solve, field);
	if (rule->op == RULE_GIVEN) {
		*(holds ? &wish->given : &wish->empty) = true;
		return !(wish->given && wish->empty);
	}
	if (wish->rule_count == WISHES)
		return false;
	wish->rules[wish->rule_count] = rule;
	wish->holds[wish->rule_count++] = holds;
	wish->given |= holds;
	if (!(wish->given && wish->empty) && settle(solve, field))
		return true;
	take_back(solve, before);
	/* A question that is not asked compares with nothing; nor does one that is not answered. */
	if (holds || wish->given)
		return false;
	if (!field->required) {
		change(solve, field)->empty = true;
		return true;
	}
	return (field->when && solve_wish_rule(solve, field->when, false)) ||
	       (field->section->when && solve_wish_rule(solve, field->section->when, false));
}

/* Each bit of the variant decides at another condition, always the same in an attempt, so that all ways together come up. */
static size_t turn_of(struct solve *solve, const struct rule *rule)
{
	for (size_t i = 0; i < solve->turns.n; i++)
		if (solve->turns.v[i] == rule)
			return i;
	vec_push(&solve->arena, &solve->turns, rule);
	return solve->turns.n - 1;
}

/* One of the parts; which is tried first hangs on the variant. What a part that failed has wished is taken back. */
static bool wish_one(struct solve *solve, const struct rule *rule, bool holds)
{
	size_t before = solve->trail.n;
	size_t shift = solve->variant >> (turn_of(solve, rule) % 5);
	for (size_t i = 0; i < rule->sub_count; i++) {
		if (solve_wish_rule(solve, rule->sub[(i + shift) % rule->sub_count], holds))
			return true;
		take_back(solve, before);
	}
	return false;
}

bool solve_wish_rule(struct solve *solve, const struct rule *rule, bool holds)
{
	if (!rule)
		return holds;
	switch (rule->op) {
	case RULE_NOT:
		return solve_wish_rule(solve, rule->sub[0], !holds);
	case RULE_ALL: case RULE_ANY:
		if ((rule->op == RULE_ALL) != holds)
			return wish_one(solve, rule, holds);
		for (size_t i = 0; i < rule->sub_count; i++)
			if (!solve_wish_rule(solve, rule->sub[i], holds))
				return false;
		return true;
	case RULE_ACTOR:
		return (rule->actors >> solve->scope.user_type & 1) == holds;
	case RULE_CARD:
		return solve->answers.card == holds;
	default:
		return wish_comparison(solve, rule, holds);
	}
}

/* Filling in. */

static bool one_of_given(const struct solve *solve, struct rule_eval *eval, const struct field *field)
{
	for (size_t i = 0; i < field->one_of_count; i++)
		if (rule_field_shown(eval, field->one_of_with[i]) && !str_empty(rule_answer(eval, field->one_of_with[i])))
			return true;
	(void)solve;
	return false;
}

static bool needed(const struct solve *solve, struct rule_eval *eval, const struct field *field)
{
	const struct wish *wish = &solve->wishes[field->index];
	if (solve->full || field->required || wish->given)
		return true;
	return field->one_of_count && !one_of_given(solve, eval, field);
}

/* True: an answer is new. */
static bool fill_field(struct solve *solve, struct rule_eval *eval, const struct field *field, size_t row, bool always)
{
	if (!field_is_answered(field) || !(always || needed(solve, eval, field)))
		return false;
	struct str parent = solve_parent(solve, field, row), now = rule_answer(eval, field);
	if (field->same_as) {
		struct str first = rule_answer(eval, field->same_as);
		if (str_eq(first, now))
			return false;
		answers_set(&solve->answers, field_path(field, row)->text, first);
		return true;
	}
	bool lost = field_has_choices(field) && field->type != FIELD_MULTI && !choice_find(field->choices, now, parent, solve->values.today);
	if (!str_empty(now) && !lost)
		return false;
	struct str value = pick(solve, &solve->arena, field, parent);
	if (str_empty(value) || str_eq(value, now))
		return false;
	solve_put(solve, field, row, value);
	return true;
}

static bool fill_row(struct solve *solve, struct rule_eval *eval, const struct field *group, size_t row)
{
	bool changed = false, any = false;
	rule_eval_row(eval, group, row);
	for (size_t i = 0; i < group->field_count; i++)
		if (rule_field_shown(eval, group->fields[i]))
			changed |= fill_field(solve, eval, group->fields[i], row, false);
	rule_eval_row(eval, group, row);
	for (size_t i = 0; i < group->field_count; i++)
		any |= rule_field_shown(eval, group->fields[i]) && field_is_answered(group->fields[i]) && !str_empty(rule_answer(eval, group->fields[i]));
	/* Nothing in it is required by itself. */
	for (size_t i = 0; i < group->field_count && !any; i++)
		if (rule_field_shown(eval, group->fields[i]))
			any = fill_field(solve, eval, group->fields[i], row, true);
	return changed;
}

static size_t rows_wanted(const struct solve *solve, const struct field *group)
{
	size_t rows = (size_t)(solve->full ? group->max : group->min);
	for (size_t i = 0; i < group->field_count && rows == 0; i++) {
		const struct wish *wish = &solve->wishes[group->fields[i]->index];
		rows = wish->given || wish->rule_count;
	}
	return rows;
}

static bool fill_once(struct solve *solve)
{
	const struct procedure *procedure = solve->values.procedure;
	bool changed = false;
	for (size_t i = 0; i < procedure->section_count; i++) {
		const struct section *section = procedure->sections[i];
		struct rule_eval eval;
		rule_eval_init(&eval, &solve->scope);
		if (!rule_section_shown(&eval, section))
			continue;
		for (size_t k = 0; k < section->field_count; k++) {
			const struct field *field = section->fields[k];
			if (!rule_field_shown(&eval, field))
				continue;
			if (field->type != FIELD_GROUP) {
				changed |= fill_field(solve, &eval, field, 0, false);
				continue;
			}
			size_t rows = rows_wanted(solve, field);
			for (size_t row = 0; row < rows; row++)
				changed |= fill_row(solve, &eval, field, row);
		}
	}
	form_calculate(&solve->scope, &solve->answers);
	return changed;
}

void solve_fill(struct solve *solve)
{
	for (int i = 0; i < 40 && fill_once(solve); i++)
		;
}

struct issues solve_issues(struct solve *solve, const struct section *section)
{
	struct issues issues;
	form_check(&solve->scope, &solve->arena, section, &issues);
	solve->checks++;
	return issues;
}

bool solve_holds(struct solve *solve, const struct rule *rule)
{
	struct rule_eval eval;
	rule_eval_init(&eval, &solve->scope);
	return rule_holds(&eval, rule);
}

size_t solve_asked(const struct solve *solve)
{
	size_t asked = 0;
	for (size_t i = 0; i < solve->values.procedure->field_count; i++) {
		const struct field *field = solve->values.procedure->fields[i];
		asked += field_is_answered(field) && form_field_shown(&solve->scope, field, 0);
	}
	return asked;
}

#include "domain/definition/paths.h"

#include "base/limits.h"
#include "base/vec.h"
#include "domain/definition/expr.h"
#include "domain/form/form.h"

/* Values that conditions tell apart, of one field; lists of municipalities are cut. */
#define VALUES_MAX 64

/* A field that decides what is asked. */
struct control {
	const struct field *field;
	VEC(struct str) values; /* "" first */
	size_t at;              /* the value that is tried */
	struct answer *answer;  /* where it stands; thousands of combinations are tried, and copy nothing */
};

struct best {
	size_t count;
	bool found;
	size_t at[LIMIT_FIELDS]; /* of each control */
};

struct walk {
	struct known known;            /* by the status and the user alone */
	struct arena *arena;
	const struct procedure *procedure;
	struct control controls[LIMIT_FIELDS]; /* by index; field NULL: decides nothing */
	unsigned set[LIMIT_FIELDS];    /* of each field: the set that it belongs to, as in union-find */
	VEC(unsigned) sets[LIMIT_FIELDS]; /* by their root: the fields that hang on it */
	const struct field *status;
	struct answers answers;
	struct form_scope scope;
	struct rule_eval eval;
	struct best best[2], total[2], own; /* 0: the shortest, 1: the longest */
	bool computes;                 /* what the set hangs on is computed */
};

/* ---- which answers belong together ---- */

static unsigned root_of(struct walk *walk, unsigned index)
{
	while (walk->set[index] != index)
		index = walk->set[index] = walk->set[walk->set[index]];
	return index;
}

static void join(struct walk *walk, unsigned a, unsigned b)
{
	walk->set[root_of(walk, a)] = root_of(walk, b);
}

static void add_value(struct walk *walk, struct control *control, struct str value)
{
	for (size_t i = 0; i < control->values.n; i++)
		if (str_eq(control->values.v[i], value))
			return;
	if (control->values.n < VALUES_MAX)
		vec_push(walk->arena, &control->values, value);
}

static struct str number_text(struct walk *walk, int64_t thousandths)
{
	return str_fmt(walk->arena, "%lld", (long long)(thousandths / 1000));
}

/* So old today: a date on which somebody of that age was born. */
static struct str birth_text(struct walk *walk, int64_t years)
{
	return str_fmt(walk->arena, "%08lld", (long long)(walk->scope.today - years * 10000));
}

static void add_bound(struct walk *walk, struct control *control, const struct rule *rule, int64_t bound)
{
	if (bound == INT64_MIN || bound == INT64_MAX)
		return;
	for (int64_t step = -1; step <= 0; step++) {
		int64_t number = bound / 1000 + step;
		if (rule->op == RULE_AGE && number >= 0 && number < 150)
			add_value(walk, control, birth_text(walk, number));
		else if (rule->op == RULE_RANGE)
			add_value(walk, control, number_text(walk, number * 1000));
	}
}

/* Something that fits no condition: the first choice that none names. */
static void add_other(struct walk *walk, struct control *control)
{
	const struct field *field = control->field;
	size_t before = control->values.n;
	for (size_t i = 0; field->choices && i < field->choices->n && control->values.n == before; i++)
		add_value(walk, control, field->choices->v[i].value);
	if (!field->choices && field->type != FIELD_CHECKBOX && field->type != FIELD_CALC && control->values.n == 1)
		add_value(walk, control, field_is_date(field) ? STR("20000101") : STR("1"));
}

/* Its other value, and its place among the answers; what is computed has none: it follows from others. */
static void control_begin(struct walk *walk, struct control *control)
{
	const struct field *field = control->field;
	struct str path = path_in_row(walk->arena, field, 0);
	if (field->type == FIELD_CALC)
		return;
	add_other(walk, control);
	answers_set(&walk->answers, path, STR("?"));
	control->answer = map_get(&walk->answers.map, path);
	control->answer->value = (struct str){0};
}

/* Every comparison anywhere: which fields decide something, and by which values. */
static bool note_comparison(void *arg, const struct rule *comparison)
{
	struct walk *walk = arg;
	const struct field *field = comparison->field;
	struct control *control = &walk->controls[field->index];
	if (field == walk->status)
		return true;
	control->field = field;
	if (control->values.n == 0)
		add_value(walk, control, STR(""));
	for (size_t i = 0; i < comparison->value_count; i++)
		add_value(walk, control, comparison->values[i]);
	add_bound(walk, control, comparison, comparison->least);
	add_bound(walk, control, comparison, comparison->below);
	return true;
}

static void controls_find(struct walk *walk)
{
	const struct procedure *procedure = walk->procedure;
	for (size_t i = 0; i < procedure->section_count; i++)
		if (procedure->sections[i]->when)
			rule_walk(procedure->sections[i]->when, note_comparison, walk);
	for (size_t i = 0; i < procedure->field_count; i++)
		if (procedure->fields[i]->when)
			rule_walk(procedure->fields[i]->when, note_comparison, walk);
	for (size_t i = 0; i < procedure->field_count; i++)
		if (walk->controls[i].field)
			control_begin(walk, &walk->controls[i]);
}

static enum holds look(struct known *known, const struct rule *leaf)
{
	struct walk *walk = (struct walk *)known;
	bool open = leaf->field && leaf->field != walk->status;
	return open ? HOLDS_OPEN : holds_of(rule_leaf_holds(&walk->eval, leaf));
}

static void join_rule(struct walk *walk, unsigned index, const struct rule *rule)
{
	if (known_rule(&walk->known, rule) != HOLDS_OPEN)
		return;
	if (rule->field)
		join(walk, index, rule->field->index);
	for (size_t i = 0; i < rule->sub_count; i++)
		join_rule(walk, index, rule->sub[i]);
}

struct belongs {
	struct walk *walk;
	unsigned index; /* of what is computed */
};

static bool join_computed(void *arg, const struct field *field)
{
	struct belongs *belongs = arg;
	if (field != belongs->walk->status)
		join(belongs->walk, belongs->index, field->index);
	return true;
}

/* For one status and user: the sets of answers that have to do with each other. */
static void sets_make(struct walk *walk)
{
	const struct procedure *procedure = walk->procedure;
	rule_eval_init(&walk->eval, &walk->scope);
	known_forget(&walk->known);
	for (unsigned i = 0; i < procedure->field_count; i++) {
		walk->set[i] = i;
		walk->sets[i].n = 0;
	}
	for (unsigned i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];
		struct belongs belongs = {walk, i};
		if (known_field(&walk->known, field) == HOLDS_NO)
			continue;
		join_rule(walk, i, field->section->when);
		join_rule(walk, i, field->when);
		if (field->group)
			join(walk, i, field->group->index);
		if (walk->controls[i].field)
			(void)expr_walk(field->calc, join_computed, &belongs);
	}
	for (unsigned i = 0; i < procedure->field_count; i++)
		if (known_field(&walk->known, procedure->fields[i]) != HOLDS_NO)
			vec_push(walk->arena, &walk->sets[root_of(walk, i)], i);
}

/* ---- trying ---- */

static bool counts(const struct field *field)
{
	return field_is_answered(field);
}

static void put(struct walk *walk, const struct control *control)
{
	(void)walk;
	if (control->answer)
		control->answer->value = control->values.v[control->at];
}

/* How many questions of the set are asked; SIZE_MAX: somebody would be refused, because what is required is not there. */
static size_t count_set(struct walk *walk, unsigned root)
{
	struct rule_eval *eval = &walk->eval;
	size_t count = 0;
	if (walk->computes)
		form_calculate(&walk->scope, &walk->answers);
	rule_eval_init(eval, &walk->scope);
	for (size_t i = 0; i < walk->sets[root].n; i++) {
		const struct field *field = walk->procedure->fields[walk->sets[root].v[i]];
		if (field->group && eval->group != field->group)
			rule_eval_row(eval, field->group, 0);
		if (!rule_field_shown(eval, field))
			continue;
		const struct control *control = &walk->controls[field->index];
		if (control->field && field->required && str_empty(control->values.v[control->at]))
			return SIZE_MAX;
		count += counts(field);
	}
	return count;
}

static bool is_better(const struct best *best, size_t count, bool longest)
{
	if (count == SIZE_MAX)
		return false;
	return !best->found || (longest ? count > best->count : count < best->count);
}

static void keep(struct best *best, size_t count, struct control *const *controls, size_t n)
{
	best->found = true;
	best->count = count;
	for (size_t i = 0; i < n; i++)
		best->at[controls[i]->field->index] = controls[i]->at;
}

/* The next combination; false: that was the last. */
static bool step(struct walk *walk, struct control *const *controls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool carry = ++controls[i]->at == controls[i]->values.n;
		if (carry)
			controls[i]->at = 0;
		put(walk, controls[i]);
		if (!carry)
			return true;
	}
	return false;
}

static void try_all(struct walk *walk, unsigned root, struct control *const *controls, size_t n)
{
	do {
		size_t count = count_set(walk, root);
		for (int longest = 0; longest < 2; longest++)
			if (is_better(&walk->best[longest], count, longest))
				keep(&walk->best[longest], count, controls, n);
	} while (step(walk, controls, n));
}

/* What somebody chose who is asked something required and answers it somehow: the beginning of a climb. */
static void answer_all(struct walk *walk, struct control *const *controls, size_t n, size_t nth)
{
	for (size_t i = 0; i < n; i++) {
		controls[i]->at = controls[i]->values.n > 1 ? 1 + nth % (controls[i]->values.n - 1) : 0;
		put(walk, controls[i]);
	}
}

#define CLIMB_STARTS 4
#define CLIMB_ROUNDS 6

/* Tries each value of one; true: one was better than all before. */
static bool climb_one(struct walk *walk, unsigned root, struct control *const *controls, size_t n, size_t i, bool longest)
{
	size_t stood = controls[i]->at;
	bool better = false;
	for (size_t v = 0; v < controls[i]->values.n; v++) {
		controls[i]->at = v;
		put(walk, controls[i]);
		size_t count = count_set(walk, root);
		if (!is_better(&walk->own, count, longest))
			continue;
		keep(&walk->own, count, controls, n);
		stood = v;
		better = true;
	}
	controls[i]->at = stood;
	put(walk, controls[i]);
	return better;
}

static void climb(struct walk *walk, unsigned root, struct control *const *controls, size_t n, bool longest)
{
	for (size_t start = 0; start < CLIMB_STARTS; start++) {
		bool better = true;
		walk->own.found = false;
		answer_all(walk, controls, n, start);
		for (size_t round = 0; round < CLIMB_ROUNDS && better; round++) {
			better = false;
			for (size_t i = 0; i < n; i++)
				better |= climb_one(walk, root, controls, n, i, longest);
		}
		if (walk->own.found && is_better(&walk->best[longest], walk->own.count, longest))
			walk->best[longest] = walk->own;
	}
}

static size_t controls_of(struct walk *walk, unsigned root, struct control **out)
{
	size_t n = 0;
	walk->computes = false;
	for (size_t i = 0; i < walk->sets[root].n; i++) {
		struct control *control = &walk->controls[walk->sets[root].v[i]];
		walk->computes |= control->field && !control->answer;
		if (control->answer)
			out[n++] = control;
	}
	return n;
}

static void forget(struct walk *walk, unsigned root)
{
	for (size_t i = 0; i < walk->sets[root].n; i++) {
		struct control *control = &walk->controls[walk->sets[root].v[i]];
		control->at = 0;
		if (control->field)
			put(walk, control);
	}
}

static size_t combinations(struct control *const *controls, size_t n)
{
	size_t product = 1;
	for (size_t i = 0; i < n && product <= PATHS_COMBINATIONS; i++)
		product *= controls[i]->values.n;
	return product;
}

/* Adds the set's shortest and longest to the sums, and what was chosen for them. */
static void walk_set(struct walk *walk, unsigned root, size_t sums[2])
{
	struct control *controls[LIMIT_FIELDS];
	size_t n = controls_of(walk, root, controls);
	walk->best[0].found = walk->best[1].found = false;
	forget(walk, root);
	if (combinations(controls, n) <= PATHS_COMBINATIONS) {
		try_all(walk, root, controls, n);
	} else {
		climb(walk, root, controls, n, false);
		climb(walk, root, controls, n, true);
	}
	for (int longest = 0; longest < 2; longest++) {
		const struct best *best = &walk->best[longest];
		sums[longest] += best->found ? best->count : 0;
		for (size_t i = 0; best->found && i < n; i++)
			walk->total[longest].at[controls[i]->field->index] = best->at[controls[i]->field->index];
	}
	forget(walk, root);
}

/* ---- the result ---- */

static void path_make(struct walk *walk, const struct best *best, size_t questions, struct path *out)
{
	const struct procedure *procedure = walk->procedure;
	struct rule_eval *eval = &walk->eval;
	VEC(struct path_choice) choices = {0};
	*out = (struct path){.questions = questions, .user_type = walk->scope.user_type};
	for (size_t i = 0; i < procedure->field_count; i++) {
		walk->controls[i].at = best->at[i];
		if (walk->controls[i].field)
			put(walk, &walk->controls[i]);
	}
	form_calculate(&walk->scope, &walk->answers);
	rule_eval_init(eval, &walk->scope);
	for (size_t i = 0; i < procedure->section_count; i++)
		out->pages += rule_section_shown(eval, procedure->sections[i]);
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];
		if (field->group && eval->group != field->group)
			rule_eval_row(eval, field->group, 0);
		struct str value = rule_answer(eval, field);
		bool decides = field == walk->status || walk->controls[i].field;
		if (decides && field->type != FIELD_CALC && rule_field_shown(eval, field) && !str_empty(value))
			vec_push(walk->arena, &choices, ((struct path_choice){field, value}));
	}
	out->choices = choices.v;
	out->choice_count = choices.n;
	for (size_t i = 0; i < procedure->field_count; i++) {
		walk->controls[i].at = 0;
		if (walk->controls[i].field)
			put(walk, &walk->controls[i]);
	}
}

static void walk_one(struct walk *walk, bool first, struct path paths[2])
{
	size_t sums[2] = {0};
	memset(walk->total, 0, sizeof walk->total);
	sets_make(walk);
	for (unsigned i = 0; i < walk->procedure->field_count; i++)
		if (walk->sets[i].n)
			walk_set(walk, i, sums);
	for (int longest = 0; longest < 2; longest++) {
		bool better = longest ? sums[longest] > paths[longest].questions : sums[longest] < paths[longest].questions;
		if (first || better)
			path_make(walk, &walk->total[longest], sums[longest], &paths[longest]);
	}
}

void paths_find(struct arena *arena, const struct procedure *procedure, int32_t today, struct path *shortest, struct path *longest)
{
	struct walk *walk = arena_new(arena, struct walk);
	struct path paths[2] = {0};
	bool first = true;
	known_init(&walk->known, look);
	walk->arena = arena;
	walk->procedure = procedure;
	walk->status = str_absent(procedure->status_field) ? NULL : procedure_field(procedure, procedure->status_field);
	answers_init(&walk->answers, arena);
	walk->scope = (struct form_scope){.procedure = procedure, .answers = &walk->answers, .today = today};
	controls_find(walk);
	for (int type = 0; type < USER_TYPE_COUNT; type++) {
		walk->scope.user_type = (enum user_type)type;
		for (size_t i = 0; procedure->user_types[type] && i < (walk->status ? walk->status->choices->n : 1); i++) {
			if (walk->status)
				answers_set(&walk->answers, walk->status->id, walk->status->choices->v[i].value);
			walk_one(walk, first, paths);
			first = false;
		}
	}
	*shortest = paths[0];
	*longest = paths[1];
}

#include "domain/definition/procedure_use.h"

/* Conditions as written → struct rule. */

struct rule_reader {
	struct building *building;
	const struct field *group;
};

static const struct rule *read_any(const struct rule_reader *rules, const struct node *node);

/* One word or a list of words; false: reported. */
static bool read_values(struct reader *reader, const struct node *node, bool several, struct rule *rule)
{
	size_t count = node->kind == NODE_LIST ? node->n : 1;
	if ((node->kind == NODE_LIST && !several) || count == 0) {
		fault_at(&reader->faults, node->place, count ? "one value must stand here; `in` takes a list" : "the list is empty");
		return false;
	}
	struct str *values = arena_array(reader->arena, struct str, count);
	for (size_t i = 0; i < count; i++)
		if (!node_word(reader, node->kind == NODE_LIST ? node->items[i] : node, &values[i]))
			return false;
	rule->values = values;
	rule->value_count = count;
	return true;
}

static bool value_possible(const struct field *field, struct str value)
{
	if (field->type == FIELD_CHECKBOX)
		return str_eq(value, STR("yes"));
	if (field_has_choices(field) && field->choices && field->choices->n)
		return choice_find(field->choices, value, (struct str){0}, 0) != NULL;
	return true;
}

/* Behind `$status`: a status that this procedure's list does not have is simply never chosen. False: none is left. */
static bool values_of_list(struct reader *reader, const struct node *node, struct rule *rule)
{
	struct str *kept = arena_array(reader->arena, struct str, rule->value_count);
	size_t count = 0;
	for (size_t i = 0; i < rule->value_count; i++) {
		const struct node *at = node->kind == NODE_LIST ? node->items[i] : node;
		bool possible = value_possible(rule->field, rule->values[i]);
		(void)use_note(reader, at, at->place, possible, NULL, "no procedure has this value to choose", rule->values[i]);
		if (possible)
			kept[count++] = rule->values[i];
	}
	rule->values = kept;
	rule->value_count = count;
	return count > 0;
}

/* Each value must be one that the field can have. */
static bool values_possible(struct reader *reader, const struct node *node, const struct rule *rule)
{
	const struct field *field = rule->field;
	bool good = true;
	for (size_t i = 0; i < rule->value_count; i++) {
		const struct node *at = node->kind == NODE_LIST ? node->items[i] : node;
		if (!value_possible(field, rule->values[i])) {
			fault_at(&reader->faults, at->place, "'" STR_FMT "' never has the value '" STR_FMT "'", STR_ARG(field->id),
				STR_ARG(rule->values[i]));
			good = false;
		}
	}
	return good;
}

static const struct rule *negated(struct reader *reader, const struct rule *rule)
{
	if (rule_is_always(rule))
		return &rule_never;
	if (rule_is_never(rule))
		return &rule_always;
	struct rule *not = arena_new(reader->arena, struct rule);
	const struct rule **sub = arena_array(reader->arena, const struct rule *, 1);
	sub[0] = rule;
	*not = (struct rule){.op = RULE_NOT, .sub = sub, .sub_count = 1};
	return not;
}

static bool type_fits(struct reader *reader, const struct rule *rule, struct place place)
{
	enum field_type type = rule->field->type;
	if (type == FIELD_TYPE_COUNT)
		return false; /* reported where its type stands */
	if (!field_has_value(rule->field))
		fault_at(&reader->faults, place, "a %s has no answer to compare", field_type_name(type));
	else if (rule->op == RULE_HAS && type != FIELD_MULTI)
		fault_at(&reader->faults, place, "`has` is for fields of type multi; this is a %s", field_type_name(type));
	else if ((rule->op == RULE_IS || rule->op == RULE_IN) && type == FIELD_MULTI)
		fault_at(&reader->faults, place, "a multi has several values: use `has`");
	else if ((rule->op == RULE_IS || rule->op == RULE_IN) && type == FIELD_CALC)
		fault_at(&reader->faults, place, "what is computed is compared by at_least, below, given");
	else if (rule->op == RULE_RANGE && !field_is_number(rule->field))
		fault_at(&reader->faults, place, "at_least and below are for numbers; this is a %s", field_type_name(type));
	else if (rule->op == RULE_AGE && type != FIELD_DATE && type != FIELD_PARTIAL_DATE)
		fault_at(&reader->faults, place, "an age is of a date or partial_date; this is a %s", field_type_name(type));
	else
		return true;
	return false;
}

/* NULL: reported. */
static const struct field *rule_field(const struct rule_reader *rules, const struct node *named)
{
	struct reader *reader = rules->building->reader;
	struct str name;
	if (!node_word(reader, named, &name) || !building_alias_known(rules->building, named, name))
		return NULL;
	const struct field *field = building_field(rules->building, name, rules->group);
	if (!field)
		fault_at(&reader->faults, named->place, "there is no field '" STR_FMT "' here", STR_ARG(name));
	return field;
}

/* {field: F, at_least: 70}, {age: F, at_least: 16, below: 18} */
static const struct rule *read_range(const struct rule_reader *rules, const struct node *node, const struct node *named, enum rule_op op)
{
	struct reader *reader = rules->building->reader;
	const struct node *least = node_get(node, "at_least"), *below = node_get(node, "below");
	struct rule *rule = arena_new(reader->arena, struct rule);
	*rule = (struct rule){.op = op, .least = INT64_MIN, .below = INT64_MAX};
	if (node->n != 1u + (least != NULL) + (below != NULL) || node->n < 2) {
		fault_at(&reader->faults, node->place, "a number or age is compared by at_least, below or both, and by nothing else");
		return NULL;
	}
	bool good = (rule->field = rule_field(rules, named)) && type_fits(reader, rule, named->place);
	good &= !least || node_thousandths(reader, least, &rule->least);
	good &= !below || node_thousandths(reader, below, &rule->below);
	if (good && below && rule->least >= rule->below) {
		fault_at(&reader->faults, below->place, "no number is at least the one and below the other");
		return NULL;
	}
	return good ? rule : NULL;
}

static const struct rule *read_comparison(const struct rule_reader *rules, const struct node *node)
{
	static const struct {
		const char *key;
		enum rule_op op;
	} ops[] = {{"is", RULE_IS}, {"in", RULE_IN}, {"has", RULE_HAS}, {"given", RULE_GIVEN}};
	struct reader *reader = rules->building->reader;
	const struct node *named = node_get(node, "field");
	const struct node *value = NULL;
	struct rule *rule = arena_new(reader->arena, struct rule);
	if (node_get(node, "at_least") || node_get(node, "below"))
		return read_range(rules, node, named, RULE_RANGE);
	for (size_t i = 0; i < sizeof ops / sizeof *ops && !value; i++) {
		value = node_get(node, ops[i].key);
		rule->op = ops[i].op;
	}
	if (!value || node->n != 2) {
		fault_at(&reader->faults, node->place, "a comparison is `field` with one of is, in, has, given, or with at_least, below");
		return NULL;
	}
	rule->field = rule_field(rules, named);
	if (!rule->field || !type_fits(reader, rule, named->place))
		return NULL;
	if (rule->op == RULE_GIVEN) {
		bool given;
		if (!node_bool(reader, value, &given))
			return NULL;
		return given ? rule : negated(reader, rule);
	}
	if (!read_values(reader, value, rule->op != RULE_IS, rule))
		return NULL;
	if (str_starts(str_trim(named->text), STR("$")))
		return values_of_list(reader, value, rule) ? rule : &rule_never;
	return values_possible(reader, value, rule) ? rule : NULL;
}

static const struct rule *read_actor(const struct rule_reader *rules, const struct node *value)
{
	struct reader *reader = rules->building->reader;
	struct rule *rule = arena_new(reader->arena, struct rule);
	rule->op = RULE_ACTOR;
	if (!read_values(reader, value, true, rule))
		return NULL;
	for (size_t i = 0; i < rule->value_count; i++) {
		unsigned bit = 0;
		for (int type = 0; type < USER_TYPE_COUNT; type++)
			if (str_eq(rule->values[i], str_of(user_type_name((enum user_type)type))))
				bit = 1u << type;
		if (!bit) {
			fault_at(&reader->faults, value->place, "unknown user type '" STR_FMT "'", STR_ARG(rule->values[i]));
			return NULL;
		}
		rule->actors |= bit;
	}
	return rule;
}

/* `false` is its contrary: what is asked only of those who read no card. */
static const struct rule *read_card(const struct rule_reader *rules, const struct node *value)
{
	struct reader *reader = rules->building->reader;
	struct rule *rule = arena_new(reader->arena, struct rule);
	bool read;
	rule->op = RULE_CARD;
	if (!node_bool(reader, value, &read))
		return NULL;
	return read ? rule : negated(reader, rule);
}

static const struct rule *read_several(const struct rule_reader *rules, const struct node *list, enum rule_op op)
{
	struct reader *reader = rules->building->reader;
	if (!node_is_list(reader, list, "all and any"))
		return NULL;
	if (list->n == 0) {
		fault_at(&reader->faults, list->place, "the list of conditions is empty");
		return NULL;
	}
	const struct rule **sub = arena_array(reader->arena, const struct rule *, list->n);
	bool good = true, decided = false;
	size_t count = 0;
	for (size_t i = 0; i < list->n; i++) {
		/* What {procedure: …} has decided says nothing here; had it decided the whole, this would not be read. */
		if (fold_when(rules->building, list->items[i]) != FOLD_OPEN)
			continue;
		const struct rule *one = read_any(rules, list->items[i]);
		good &= one != NULL;
		decided |= op == RULE_ALL ? rule_is_never(one) : one && rule_is_always(one);
		if (one && !(op == RULE_ALL ? rule_is_always(one) : rule_is_never(one)))
			sub[count++] = one;
	}
	if (!good)
		return NULL;
	if (decided || count == 0)
		return (op == RULE_ALL) != decided ? &rule_always : &rule_never;
	struct rule *rule = arena_new(reader->arena, struct rule);
	*rule = (struct rule){.op = op, .sub = sub, .sub_count = count};
	return count == 1 ? sub[0] : rule;
}

static const struct rule *read_one(const struct rule_reader *rules, const struct node *node);

static const struct rule *read_any(const struct rule_reader *rules, const struct node *node)
{
	const struct rule *rule = read_one(rules, node);
	use_rule(rules->building->reader, rule, node);
	return rule;
}

static const struct rule *read_one(const struct rule_reader *rules, const struct node *node)
{
	static const char *const keys[] = {"field", "is", "in", "has", "given", "at_least", "below", "age", "actor", "card", "procedure", "all", "any",
		"not", NULL};
	struct reader *reader = rules->building->reader;
	if (!node_is_map(reader, node, "a condition") || !node_keys(reader, node, keys))
		return NULL;
	if (node_get(node, "field"))
		return read_comparison(rules, node);
	if (node_get(node, "age"))
		return read_range(rules, node, node_get(node, "age"), RULE_AGE);
	const struct node *value = node->n == 1 ? node->items[0] : NULL;
	if (value && node_get(node, "actor"))
		return read_actor(rules, value);
	if (value && node_get(node, "card"))
		return read_card(rules, value);
	if (value && node_get(node, "all"))
		return read_several(rules, value, RULE_ALL);
	if (value && node_get(node, "any"))
		return read_several(rules, value, RULE_ANY);
	if (value && node_get(node, "not")) {
		const struct rule *rule = read_any(rules, value);
		return rule ? negated(reader, rule) : NULL;
	}
	if (value && node_get(node, "procedure"))
		return NULL; /* it would have been decided, were it not faulty: reported there */
	fault_at(&reader->faults, node->place, "a condition is one of field, age, actor, card, procedure, all, any, not");
	return NULL;
}

const struct rule *rule_read(struct building *building, const struct node *node, const struct field *group)
{
	enum fold fold = fold_when(building, node);
	if (fold != FOLD_OPEN)
		return fold == FOLD_TRUE ? &rule_always : &rule_never;
	return read_any(&(struct rule_reader){building, group}, node);
}

const struct rule *rule_both(struct arena *arena, const struct rule *a, const struct rule *b)
{
	if (rule_is_always(a) || rule_is_never(b))
		return b;
	if (rule_is_always(b) || rule_is_never(a))
		return a;
	const struct rule **sub = arena_array(arena, const struct rule *, 2);
	struct rule *both = arena_new(arena, struct rule);
	sub[0] = a;
	sub[1] = b;
	*both = (struct rule){.op = RULE_ALL, .sub = sub, .sub_count = 2};
	return both;
}

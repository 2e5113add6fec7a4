#include "domain/procedure_read.h"

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

/* Each value must be one that the field can have. */
static bool values_possible(struct reader *reader, const struct node *node, const struct rule *rule)
{
	const struct field *field = rule->field;
	bool good = true;
	for (size_t i = 0; i < rule->value_count; i++) {
		const struct node *at = node->kind == NODE_LIST ? node->items[i] : node;
		bool possible = true;
		if (field->type == FIELD_CHECKBOX)
			possible = str_eq(rule->values[i], STR("yes"));
		else if (field_has_choices(field) && field->choices && field->choices->n)
			possible = choice_find(field->choices, rule->values[i], (struct str){0}, 0) != NULL;
		if (!possible) {
			fault_at(&reader->faults, at->place, "'" STR_FMT "' never has the value '" STR_FMT "'", STR_ARG(field->id),
				STR_ARG(rule->values[i]));
			good = false;
		}
	}
	return good;
}

static const struct rule *negated(struct reader *reader, const struct rule *rule)
{
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
	if (!field_is_answered(rule->field))
		fault_at(&reader->faults, place, "a %s has no answer to compare", field_type_name(type));
	else if (rule->op == RULE_HAS && type != FIELD_MULTI)
		fault_at(&reader->faults, place, "`has` is for fields of type multi; this is a %s", field_type_name(type));
	else if ((rule->op == RULE_IS || rule->op == RULE_IN) && type == FIELD_MULTI)
		fault_at(&reader->faults, place, "a multi has several values: use `has`");
	else
		return true;
	return false;
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
	struct str name;
	if (!node_word(reader, named, &name))
		return NULL;
	for (size_t i = 0; i < sizeof ops / sizeof *ops && !value; i++) {
		value = node_get(node, ops[i].key);
		rule->op = ops[i].op;
	}
	if (!value || node->n != 2) {
		fault_at(&reader->faults, node->place, "a comparison is `field` with one of is, in, has, given");
		return NULL;
	}
	rule->field = building_field(rules->building, name, rules->group);
	if (!rule->field) {
		fault_at(&reader->faults, named->place, "there is no field '" STR_FMT "' here", STR_ARG(name));
		return NULL;
	}
	if (!type_fits(reader, rule, named->place))
		return NULL;
	if (rule->op == RULE_GIVEN) {
		bool given;
		if (!node_bool(reader, value, &given))
			return NULL;
		return given ? rule : negated(reader, rule);
	}
	if (!read_values(reader, value, rule->op != RULE_IS, rule) || !values_possible(reader, value, rule))
		return NULL;
	return rule;
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
	bool good = true;
	for (size_t i = 0; i < list->n; i++) {
		sub[i] = read_any(rules, list->items[i]);
		good &= sub[i] != NULL;
	}
	if (!good)
		return NULL;
	struct rule *rule = arena_new(reader->arena, struct rule);
	*rule = (struct rule){.op = op, .sub = sub, .sub_count = list->n};
	return rule;
}

static const struct rule *read_any(const struct rule_reader *rules, const struct node *node)
{
	static const char *const keys[] = {"field", "is", "in", "has", "given", "actor", "card", "all", "any", "not", NULL};
	struct reader *reader = rules->building->reader;
	if (!node_is_map(reader, node, "a condition") || !node_keys(reader, node, keys))
		return NULL;
	if (node_get(node, "field"))
		return read_comparison(rules, node);
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
	fault_at(&reader->faults, node->place, "a condition is one of field, actor, card, all, any, not");
	return NULL;
}

const struct rule *rule_read(struct building *building, const struct node *node, const struct field *group)
{
	return read_any(&(struct rule_reader){building, group}, node);
}

#include "domain/definition/procedure_read.h"

#include "base/time.h"

/* Checks across fields as written → struct check. */

enum measure field_measure(const struct field *field)
{
	if (field_is_number(field))
		return MEASURE_NUMBER;
	return field_is_date(field) ? MEASURE_DATE : MEASURE_NONE;
}

static const struct {
	const char *key;
	enum check_op op;
} check_ops[] = {
	{"le", CHECK_LE}, {"lt", CHECK_LT}, {"eq", CHECK_EQ}, {"not_past", CHECK_NOT_PAST}, {"not_future", CHECK_NOT_FUTURE},
	{"within_months", CHECK_WITHIN_MONTHS}, {"since_days", CHECK_SINCE_DAYS}, {"sum_le", CHECK_SUM_LE}, {"rule", CHECK_RULE},
};

/* In a check a row field goes by its full name. NULL: reported. */
static const struct field *check_field(struct building *building, const struct node *node)
{
	struct reader *reader = building->reader;
	struct str name;
	if (!node_word(reader, node, &name))
		return NULL;
	const struct field *field = map_get(&building->procedure->by_id, building_alias(building, name));
	if (!field)
		fault_at(&reader->faults, node->place, "there is no field '" STR_FMT "'", STR_ARG(name));
	else if (field->type == FIELD_TYPE_COUNT)
		return NULL;
	else if (!field_has_value(field))
		fault_at(&reader->faults, node->place, "a %s has no answer to check", field_type_name(field->type));
	else
		return field;
	return NULL;
}

static bool measure_is(struct reader *reader, const struct node *node, const struct field *field, enum measure measure)
{
	static const char *const names[] = {[MEASURE_NONE] = "anything", [MEASURE_NUMBER] = "a number", [MEASURE_DATE] = "a date or month"};
	if (field_measure(field) == measure)
		return true;
	fault_at(&reader->faults, node->place, "'" STR_FMT "' is not %s", STR_ARG(field->id), names[measure]);
	return false;
}

static bool date_constant(int64_t value)
{
	return (value >= 1000 && value <= 9999) || (value > 9999 && value <= 999999 && month_valid((int32_t)value)) ||
	       (value > 999999 && value <= 99999999 && date_valid((int32_t)value));
}

/* A number where a field could stand. */
static bool constant_read(struct reader *reader, const struct node *node, enum measure measure, int64_t *out)
{
	struct str word;
	int64_t value;
	if (node->kind != NODE_SCALAR || !str_to_i64(word = str_trim(node->text), &value))
		return false;
	if (measure == MEASURE_DATE && !date_constant(value))
		fault_at(&reader->faults, node->place, "'" STR_FMT "' is no date YYYYMMDD, month YYYYMM or year YYYY", STR_ARG(word));
	*out = value;
	return true;
}

static bool is_pair(struct reader *reader, const struct node *node)
{
	if (node->kind == NODE_LIST && node->n == 2)
		return true;
	fault_at(&reader->faults, node->place, "a list of two must stand here");
	return false;
}

static bool read_compare(struct building *building, const struct node *node, struct check *check)
{
	struct reader *reader = building->reader;
	if (!is_pair(reader, node) || !(check->a = check_field(building, node->items[0])))
		return false;
	enum measure measure = field_measure(check->a);
	if (measure == MEASURE_NONE && check->op != CHECK_EQ) {
		fault_at(&reader->faults, node->items[0]->place, "'" STR_FMT "' is neither a number nor a date", STR_ARG(check->a->id));
		return false;
	}
	if (measure != MEASURE_NONE && constant_read(reader, node->items[1], measure, &check->value))
		return true;
	check->b = check_field(building, node->items[1]);
	if (!check->b || (measure != MEASURE_NONE && !measure_is(reader, node->items[1], check->b, measure)))
		return false;
	check->text = measure == MEASURE_NONE;
	if (check->text && check->b->type != check->a->type) {
		fault_at(&reader->faults, node->items[1]->place, "'" STR_FMT "' and '" STR_FMT "' are of different types", STR_ARG(check->a->id),
			STR_ARG(check->b->id));
		return false;
	}
	if (check->a->group && check->b->group && check->a->group != check->b->group) {
		fault_at(&reader->faults, node->items[1]->place, "the fields are of different groups");
		return false;
	}
	return true;
}

/* A day, and how far from today. */
static bool read_distance(struct building *building, const struct node *node, struct check *check)
{
	struct reader *reader = building->reader;
	return is_pair(reader, node) && (check->a = check_field(building, node->items[0])) &&
	       measure_is(reader, node->items[0], check->a, MEASURE_DATE) && node_number(reader, node->items[1], 1, check->op == CHECK_SINCE_DAYS ? 3660 : 1200, &check->value);
}

static bool read_sum(struct building *building, const struct node *node, struct check *check)
{
	struct reader *reader = building->reader;
	if (!is_pair(reader, node) || !(check->a = check_field(building, node->items[0])) ||
	    !measure_is(reader, node->items[0], check->a, MEASURE_NUMBER))
		return false;
	if (!check->a->group) {
		fault_at(&reader->faults, node->items[0]->place, "'" STR_FMT "' stands in no group, so there are no rows to add up",
			STR_ARG(check->a->id));
		return false;
	}
	return node_number(reader, node->items[1], 0, INT64_C(999999999999999), &check->value);
}

static bool read_today(struct building *building, const struct node *node, struct check *check)
{
	check->a = check_field(building, node);
	return check->a && measure_is(building->reader, node, check->a, MEASURE_DATE);
}

/* The group of the first row field that a condition names in full: the condition is then one of its rows. */
static const struct field *rule_group(const struct building *building, const struct node *node)
{
	const struct node *name = node_get(node, "field");
	if (name && name->kind == NODE_SCALAR) {
		const struct field *field = map_get(&building->procedure->by_id, building_alias(building, str_trim(name->text)));
		return field ? field->group : NULL;
	}
	for (size_t i = 0; i < (node->kind == NODE_SCALAR ? 0 : node->n); i++) {
		const struct field *group = rule_group(building, node->items[i]);
		if (group)
			return group;
	}
	return NULL;
}

static bool first_field(void *arg, const struct rule *comparison)
{
	struct check *check = arg;
	check->a = comparison->field;
	return false;
}

static bool read_rule(struct building *building, const struct node *node, struct check *check)
{
	check->group = rule_group(building, node);
	check->rule = rule_read(building, node, check->group);
	if (!check->rule)
		return false;
	rule_walk(check->rule, first_field, check);
	if (!check->a)
		fault_at(&building->reader->faults, node->place, "the condition compares no field");
	return check->a != NULL;
}

static bool in_section(void *arg, const struct rule *comparison)
{
	struct check *check = arg;
	if (comparison->field->section != check->section)
		check->section = NULL;
	return check->section != NULL;
}

static void find_section(struct check *check)
{
	check->section = check->a->section;
	if (check->b && check->b->section != check->section)
		check->section = NULL;
	if (check->rule && check->section)
		rule_walk(check->rule, in_section, check);
}

static bool read_op(struct building *building, const struct node *value, struct check *check)
{
	switch (check->op) {
	case CHECK_WITHIN_MONTHS:
	case CHECK_SINCE_DAYS:
		return read_distance(building, value, check);
	case CHECK_SUM_LE:
		return read_sum(building, value, check);
	case CHECK_NOT_PAST:
	case CHECK_NOT_FUTURE:
		return read_today(building, value, check);
	case CHECK_RULE:
		return read_rule(building, value, check);
	default:
		return read_compare(building, value, check);
	}
}

bool check_read(struct building *building, const struct node *node, struct check *out)
{
	static const char *const keys[] = {"id", "only", "message", "warning", "when", "le", "lt", "eq", "not_past", "not_future", "within_months", "since_days",
					   "sum_le", "rule", NULL};
	struct reader *reader = building->reader;
	struct check check = {0};
	const struct node *value = NULL, *id, *message;
	size_t found = 0;
	if (!node_is_map(reader, node, "a check"))
		return false;
	(void)node_keys(reader, node, keys);
	if ((id = node_need(reader, node, "id")))
		(void)node_id(reader, id, &check.id);
	if ((message = node_need(reader, node, "message")))
		(void)node_text(reader, message, &check.message);
	if (node_get(node, "warning"))
		(void)node_bool(reader, node_get(node, "warning"), &check.warning);
	for (size_t i = 0; i < sizeof check_ops / sizeof *check_ops; i++) {
		if (node_get(node, check_ops[i].key)) {
			value = node_get(node, check_ops[i].key);
			check.op = check_ops[i].op;
			found++;
		}
	}
	if (found != 1) {
		fault_at(&reader->faults, node->place, "a check has exactly one of le, lt, eq, not_past, not_future, within_months, since_days, sum_le, rule");
		return false;
	}
	if (!read_op(building, value, &check))
		return false;
	if (!check.group)
		check.group = check.a->group ? check.a->group : check.b ? check.b->group : NULL;
	find_section(&check);
	if (node_get(node, "when") && !(check.when = rule_read(building, node_get(node, "when"), check.op == CHECK_SUM_LE ? NULL : check.group)))
		return false;
	*out = check;
	return true;
}

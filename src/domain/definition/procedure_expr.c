#include "domain/definition/expr.h"
#include "domain/definition/procedure_read.h"

/* What a computed field is computed from, as written → struct expr. */

struct expr_reader {
	struct building *building;
	const struct field *group;
};

static const struct expr *read_expr(const struct expr_reader *exprs, const struct node *node);

/* The field that a part names, of the kind that it needs. NULL: reported, or reported where its type stands. */
static const struct field *read_field(const struct expr_reader *exprs, const struct node *node)
{
	struct reader *reader = exprs->building->reader;
	struct str name;
	if (!node_word(reader, node, &name) || !building_alias_known(exprs->building, node, name))
		return NULL;
	const struct field *field = building_field(exprs->building, name, exprs->group);
	if (!field)
		fault_at(&reader->faults, node->place, "there is no field '" STR_FMT "' here", STR_ARG(name));
	return field && field->type != FIELD_TYPE_COUNT ? field : NULL;
}

static bool wanted(const struct expr_reader *exprs, const struct node *node, const struct field *field, bool good, const char *what)
{
	if (field && !good)
		fault_at(&exprs->building->reader->faults, node->place, "'" STR_FMT "' is of type %s; %s must stand here", STR_ARG(field->id),
			field_type_name(field->type), what);
	return field && good;
}

static struct expr *make(const struct expr_reader *exprs, enum expr_op op, const struct field *field)
{
	struct expr *expr = arena_new(exprs->building->reader->arena, struct expr);
	*expr = (struct expr){.op = op, .field = field};
	return expr;
}

static const struct expr *read_number(const struct expr_reader *exprs, const struct node *value)
{
	const struct field *field = read_field(exprs, value);
	return wanted(exprs, value, field, field && field_is_number(field), "a number") ? make(exprs, EXPR_FIELD, field) : NULL;
}

static const struct expr *read_points(const struct expr_reader *exprs, const struct node *value)
{
	const struct field *field = read_field(exprs, value);
	bool single = field && field_has_choices(field) && field->type != FIELD_MULTI;
	if (!wanted(exprs, value, field, single, "a choice of one"))
		return NULL;
	if (field->choices && field->choices->n && !field->choices->has_points) {
		fault_at(&exprs->building->reader->faults, value->place, "the list '" STR_FMT "' has no column `points`", STR_ARG(field->choices->id));
		return NULL;
	}
	return make(exprs, EXPR_POINTS, field);
}

static const struct expr *read_count(const struct expr_reader *exprs, const struct node *node)
{
	struct reader *reader = exprs->building->reader;
	const struct node *value = node_get(node, "count"), *list = node_get(node, "points");
	const struct field *field = read_field(exprs, value);
	if (!wanted(exprs, value, field, field && field->type == FIELD_MULTI, "a multi") || !node_is_list(reader, list, "points"))
		return NULL;
	if (list->n == 0 || list->n > LIMIT_EXPR) {
		fault_at(&reader->faults, list->place, "the points for none, one, two and so on: 1 to %u numbers", LIMIT_EXPR);
		return NULL;
	}
	int32_t *points = arena_array(reader->arena, int32_t, list->n);
	for (size_t i = 0; i < list->n; i++) {
		int64_t number;
		if (!node_number(reader, list->items[i], -LIMIT_POINTS, LIMIT_POINTS, &number))
			return NULL;
		points[i] = (int32_t)number;
	}
	struct expr *expr = make(exprs, EXPR_COUNT, field);
	expr->points = points;
	expr->point_count = list->n;
	return expr;
}

static const struct expr *read_constant(const struct expr_reader *exprs, const struct node *value)
{
	struct expr *expr = make(exprs, EXPR_CONSTANT, NULL);
	return node_thousandths(exprs->building->reader, value, &expr->constant) ? expr : NULL;
}

static const struct expr *read_list(const struct expr_reader *exprs, const struct node *list, enum expr_op op)
{
	struct reader *reader = exprs->building->reader;
	if (!node_is_list(reader, list, "what is put together"))
		return NULL;
	if (op == EXPR_RATIO ? list->n != 2 : list->n == 0 || list->n > LIMIT_EXPR) {
		fault_at(&reader->faults, list->place, op == EXPR_RATIO ? "a ratio is of two" : "1 to 200 parts must stand here");
		return NULL;
	}
	const struct expr **sub = arena_array(reader->arena, const struct expr *, list->n);
	bool good = true;
	for (size_t i = 0; i < list->n; i++) {
		sub[i] = read_expr(exprs, list->items[i]);
		good &= sub[i] != NULL;
	}
	struct expr *expr = make(exprs, op, NULL);
	expr->sub = sub;
	expr->sub_count = list->n;
	return good ? expr : NULL;
}

/* What this procedure can decide at once is decided, and the other branch not looked at: it may name what is not here. */
static const struct expr *read_when(const struct expr_reader *exprs, const struct node *node)
{
	struct reader *reader = exprs->building->reader;
	const struct node *when = node_get(node, "when"), *then = node_need(reader, node, "then"), *otherwise = node_get(node, "else");
	enum fold fold = fold_when(exprs->building, when);
	if (!then)
		return NULL;
	if (fold == FOLD_TRUE)
		return read_expr(exprs, then);
	if (fold == FOLD_FALSE)
		return otherwise ? read_expr(exprs, otherwise) : make(exprs, EXPR_SUM, NULL);
	const struct expr **sub = arena_array(reader->arena, const struct expr *, 2);
	struct expr *expr = make(exprs, EXPR_WHEN, NULL);
	expr->rule = rule_read(exprs->building, when, exprs->group);
	sub[0] = read_expr(exprs, then);
	sub[1] = otherwise ? read_expr(exprs, otherwise) : NULL;
	expr->sub = sub;
	expr->sub_count = otherwise ? 2 : 1;
	return expr->rule && sub[0] && (sub[1] || !otherwise) ? expr : NULL;
}

static const struct expr *read_age(const struct expr_reader *exprs, const struct node *value)
{
	const struct field *field = read_field(exprs, value);
	bool date = field && (field->type == FIELD_DATE || field->type == FIELD_PARTIAL_DATE);
	return wanted(exprs, value, field, date, "a date of birth") ? make(exprs, EXPR_AGE, field) : NULL;
}

static const struct expr *read_rows(const struct expr_reader *exprs, const struct node *value)
{
	const struct field *field = read_field(exprs, value);
	return wanted(exprs, value, field, field && field->type == FIELD_GROUP, "a group") ? make(exprs, EXPR_ROWS, field) : NULL;
}

/* By its full name, as in checks. */
static const struct expr *read_sum_of(const struct expr_reader *exprs, const struct node *value)
{
	struct reader *reader = exprs->building->reader;
	struct str name;
	if (!node_word(reader, value, &name))
		return NULL;
	const struct field *field = map_get(&exprs->building->procedure->by_id, name);
	if (!field || !field->group) {
		fault_at(&reader->faults, value->place, "there is no row field '" STR_FMT "': it is named group.field", STR_ARG(name));
		return NULL;
	}
	if (field->type == FIELD_TYPE_COUNT)
		return NULL;
	return wanted(exprs, value, field, field_is_number(field), "a number") ? make(exprs, EXPR_SUM_OF, field) : NULL;
}

static const struct {
	const char *key;
	enum expr_op op;
	const struct expr *(*read)(const struct expr_reader *exprs, const struct node *value); /* NULL: a list */
} parts[] = {
	{"field", EXPR_FIELD, read_number}, {"constant", EXPR_CONSTANT, read_constant}, {"sum", EXPR_SUM, NULL}, {"ratio", EXPR_RATIO, NULL},
	{"max", EXPR_MAX, NULL}, {"min", EXPR_MIN, NULL}, {"age", EXPR_AGE, read_age}, {"rows", EXPR_ROWS, read_rows},
	{"sum_of", EXPR_SUM_OF, read_sum_of}, {"points", EXPR_POINTS, read_points},
};

static const struct expr *read_expr(const struct expr_reader *exprs, const struct node *node)
{
	static const char *const keys[] = {"field", "points", "count", "constant", "sum", "ratio", "max", "min", "when", "then", "else", "age",
		"rows", "sum_of", "copy", NULL};
	struct reader *reader = exprs->building->reader;
	if (!node_is_map(reader, node, "what is computed") || !node_keys(reader, node, keys))
		return NULL;
	if (node_get(node, "copy")) {
		fault_at(&reader->faults, node_key(node, "copy")->place, "a copy stands alone");
		return NULL;
	}
	if (node_get(node, "when") && node->n <= 3 && !(node->n == 3 && !node_get(node, "else")))
		return read_when(exprs, node);
	if (node_get(node, "count") && node_get(node, "points") && node->n == 2)
		return read_count(exprs, node);
	for (size_t i = 0; node->n == 1 && i < sizeof parts / sizeof *parts; i++)
		if (node_get(node, parts[i].key))
			return parts[i].read ? parts[i].read(exprs, node->items[0]) : read_list(exprs, node->items[0], parts[i].op);
	fault_at(&reader->faults, node->place,
		"one of field, points, constant, sum, ratio, max, min, age, rows, sum_of must stand here, or count with points, or when with then and else");
	return NULL;
}

static const struct expr *read_copy(const struct expr_reader *exprs, const struct node *node)
{
	const struct node *value = node_get(node, "copy");
	static const char *const keys[] = {"copy", NULL};
	if (!node_keys(exprs->building->reader, node, keys))
		return NULL;
	const struct field *field = read_field(exprs, value);
	if (!wanted(exprs, value, field, field && field_is_answered(field), "a field that people answer"))
		return NULL;
	return make(exprs, EXPR_COPY, field);
}

const struct expr *expr_read(struct building *building, const struct node *node, const struct field *group)
{
	const struct expr_reader exprs = {building, group};
	return expr_is_copy(node) ? read_copy(&exprs, node) : read_expr(&exprs, node);
}

bool expr_is_copy(const struct node *node)
{
	return node->kind == NODE_MAP && node_get(node, "copy");
}

#include "domain/definition/rule_fold.h"

#include "base/encode.h"

enum { NOT_ASKED, HANGS, STANDS };

static enum holds look(struct known *known, const struct rule *leaf)
{
	struct folding *folding = (struct folding *)known;
	bool open = leaf->field && folding_hangs(folding, leaf->field);
	return open ? HOLDS_OPEN : holds_of(rule_leaf_holds(&folding->eval, leaf));
}

void folding_init(struct folding *folding, const struct form_scope *scope, const struct section *section, struct arena *arena)
{
	*folding = (struct folding){0};
	known_init(&folding->known, look);
	rule_eval_init(&folding->eval, scope);
	folding->section = section;
	folding->arena = arena;
}

static bool here(const struct folding *folding, const struct field *field)
{
	return field->section == folding->section;
}

/* ---- what hangs on the page ---- */

static bool stands(void *arg, const struct field *field)
{
	return !folding_hangs(arg, field);
}

static bool comparison_stands(void *arg, const struct rule *comparison)
{
	return !folding_hangs(arg, comparison->field);
}

static bool rule_hangs(struct folding *folding, const struct rule *rule)
{
	return rule && !rule_walk(rule, comparison_stands, folding);
}

static bool expr_hangs(struct folding *folding, const struct expr *expr)
{
	return !expr_walk(expr, stands, folding);
}

static bool rows_hang(struct folding *folding, const struct field *group)
{
	for (size_t i = 0; i < group->field_count; i++)
		if (folding_hangs(folding, group->fields[i]))
			return true;
	return false;
}

/* Definitions have no circles, but rows look at their group, which looks at its rows. */
static bool find_out(struct folding *folding, const struct field *field)
{
	if (here(folding, field) || rule_hangs(folding, field->when) || rule_hangs(folding, field->section->when))
		return true;
	if (field->group && rule_hangs(folding, field->group->when))
		return true;
	return expr_hangs(folding, field->calc) || (field->type == FIELD_GROUP && rows_hang(folding, field));
}

bool folding_hangs(struct folding *folding, const struct field *field)
{
	uint8_t *known = &folding->hangs[field->index];
	if (*known == NOT_ASKED) {
		*known = STANDS;
		*known = find_out(folding, field) ? HANGS : STANDS;
	}
	return *known == HANGS;
}

/* ---- conditions ---- */

void folding_write_number(struct folding *folding, struct buf *out, int64_t number)
{
	static const int64_t most = INT64_C(9007199254740991); /* 2^53 - 1: what a number of JavaScript keeps */
	folding->beyond |= number > most || number < -most;
	buf_i64(out, number);
}

static void invite(struct folding *folding, const struct field *field)
{
	for (size_t i = 0; i < folding->guests.n; i++)
		if (folding->guests.v[i] == field)
			return;
	/* Rows elsewhere that hang on this page are not told. */
	folding->beyond |= field->group || field->type == FIELD_GROUP;
	vec_push(folding->arena, &folding->guests, field);
}

static void write_name(struct folding *folding, struct buf *out, const struct field *field)
{
	if (!here(folding, field))
		invite(folding, field);
	buf_byte(out, ',');
	json_write_str(out, field->id);
}

static void write_bound(struct folding *folding, struct buf *out, int64_t bound, int64_t open)
{
	buf_byte(out, ',');
	if (bound == open)
		buf_lit(out, "null");
	else
		folding_write_number(folding, out, bound);
}

static void write_comparison(struct folding *folding, struct buf *out, const struct rule *rule)
{
	static const char *const signs[RULE_OP_COUNT] = {
		[RULE_IS] = "=", [RULE_IN] = "=", [RULE_HAS] = "~", [RULE_GIVEN] = "?", [RULE_RANGE] = "<", [RULE_AGE] = "@",
	};
	buf_byte(out, '[');
	json_write_str(out, str_of(signs[rule->op]));
	write_name(folding, out, rule->field);
	for (size_t i = 0; i < rule->value_count; i++) {
		buf_byte(out, ',');
		json_write_str(out, rule->values[i]);
	}
	if (rule->op == RULE_RANGE || rule->op == RULE_AGE) {
		write_bound(folding, out, rule->least, INT64_MIN);
		write_bound(folding, out, rule->below, INT64_MAX);
	}
	buf_byte(out, ']');
}

/* The parts that are still open, each behind a comma. */
static size_t write_parts(struct folding *folding, struct buf *out, const struct rule *rule, bool whole)
{
	size_t written = 0;
	for (size_t i = 0; i < rule->sub_count; i++) {
		if (!whole && known_rule(&folding->known, rule->sub[i]) != HOLDS_OPEN)
			continue;
		buf_byte(out, ',');
		folding_write_rule(folding, out, rule->sub[i], whole);
		written++;
	}
	return written;
}

void folding_write_rule(struct folding *folding, struct buf *out, const struct rule *rule, bool whole)
{
	enum holds holds = known_rule(&folding->known, rule);
	if (!rule || (holds != HOLDS_OPEN && (!whole || rule->op == RULE_ACTOR || rule->op == RULE_CARD))) {
		buf_byte(out, holds == HOLDS_YES ? '1' : '0');
		return;
	}
	if (rule->field) {
		write_comparison(folding, out, rule);
		return;
	}
	buf_c(out, rule->op == RULE_ALL ? "[\"&\"" : rule->op == RULE_ANY ? "[\"|\"" : "[\"!\"");
	(void)write_parts(folding, out, rule, whole);
	buf_byte(out, ']');
}

enum holds folding_when(struct folding *folding, const struct field *field)
{
	enum holds own = known_rule(&folding->known, field->when);
	enum holds around = field->group ? HOLDS_YES : known_section(&folding->known, field->section);
	return own < around ? own : around;
}

void folding_write_when(struct folding *folding, struct buf *out, const struct field *field)
{
	const struct rule *const both[] = {field->section->when, field->when};
	const struct rule all = {.op = RULE_ALL, .sub = both, .sub_count = 2};
	bool around = !field->group && known_rule(&folding->known, field->section->when) == HOLDS_OPEN;
	folding_write_rule(folding, out, around ? &all : field->when, false);
}

/* ---- computed values ---- */

static void write_constant(struct folding *folding, struct buf *out, const struct expr *expr)
{
	int64_t number;
	if (expr->op == EXPR_COPY) {
		bool shown = rule_field_shown(&folding->eval, expr->field);
		buf_lit(out, "[\"v\",");
		json_write_str(out, shown ? rule_answer(&folding->eval, expr->field) : STR(""));
		buf_byte(out, ']');
	} else if (expr_value(folding->eval.scope, expr, &number)) {
		buf_lit(out, "[\"k\",");
		folding_write_number(folding, out, number);
		buf_byte(out, ']');
	} else {
		buf_lit(out, "null");
	}
}

/* Of a list whose choices have one parent or none: value → points. */
static void write_points(struct folding *folding, struct buf *out, const struct field *field)
{
	folding->beyond |= field->depends_on != NULL;
	buf_lit(out, ",{");
	for (size_t i = 0; i < field->choices->n; i++) {
		const struct choice *choice = &field->choices->v[i];
		if (choice_find(field->choices, choice->value, (struct str){0}, 0) != choice)
			continue;
		if (out->p[out->n - 1] != '{')
			buf_byte(out, ',');
		json_write_str(out, choice->value);
		buf_byte(out, ':');
		buf_i64(out, choice->points);
	}
	buf_byte(out, '}');
}

static void write_counts(struct buf *out, const struct expr *expr)
{
	buf_lit(out, ",[");
	for (size_t i = 0; i < expr->point_count; i++) {
		if (i)
			buf_byte(out, ',');
		buf_i64(out, expr->points[i]);
	}
	buf_byte(out, ']');
}

void folding_write_expr(struct folding *folding, struct buf *out, const struct expr *expr)
{
	static const char *const signs[EXPR_OP_COUNT] = {
		[EXPR_FIELD] = "f", [EXPR_POINTS] = "p", [EXPR_COUNT] = "c", [EXPR_SUM] = "+", [EXPR_RATIO] = "/", [EXPR_MAX] = "M",
		[EXPR_MIN] = "m", [EXPR_WHEN] = "w", [EXPR_AGE] = "a", [EXPR_ROWS] = "r", [EXPR_SUM_OF] = "s", [EXPR_COPY] = "y",
	};
	if (!expr_hangs(folding, expr)) {
		write_constant(folding, out, expr);
		return;
	}
	buf_byte(out, '[');
	json_write_str(out, str_of(signs[expr->op]));
	if (expr->field) {
		write_name(folding, out, expr->field);
		if (expr->op == EXPR_POINTS)
			write_points(folding, out, expr->field);
	}
	if (expr->op == EXPR_COUNT)
		write_counts(out, expr);
	if (expr->op == EXPR_WHEN) {
		buf_byte(out, ',');
		folding_write_rule(folding, out, expr->rule, false);
	}
	for (size_t i = 0; i < expr->sub_count; i++) {
		buf_byte(out, ',');
		folding_write_expr(folding, out, expr->sub[i]);
	}
	buf_byte(out, ']');
}

bool folding_has_list(const struct folding *folding, const struct field *field)
{
	size_t offered = 0;
	const struct field *parent = field->depends_on;
	if (field->type != FIELD_SELECT || !parent || parent->section != folding->section || field->section != folding->section)
		return false;
	for (size_t i = 0; i < field->choices->n; i++)
		offered += choice_offered(&field->choices->v[i], (struct str){0}, folding->eval.scope->today);
	return offered <= LIMIT_RULE_CHOICES;
}

#include "domain/definition/procedure_json.h"

#include "base/encode.h"
#include "domain/definition/expr.h"

/* The beginning of a member: a comma where one is needed, then "key": */
static void key(struct buf *out, const char *name)
{
	char last = out->n ? out->p[out->n - 1] : '{';
	if (last != '{' && last != '[')
		buf_byte(out, ',');
	json_write_str(out, str_of(name));
	buf_byte(out, ':');
}

static void comma(struct buf *out, size_t i)
{
	if (i)
		buf_byte(out, ',');
}

static void member(struct buf *out, const char *name, struct str value)
{
	if (str_empty(value))
		return;
	key(out, name);
	json_write_str(out, value);
}

static void number(struct buf *out, const char *name, int64_t value)
{
	key(out, name);
	buf_i64(out, value);
}

static void truth(struct buf *out, const char *name, bool value)
{
	key(out, name);
	buf_c(out, value ? "true" : "false");
}

static void strings(struct buf *out, const char *name, const struct str *values, size_t count)
{
	key(out, name);
	buf_byte(out, '[');
	for (size_t i = 0; i < count; i++) {
		comma(out, i);
		json_write_str(out, values[i]);
	}
	buf_byte(out, ']');
}

/* {"ja": …, "en": …}, or its two members inside a map that is open. */
static void languages(struct buf *out, const struct text *text)
{
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		struct str tag = locale_get(lang, false)->tag;
		char last = out->p[out->n - 1];
		if (last != '{')
			buf_byte(out, ',');
		json_write_str(out, tag);
		buf_byte(out, ':');
		json_write_str(out, text_form(text, lang, TEXT_PLAIN));
	}
}

static void text_member(struct buf *out, const char *name, const struct text *text)
{
	if (str_absent(text_form(text, LANG_JA, TEXT_WORDS)))
		return;
	key(out, name);
	buf_byte(out, '{');
	languages(out, text);
	buf_byte(out, '}');
}

static void thousandths(struct buf *out, const char *name, int64_t value)
{
	uint64_t amount = value < 0 ? -(uint64_t)value : (uint64_t)value;
	key(out, name);
	if (value < 0)
		buf_byte(out, '-');
	buf_i64(out, (int64_t)(amount / 1000));
	if (amount % 1000 == 0)
		return;
	buf_byte(out, '.');
	buf_pad(out, (int64_t)(amount % 1000), 3);
}

static void path_member(struct buf *out, const char *name, const struct field *field)
{
	if (field)
		member(out, name, field->id);
}

static void rules(struct buf *out, const struct rule *const *sub, size_t count)
{
	key(out, "of");
	buf_byte(out, '[');
	for (size_t i = 0; i < count; i++) {
		comma(out, i);
		rule_write_json(out, sub[i]);
	}
	buf_byte(out, ']');
}

static void actors(struct buf *out, unsigned types)
{
	struct str names[USER_TYPE_COUNT];
	size_t count = 0;
	for (int type = 0; type < USER_TYPE_COUNT; type++)
		if (types >> type & 1)
			names[count++] = str_of(user_type_name((enum user_type)type));
	strings(out, "values", names, count);
}

void rule_write_json(struct buf *out, const struct rule *rule)
{
	static const char *const names[RULE_OP_COUNT] = {
		[RULE_ALL] = "all", [RULE_ANY] = "any", [RULE_NOT] = "not", [RULE_IS] = "is", [RULE_IN] = "in", [RULE_HAS] = "has",
		[RULE_GIVEN] = "given", [RULE_RANGE] = "range", [RULE_AGE] = "age", [RULE_ACTOR] = "actor", [RULE_CARD] = "card",
	};
	if (!rule) {
		buf_lit(out, "null");
		return;
	}
	buf_byte(out, '{');
	member(out, "op", str_of(names[rule->op]));
	path_member(out, "field", rule->field);
	if (rule->op == RULE_ALL || rule->op == RULE_ANY || rule->op == RULE_NOT)
		rules(out, rule->sub, rule->sub_count);
	if (rule->op == RULE_IS || rule->op == RULE_IN || rule->op == RULE_HAS)
		strings(out, "values", rule->values, rule->value_count);
	if (rule->op == RULE_ACTOR)
		actors(out, rule->actors);
	if ((rule->op == RULE_RANGE || rule->op == RULE_AGE) && rule->least != INT64_MIN)
		thousandths(out, "at_least", rule->least);
	if ((rule->op == RULE_RANGE || rule->op == RULE_AGE) && rule->below != INT64_MAX)
		thousandths(out, "below", rule->below);
	buf_byte(out, '}');
}

void expr_write_json(struct buf *out, const struct expr *expr)
{
	static const char *const names[EXPR_OP_COUNT] = {
		[EXPR_FIELD] = "field", [EXPR_POINTS] = "points", [EXPR_COUNT] = "count", [EXPR_CONSTANT] = "constant", [EXPR_SUM] = "sum",
		[EXPR_RATIO] = "ratio", [EXPR_MAX] = "max", [EXPR_MIN] = "min", [EXPR_WHEN] = "when", [EXPR_AGE] = "age", [EXPR_ROWS] = "rows",
		[EXPR_SUM_OF] = "sum_of", [EXPR_COPY] = "copy",
	};
	buf_byte(out, '{');
	member(out, "op", str_of(names[expr->op]));
	path_member(out, "field", expr->field);
	if (expr->op == EXPR_CONSTANT)
		thousandths(out, "constant", expr->constant);
	if (expr->rule) {
		key(out, "when");
		rule_write_json(out, expr->rule);
	}
	if (expr->op == EXPR_COUNT) {
		key(out, "points");
		buf_byte(out, '[');
		for (size_t i = 0; i < expr->point_count; i++) {
			comma(out, i);
			buf_i64(out, expr->points[i]);
		}
		buf_byte(out, ']');
	}
	if (!expr->field && expr->op != EXPR_CONSTANT) {
		key(out, "of");
		buf_byte(out, '[');
		for (size_t i = 0; i < expr->sub_count; i++) {
			comma(out, i);
			expr_write_json(out, expr->sub[i]);
		}
		buf_byte(out, ']');
	}
	buf_byte(out, '}');
}

static void condition(struct buf *out, const char *name, const struct rule *rule)
{
	if (!rule)
		return;
	key(out, name);
	rule_write_json(out, rule);
}

static void field_links(struct buf *out, const struct field *field)
{
	if (field->choices)
		member(out, "choices", field->choices->id);
	path_member(out, "depends_on", field->depends_on);
	path_member(out, "same_as", field->same_as);
	path_member(out, "fills", field->fills);
	if (field->proposes_from) {
		key(out, "proposes");
		buf_byte(out, '{');
		path_member(out, "from", field->proposes_from);
		member(out, "by", field->propose_by == PROPOSE_AREA ? STR("area") : STR("parent"));
		buf_byte(out, '}');
	}
	condition(out, "when", field->when);
}

static void field_calc(struct buf *out, const struct field *field)
{
	if (field->type != FIELD_CALC)
		return;
	member(out, "unit", str_of(calc_unit_name(field->unit)));
	number(out, "decimals", field->decimals);
	key(out, "value");
	expr_write_json(out, field->calc);
}

static void write_field(struct buf *out, const struct field *field)
{
	static const char *const scripts[SCRIPT_RULE_COUNT] = {
		[SCRIPT_ANY] = "any", [SCRIPT_FULL] = "full", [SCRIPT_ASCII] = "ascii", [SCRIPT_UPPER] = "upper", [SCRIPT_ALNUM] = "alnum",
	};
	bool ranged = field->type == FIELD_NUMBER || field->type == FIELD_YEN || field->type == FIELD_GROUP;
	buf_byte(out, '{');
	member(out, "path", field->id);
	member(out, "no", field->no);
	member(out, "type", str_of(field_type_name(field->type)));
	text_member(out, "label", &field->label);
	text_member(out, "hint", &field->hint);
	if (field_is_answered(field))
		truth(out, "required", field->required);
	member(out, "example", field->example);
	if (field->type == FIELD_TEXT)
		member(out, "script", str_of(scripts[field->script]));
	member(out, "one_of", field->one_of);
	truth(out, "controls", field->controls);
	if (field->min_length)
		number(out, "min_length", field->min_length);
	if (field->max_length)
		number(out, "max_length", field->max_length);
	if (ranged) {
		number(out, "min", field->min);
		number(out, "max", field->max);
	}
	field_links(out, field);
	field_calc(out, field);
	if (field->type == FIELD_GROUP) {
		key(out, "fields");
		buf_byte(out, '[');
		for (size_t i = 0; i < field->field_count; i++) {
			comma(out, i);
			write_field(out, field->fields[i]);
		}
		buf_byte(out, ']');
	}
	buf_byte(out, '}');
}

static void write_section(struct buf *out, const struct section *section)
{
	buf_byte(out, '{');
	member(out, "id", section->id);
	text_member(out, "title", &section->title);
	number(out, "minutes", section->minutes);
	condition(out, "when", section->when);
	key(out, "fields");
	buf_byte(out, '[');
	for (size_t i = 0; i < section->field_count; i++) {
		comma(out, i);
		write_field(out, section->fields[i]);
	}
	buf_lit(out, "]}");
}

static void write_check(struct buf *out, const struct check *check)
{
	static const char *const names[CHECK_OP_COUNT] = {
		[CHECK_LE] = "le", [CHECK_LT] = "lt", [CHECK_EQ] = "eq", [CHECK_SUM_LE] = "sum_le", [CHECK_NOT_PAST] = "not_past",
		[CHECK_NOT_FUTURE] = "not_future", [CHECK_WITHIN_MONTHS] = "within_months", [CHECK_RULE] = "rule",
	};
	buf_byte(out, '{');
	member(out, "id", check->id);
	text_member(out, "message", &check->message);
	truth(out, "warning", check->warning);
	member(out, "op", str_of(names[check->op]));
	path_member(out, "a", check->a);
	path_member(out, "b", check->b);
	if (!check->b && (check->op == CHECK_LE || check->op == CHECK_LT || check->op == CHECK_EQ || check->op == CHECK_SUM_LE ||
				 check->op == CHECK_WITHIN_MONTHS))
		number(out, "value", check->value);
	path_member(out, "group", check->group);
	condition(out, "when", check->when);
	condition(out, "rule", check->rule);
	buf_byte(out, '}');
}

static void write_list(struct buf *out, const struct choice_list *list)
{
	buf_byte(out, '[');
	for (size_t i = 0; i < list->n; i++) {
		const struct choice *choice = &list->v[i];
		comma(out, i);
		buf_byte(out, '{');
		member(out, "value", choice->value);
		member(out, "parent", choice->parent);
		languages(out, &choice->label);
		if (list->has_points)
			number(out, "points", choice->points);
		if (choice->valid_from)
			number(out, "from", choice->valid_from);
		if (choice->valid_until)
			number(out, "until", choice->valid_until);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

/* Each that some field uses, where the first one that does comes. */
static void write_lists(struct buf *out, const struct procedure *procedure)
{
	key(out, "lists");
	buf_byte(out, '{');
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct choice_list *list = procedure->fields[i]->choices;
		bool first = list != NULL;
		for (size_t j = 0; first && j < i; j++)
			first = procedure->fields[j]->choices != list;
		if (!first)
			continue;
		key(out, str_c(out->arena, list->id));
		write_list(out, list);
	}
	buf_byte(out, '}');
}

void procedure_write_json(struct buf *out, const struct procedure *procedure)
{
	struct str types[USER_TYPE_COUNT];
	size_t count = 0;
	for (int type = 0; type < USER_TYPE_COUNT; type++)
		if (procedure->user_types[type])
			types[count++] = str_of(user_type_name((enum user_type)type));
	buf_byte(out, '{');
	member(out, "id", procedure->id);
	member(out, "version", procedure->version);
	member(out, "code", procedure->code);
	text_member(out, "title", &procedure->title);
	text_member(out, "short_title", &procedure->short_title);
	strings(out, "user_types", types, count);
	member(out, "name_field", procedure->name_field);
	member(out, "email_field", procedure->email_field);
	member(out, "office_field", procedure->office_field);
	member(out, "status_field", procedure->status_field);
	member(out, "activity_field", procedure->activity_field);
	key(out, "sections");
	buf_byte(out, '[');
	for (size_t i = 0; i < procedure->section_count; i++) {
		comma(out, i);
		write_section(out, procedure->sections[i]);
	}
	buf_byte(out, ']');
	key(out, "checks");
	buf_byte(out, '[');
	for (size_t i = 0; i < procedure->check_count; i++) {
		comma(out, i);
		write_check(out, &procedure->checks[i]);
	}
	buf_byte(out, ']');
	write_lists(out, procedure);
	buf_byte(out, '}');
}

#include "domain/definition/procedure_read.h"

/* The first pass over a field: its own values. What refers to other things is linked in procedure_link.c. */

enum {
	KEY_SCRIPT = 1 << 0,
	KEY_LENGTH = 1 << 1, /* min_length, max_length */
	KEY_RANGE = 1 << 2,  /* min, max */
	KEY_CHOICES = 1 << 3,
	KEY_DEPENDS = 1 << 4, /* depends_on, proposes */
	KEY_FIELDS = 1 << 5,
	KEY_SAME_AS = 1 << 6,
	KEY_FILLS = 1 << 7,
	KEY_ANSWER = 1 << 8, /* required, one_of, example, autocomplete, prefill */
	KEY_CARD = 1 << 9,   /* what a card can fill */
	KEY_CALC = 1 << 10,  /* value, unit, decimals */
};

/* What a type takes, and what holds when nothing is given. */
struct type_rule {
	unsigned keys;
	bool length_needed, max_needed, choices_needed;
	unsigned min_length, max_length;
	int64_t min, max;
};

#define CHOICE_RULE(more) {.keys = KEY_ANSWER | KEY_CHOICES | KEY_DEPENDS | (more), .choices_needed = true}

static const struct type_rule type_rules[FIELD_TYPE_COUNT] = {
	[FIELD_TEXT] = {.keys = KEY_ANSWER | KEY_SCRIPT | KEY_LENGTH | KEY_CARD, .length_needed = true},
	[FIELD_TEXTAREA] = {.keys = KEY_ANSWER | KEY_LENGTH, .length_needed = true},
	[FIELD_NUMBER] = {.keys = KEY_ANSWER | KEY_RANGE, .max_needed = true},
	[FIELD_YEN] = {.keys = KEY_ANSWER | KEY_RANGE, .max = INT64_C(999999999999)},
	[FIELD_DIGITS] = {.keys = KEY_ANSWER | KEY_LENGTH, .length_needed = true},
	[FIELD_DATE] = {.keys = KEY_ANSWER | KEY_CARD},
	[FIELD_MONTH] = {.keys = KEY_ANSWER},
	[FIELD_PARTIAL_DATE] = {.keys = KEY_ANSWER | KEY_CARD},
	[FIELD_PARTIAL_MONTH] = {.keys = KEY_ANSWER},
	[FIELD_SELECT] = CHOICE_RULE(KEY_CARD),
	[FIELD_RADIO] = CHOICE_RULE(KEY_CARD),
	[FIELD_MULTI] = CHOICE_RULE(0),
	[FIELD_CHECKBOX] = {.keys = KEY_ANSWER},
	[FIELD_EMAIL] = {.keys = KEY_ANSWER | KEY_LENGTH | KEY_SAME_AS, .max_length = LIMIT_EMAIL},
	[FIELD_PHONE] = {.keys = KEY_ANSWER | KEY_LENGTH, .max_length = 12},
	[FIELD_POSTAL] = {.keys = KEY_ANSWER | KEY_FILLS, .min_length = 7, .max_length = 7},
	[FIELD_ADDRESS] = {.keys = KEY_ANSWER | KEY_LENGTH | KEY_CARD, .max_length = 85},
	[FIELD_CARD_NO] = {.keys = KEY_ANSWER, .min_length = 12, .max_length = 12},
	[FIELD_CORP_NO] = {.keys = KEY_ANSWER, .min_length = 13, .max_length = 13},
	[FIELD_COUNTRY] = {.keys = KEY_ANSWER | KEY_CHOICES},
	[FIELD_GROUP] = {.keys = KEY_FIELDS | KEY_RANGE, .max_needed = true},
	[FIELD_NOTE] = {0},
	[FIELD_CALC] = {.keys = KEY_CALC},
};

static const struct {
	const char *key;
	unsigned bit; /* 0: every type takes it */
} field_keys[] = {
	{"id", 0}, {"no", 0}, {"only", 0}, {"type", 0}, {"label", 0}, {"hint", 0}, {"when", 0},
	{"script", KEY_SCRIPT}, {"min_length", KEY_LENGTH}, {"max_length", KEY_LENGTH}, {"min", KEY_RANGE}, {"max", KEY_RANGE},
	{"choices", KEY_CHOICES}, {"depends_on", KEY_DEPENDS}, {"fields", KEY_FIELDS}, {"same_as", KEY_SAME_AS}, {"fills", KEY_FILLS},
	{"required", KEY_ANSWER}, {"one_of", KEY_ANSWER}, {"example", KEY_ANSWER}, {"autocomplete", KEY_ANSWER}, {"prefill", KEY_ANSWER}, {"prefill_for", KEY_ANSWER},
	{"card", KEY_CARD}, {"card_for", KEY_CARD}, {"proposes", KEY_DEPENDS},
	{"value", KEY_CALC}, {"unit", KEY_CALC}, {"decimals", KEY_CALC},
};

static const char *const autocomplete_tokens[] = {
	"name", "family-name", "given-name", "bday", "sex", "tel", "email", "postal-code", "street-address", "organization",
	"organization-title", "country", "country-name", NULL,
};

static const char *const prefill_sources[] = {
	"account.name", "account.birth_date", "account.sex", "account.phone", "account.postal_code", "account.address", "account.email", NULL,
};

static const char *const card_items[CARD_ITEM_COUNT] = {"", "name", "address", "birth_date", "sex"};

/* The types that can hold each item, as bits. */
static const unsigned card_types[CARD_ITEM_COUNT] = {
	[CARD_NAME] = 1u << FIELD_TEXT,
	[CARD_ADDRESS] = 1u << FIELD_TEXT | 1u << FIELD_ADDRESS,
	[CARD_BIRTH_DATE] = 1u << FIELD_DATE | 1u << FIELD_PARTIAL_DATE,
	[CARD_SEX] = 1u << FIELD_RADIO | 1u << FIELD_SELECT,
};

static const char *const script_names[SCRIPT_RULE_COUNT] = {
	[SCRIPT_ANY] = "any", [SCRIPT_FULL] = "full", [SCRIPT_ASCII] = "ascii", [SCRIPT_UPPER] = "upper", [SCRIPT_ALNUM] = "alnum",
};

static void keys_check(struct reader *reader, const struct node *node, enum field_type type)
{
	for (size_t i = 0; i < node->n; i++) {
		struct str key = node_key_at(node, i)->text;
		size_t k = 0;
		while (k < sizeof field_keys / sizeof *field_keys && !str_eq(key, str_of(field_keys[k].key)))
			k++;
		if (k == sizeof field_keys / sizeof *field_keys)
			fault_at(&reader->faults, node_key_at(node, i)->place, "unknown key '" STR_FMT "' of a field", STR_ARG(key));
		else if (field_keys[k].bit && !(type_rules[type].keys & field_keys[k].bit))
			fault_at(&reader->faults, node_key_at(node, i)->place, "'" STR_FMT "' has no meaning for type %s", STR_ARG(key),
				field_type_name(type));
	}
}

/* One word of a table that ends with NULL or after `count` entries; its index, or -1 when reported. */
static int word_in(struct reader *reader, const struct node *node, const char *const *words, int count, const char *what)
{
	struct str word;
	if (!node_word(reader, node, &word))
		return -1;
	for (int i = 0; i < count && words[i]; i++)
		if (str_eq(word, str_of(words[i])))
			return i;
	fault_at(&reader->faults, node->place, "unknown %s '" STR_FMT "'", what, STR_ARG(word));
	return -1;
}

static bool type_read(struct reader *reader, const struct node *node, enum field_type *out)
{
	struct str word;
	const struct node *value = node_need(reader, node, "type");
	if (!value || !node_word(reader, value, &word))
		return false;
	for (int i = 0; i < FIELD_TYPE_COUNT; i++) {
		if (str_eq(word, str_of(field_type_name((enum field_type)i)))) {
			*out = (enum field_type)i;
			return true;
		}
	}
	fault_at(&reader->faults, value->place, "unknown type '" STR_FMT "'", STR_ARG(word));
	return false;
}

static void words_read(struct building *building, const struct node *node, struct field *field)
{
	struct reader *reader = building->reader;
	const struct node *value;
	if ((value = node_need(reader, node, "label")))
		(void)node_text(reader, value, &field->label);
	if ((value = node_get(node, "hint")))
		(void)node_text(reader, value, &field->hint);
	if ((value = node_get(node, "no")))
		(void)building_word(building, value, &field->no);
	if ((value = node_get(node, "example")))
		(void)node_word(reader, value, &field->example);
	if ((value = node_get(node, "required")))
		(void)building_bool(building, value, &field->required);
	if ((value = node_get(node, "one_of")))
		(void)node_id(reader, value, &field->one_of);
	if ((value = node_get(node, "autocomplete"))) {
		int i = word_in(reader, value, autocomplete_tokens, 64, "token of autocomplete");
		field->autocomplete = str_of(i < 0 ? NULL : autocomplete_tokens[i]);
	}
	if ((value = node_get(node, "prefill"))) {
		int i = word_in(reader, value, prefill_sources, 64, "source of prefill");
		field->prefill = str_of(i < 0 ? NULL : prefill_sources[i]);
	}
	if ((value = node_get(node, "prefill_for")))
		field->prefill_for = user_types_read(reader, value, "prefill_for");
	if ((value = node_get(node, "script"))) {
		int i = word_in(reader, value, script_names, SCRIPT_RULE_COUNT, "script");
		field->script = i < 0 ? SCRIPT_ANY : (enum script_rule)i;
	}
	if (field->required && !str_absent(field->one_of))
		fault_at(&reader->faults, node_key(node, "one_of")->place, "a field is either required or one of several");
}

static void card_read(struct building *building, const struct node *node, struct field *field)
{
	struct reader *reader = building->reader;
	const struct node *value = node_get(node, "card");
	const struct node *for_whom = node_get(node, "card_for");
	if (for_whom)
		field->card_for = user_types_read(reader, for_whom, "card_for");
	if (for_whom && !value)
		fault_at(&reader->faults, node_key(node, "card_for")->place, "card_for without card");
	int i = value ? word_in(reader, value, card_items, CARD_ITEM_COUNT, "item of a card") : -1;
	if (i < 0)
		return;
	field->card = (enum card_item)i;
	if (field->group)
		fault_at(&reader->faults, value->place, "a card fills no rows of a group");
	else if (!(card_types[i] >> field->type & 1))
		fault_at(&reader->faults, value->place, "a %s of a card does not fit type %s", card_items[i], field_type_name(field->type));
}

static void length_read(struct reader *reader, const struct node *node, const struct type_rule *rule, struct field *field)
{
	const struct node *least = node_get(node, "min_length");
	const struct node *most = node_get(node, "max_length");
	int64_t ceiling = field->type == FIELD_EMAIL ? LIMIT_EMAIL : LIMIT_TEXT_LENGTH;
	int64_t number;
	field->min_length = rule->min_length;
	field->max_length = rule->max_length;
	if (least && node_number(reader, least, 1, ceiling, &number))
		field->min_length = (unsigned)number;
	if (most && node_number(reader, most, 1, ceiling, &number))
		field->max_length = (unsigned)number;
	if (!most && rule->length_needed)
		fault_at(&reader->faults, node->place, "'max_length' is missing");
	else if (least && field->max_length && field->min_length > field->max_length)
		fault_at(&reader->faults, least->place, "min_length is above max_length");
}

static void range_read(struct reader *reader, const struct node *node, const struct type_rule *rule, struct field *field)
{
	const struct node *least = node_get(node, "min");
	const struct node *most = node_get(node, "max");
	bool group = field->type == FIELD_GROUP;
	int64_t ceiling = group ? LIMIT_GROUP_ROWS : INT64_C(999999999999999);
	field->min = rule->min;
	field->max = rule->max;
	if (least)
		(void)node_number(reader, least, group ? 0 : -ceiling, ceiling, &field->min);
	if (most)
		(void)node_number(reader, most, group ? 1 : -ceiling, ceiling, &field->max);
	if (!most && rule->max_needed)
		fault_at(&reader->faults, node->place, "'max' is missing");
	else if ((least || most) && field->min > field->max)
		fault_at(&reader->faults, (least ? least : most)->place, "min is above max");
}

static void rows_read(struct building *building, const struct node *node, struct field *group)
{
	struct reader *reader = building->reader;
	const struct node *list = node_need(reader, node, "fields");
	if (!list || !node_is_list(reader, list, "fields"))
		return;
	if (list->n == 0)
		fault_at(&reader->faults, list->place, "a group without fields");
	VEC(const struct field *) rows = {0};
	for (size_t i = 0; i < list->n; i++) {
		const struct field *row = field_read(building, list->items[i], group);
		if (row)
			vec_push(reader->arena, &rows, row);
	}
	group->fields = rows.v;
	group->field_count = rows.n;
}

/* Paths are made once here, so that looking at an answer formats and hashes nothing. One row more than fit, to see that there are too many. */
static const struct map_key *paths_of(struct arena *arena, const struct field *field, struct str name)
{
	const struct field *group = field->group;
	size_t count = group ? (size_t)group->max + 1 : 1;
	struct map_key *paths = arena_array(arena, struct map_key, count);
	for (size_t row = 0; row < count; row++)
		paths[row] = map_key(group ? str_fmt(arena, STR_FMT ".%zu." STR_FMT, STR_ARG(group->id), row, STR_ARG(name)) : field->id);
	return paths;
}

/* The outermost include that names the field is right: it knows the procedure. */
static void number_override(struct building *building, struct field *field)
{
	for (const struct include *include = building->include; include; include = include->around) {
		const struct node *node =
			include->numbers ? node_get(include->numbers, str_c(building->reader->scratch, field->id)) : NULL;
		if (node)
			(void)building_word(building, node, &field->no);
	}
}

static void calc_read(struct building *building, const struct node *node, struct field *field)
{
	static const char *const units[CALC_UNIT_COUNT] = {
		[UNIT_NONE] = "none", [UNIT_POINTS] = "points", [UNIT_PERCENT] = "percent", [UNIT_YEN] = "yen",
	};
	struct reader *reader = building->reader;
	const struct node *value = node_need(reader, node, "value"), *unit = node_get(node, "unit"), *decimals = node_get(node, "decimals");
	int64_t number = 0;
	field->copies = value && expr_is_copy(value);
	if (unit) {
		int i = word_in(reader, unit, units, CALC_UNIT_COUNT, "unit");
		field->unit = i < 0 ? UNIT_NONE : (enum calc_unit)i;
	}
	if (decimals && node_number(reader, decimals, 0, 2, &number))
		field->decimals = (unsigned)number;
	if (field->copies && (unit || decimals))
		fault_at(&reader->faults, (unit ? unit : decimals)->place, "a copy is shown as the field that it copies: no unit, no decimals");
}

struct field *field_read(struct building *building, const struct node *node, struct field *group)
{
	struct reader *reader = building->reader;
	struct arena *arena = reader->arena;
	struct field *field = arena_new(arena, struct field);
	struct str name;
	const struct node *id = node_is_map(reader, node, "a field") ? node_need(reader, node, "id") : NULL;
	if (!id || !node_id(reader, id, &name))
		return NULL;
	field->id = group ? str_fmt(arena, STR_FMT "." STR_FMT, STR_ARG(group->id), STR_ARG(name)) : name;
	if (include_leaves_out(building, field->id) || !building_has(building, node))
		return NULL;
	if (map_get(&building->procedure->by_id, field->id)) {
		fault_at(&reader->faults, id->place, "id '" STR_FMT "' is there already", STR_ARG(field->id));
		return NULL;
	}
	if (building->fields.n == LIMIT_FIELDS) {
		fault_at(&reader->faults, id->place, "more than %u fields", LIMIT_FIELDS);
		return NULL;
	}
	if (!type_read(reader, node, &field->type))
		field->type = FIELD_TYPE_COUNT; /* known by name, so that conditions on it are no faults of their own */
	if (group && field->type == FIELD_GROUP) {
		fault_at(&reader->faults, node_get(node, "type")->place, "a group in a group");
		return NULL;
	}
	field->index = (unsigned)building->fields.n;
	field->group = group;
	field->section = building->section;
	field->paths = paths_of(arena, field, name);
	struct pending pending = {.field = field, .group = group, .node = node, .place = id->place};
	vec_push(reader->scratch, &building->fields, pending);
	map_put(&building->procedure->by_id, field->id, field);
	words_read(building, node, field);
	number_override(building, field);
	if (field->type == FIELD_TYPE_COUNT)
		return field;
	const struct type_rule *rule = &type_rules[field->type];
	keys_check(reader, node, field->type);
	length_read(reader, node, rule, field);
	if (rule->keys & KEY_CARD)
		card_read(building, node, field);
	if (rule->keys & KEY_RANGE)
		range_read(reader, node, rule, field);
	if (rule->keys & KEY_CALC)
		calc_read(building, node, field);
	if (rule->choices_needed)
		(void)node_need(reader, node, "choices");
	if (field->type == FIELD_GROUP)
		rows_read(building, node, field);
	return field;
}

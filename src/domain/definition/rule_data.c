#include "domain/definition/rule_data.h"

#include "base/encode.h"
#include "base/time.h"
#include "domain/definition/rule_fold.h"

struct writing {
	struct folding fold;
	struct buf *out;
	const struct locale *locale;
	VEC(const struct choice_list *) lists;
};

/* Inside of { or [ at its beginning nothing, otherwise a comma. */
static void comma(struct buf *out)
{
	char last = out->n ? out->p[out->n - 1] : '{';
	if (last != '{' && last != '[')
		buf_byte(out, ',');
}

static void key(struct buf *out, const char *name)
{
	comma(out);
	json_write_str(out, str_of(name));
	buf_byte(out, ':');
}

static void word(struct buf *out, const char *name, struct str value)
{
	if (str_empty(value))
		return;
	key(out, name);
	json_write_str(out, value);
}

static void number(struct writing *writing, const char *name, int64_t value)
{
	if (value == 0)
		return;
	key(writing->out, name);
	folding_write_number(&writing->fold, writing->out, value);
}

static void condition(struct writing *writing, const struct field *field)
{
	enum holds holds = folding_when(&writing->fold, field);
	if (holds == HOLDS_YES)
		return;
	key(writing->out, "w");
	if (holds == HOLDS_NO)
		buf_byte(writing->out, '0');
	else
		folding_write_when(&writing->fold, writing->out, field);
}

/* ---- fields ---- */

static const char *const scripts[SCRIPT_RULE_COUNT] = {
	[SCRIPT_ANY] = "", [SCRIPT_FULL] = "full", [SCRIPT_ASCII] = "ascii", [SCRIPT_UPPER] = "upper", [SCRIPT_ALNUM] = "alnum",
};

static void limits(struct writing *writing, const struct field *field)
{
	switch (field->type) {
	case FIELD_NUMBER:
	case FIELD_YEN:
	case FIELD_GROUP:
		number(writing, "n", field->min);
		number(writing, "x", field->max);
		break;
	default:
		number(writing, "n", field->min_length);
		number(writing, "x", field->max_length);
	}
}

/* The first number of the mark's fields stands for the mark. */
static void one_of(struct writing *writing, const struct field *field)
{
	if (field->one_of_count == 0)
		return;
	key(writing->out, "o");
	buf_i64(writing->out, field->one_of_with[0]->index);
}

static void list_of(struct writing *writing, const struct choice_list *list)
{
	for (size_t i = 0; i < writing->lists.n; i++)
		if (writing->lists.v[i] == list)
			return;
	vec_push(writing->fold.arena, &writing->lists, list);
}

/*
 * Whose choices are there for every answer of the field it depends on says which list; whose parent is answered elsewhere has on the page
 * just the choices under it; of the others the page cannot know.
 */
static void choices(struct writing *writing, const struct field *field)
{
	const struct field *parent = field->depends_on;
	if (!parent)
		return;
	if (folding_has_list(&writing->fold, field)) {
		word(writing->out, "d", parent->id);
		word(writing->out, "l", field->choices->id);
		list_of(writing, field->choices);
		return;
	}
	bool known = !folding_hangs(&writing->fold, parent) && rule_field_shown(&writing->fold.eval, parent) &&
		     !str_empty(rule_answer(&writing->fold.eval, parent));
	if (!known)
		number(writing, "q", 1);
}

static void computed(struct writing *writing, const struct field *field)
{
	static const char *const units[CALC_UNIT_COUNT] = {
		[UNIT_NONE] = "", [UNIT_POINTS] = "points", [UNIT_PERCENT] = "percent", [UNIT_YEN] = "yen"};
	key(writing->out, "k");
	folding_write_expr(&writing->fold, writing->out, field->calc);
	number(writing, "u", field->decimals);
	word(writing->out, "y", str_of(units[field->unit]));
	number(writing, "c", field->copies);
}

static void value_member(struct writing *writing, struct str value)
{
	key(writing->out, "v");
	json_write_str(writing->out, value);
}

static void field_open(struct writing *writing, const struct field *field)
{
	struct buf *out = writing->out;
	comma(out);
	buf_byte(out, '{');
	word(out, "i", field->id);
	if (field->type != FIELD_TEXT)
		word(out, "t", str_of(field_type_name(field->type)));
	condition(writing, field);
	if (field->type == FIELD_CALC)
		computed(writing, field);
}

static void field_write(struct writing *writing, const struct field *field)
{
	struct buf *out = writing->out;
	/* Never asked on this page as it stands: nothing more need be known. */
	if (folding_when(&writing->fold, field) == HOLDS_NO) {
		comma(out);
		buf_byte(out, '{');
		word(out, "i", field->id);
		buf_lit(out, ",\"w\":0}");
		return;
	}
	field_open(writing, field);
	if (field_is_answered(field)) {
		word(out, "s", str_of(scripts[field->script]));
		number(writing, "r", field->required);
		one_of(writing, field);
		choices(writing, field);
		if (field->same_as)
			word(out, "e", field->same_as->id);
		number(writing, "b", field->reaches);
		if (!field->group && answers_held(writing->fold.eval.scope->answers, field->id)) {
			number(writing, "h", 1);
			value_member(writing, answers_get(writing->fold.eval.scope->answers, field->id));
		}
	}
	if (field_is_answered(field) || field->type == FIELD_GROUP)
		limits(writing, field);
	if (field->type == FIELD_GROUP) {
		key(out, "f");
		buf_byte(out, '[');
		for (size_t i = 0; i < field->field_count; i++)
			field_write(writing, field->fields[i]);
		buf_byte(out, ']');
	}
	buf_byte(out, '}');
}

/* Of another section: its condition, and its answer or what it is computed from. More guests may come on the way. */
static void guests_write(struct writing *writing)
{
	for (size_t i = 0; i < writing->fold.guests.n; i++) {
		const struct field *field = writing->fold.guests.v[i];
		field_open(writing, field);
		if (field->type != FIELD_CALC)
			value_member(writing, answers_get(writing->fold.eval.scope->answers, field->id));
		buf_byte(writing->out, '}');
	}
}

/* ---- checks ---- */

/* What is compared with: a constant, or the day that today makes of it. */
static int64_t bound_of(const struct check *check, int32_t today)
{
	switch (check->op) {
	case CHECK_NOT_PAST:
	case CHECK_NOT_FUTURE:
		return today;
	case CHECK_WITHIN_MONTHS:
		return date_add_months(today, (int)check->value);
	case CHECK_SINCE_DAYS:
		return date_add_days(today, -(int)check->value);
	default:
		return check->value;
	}
}

static void check_write(struct writing *writing, const struct check *check)
{
	static const char *const ops[CHECK_OP_COUNT] = {
		[CHECK_LE] = "le", [CHECK_LT] = "lt", [CHECK_EQ] = "eq", [CHECK_SUM_LE] = "sum", [CHECK_NOT_PAST] = "from",
		[CHECK_SINCE_DAYS] = "from", [CHECK_NOT_FUTURE] = "until", [CHECK_WITHIN_MONTHS] = "until", [CHECK_RULE] = "rule",
	};
	struct buf *out = writing->out;
	enum holds when = known_rule(&writing->fold.known, check->when);
	if (when == HOLDS_NO)
		return;
	comma(out);
	buf_byte(out, '{');
	word(out, "i", check->id);
	word(out, "o", str_of(ops[check->op]));
	word(out, "a", check->a->id);
	if (check->b)
		word(out, "b", check->b->id);
	number(writing, "v", bound_of(check, writing->fold.eval.scope->today));
	number(writing, "t", check->text);
	if (check->group)
		word(out, "g", check->group->id);
	if (when == HOLDS_OPEN) {
		key(out, "w");
		folding_write_rule(&writing->fold, out, check->when, false);
	}
	if (check->rule) {
		key(out, "r");
		folding_write_rule(&writing->fold, out, check->rule, true);
	}
	number(writing, "s", check->warning);
	/* Warnings are shown by the server. */
	if (!check->warning)
		word(out, "m", text_html(&check->message, writing->locale));
	buf_byte(out, '}');
}

/* ---- lists and texts ---- */

static void lists_write(struct writing *writing)
{
	struct buf *out = writing->out;
	for (size_t l = 0; l < writing->lists.n; l++) {
		const struct choice_list *list = writing->lists.v[l];
		key(out, str_c(writing->fold.arena, list->id));
		buf_byte(out, '[');
		for (size_t i = 0; i < list->n; i++) {
			const struct choice *choice = &list->v[i];
			if (!choice_offered(choice, (struct str){0}, writing->fold.eval.scope->today))
				continue;
			comma(out);
			buf_byte(out, '[');
			json_write_str(out, choice->value);
			buf_byte(out, ',');
			json_write_str(out, choice->parent);
			buf_byte(out, ',');
			json_write_str(out, text_plain(&choice->label, writing->locale));
			buf_byte(out, ']');
		}
		buf_byte(out, ']');
	}
}

#define OF(type) (1u << FIELD_##type)
#define OF_LENGTH (OF(TEXT) | OF(TEXTAREA) | OF(DIGITS) | OF(EMAIL) | OF(PHONE) | OF(POSTAL) | OF(ADDRESS) | OF(CORP_NO))
#define OF_DATE (OF(DATE) | OF(MONTH) | OF(PARTIAL_DATE) | OF(PARTIAL_MONTH))
#define OF_CHOICE (OF(SELECT) | OF(RADIO) | OF(MULTI) | OF(COUNTRY))
#define OF_ALL ((1u << FIELD_TYPE_COUNT) - 1)

/* Only what can be said on this page comes with it. */
static const struct said {
	const char *name;
	enum msg msg;
	unsigned types;
	enum script_rule script; /* of texts; ANY: of each */
} said[] = {
	{"required", MSG_form_required, OF_ALL & ~(OF_CHOICE | OF(CHECKBOX) | OF(NOTE) | OF(CALC) | OF(GROUP)), SCRIPT_ANY},
	{"choose", MSG_form_choose, OF_CHOICE, SCRIPT_ANY},
	{"tick", MSG_form_tick, OF(CHECKBOX), SCRIPT_ANY},
	{"hidden", MSG_form_hidden, OF_LENGTH | OF(NUMBER) | OF(YEN) | OF_DATE | OF(CARD_NO), SCRIPT_ANY},
	{"char_full", MSG_form_char_full, OF(TEXT), SCRIPT_FULL},
	{"char_ascii", MSG_form_char_ascii, OF(TEXT), SCRIPT_ASCII},
	{"char_upper", MSG_form_char_upper, OF(TEXT), SCRIPT_UPPER},
	{"char_alnum", MSG_form_char_alnum, OF(TEXT), SCRIPT_ALNUM},
	{"char_number", MSG_form_char_number, OF(NUMBER) | OF(YEN), SCRIPT_ANY},
	{"char_digit", MSG_form_char_digit, OF(DIGITS) | OF(PHONE) | OF(POSTAL) | OF(CORP_NO), SCRIPT_ANY},
	{"char_card", MSG_form_char_card, OF(CARD_NO), SCRIPT_ANY},
	{"char_email", MSG_form_char_email, OF(EMAIL), SCRIPT_ANY},
	{"length", MSG_form_length, OF_LENGTH, SCRIPT_ANY},
	{"too_long", MSG_form_too_long, OF_LENGTH, SCRIPT_ANY},
	{"too_short", MSG_form_too_short, OF_LENGTH, SCRIPT_ANY},
	{"range", MSG_form_range, OF(NUMBER) | OF(YEN), SCRIPT_ANY},
	{"date", MSG_form_date, OF(DATE), SCRIPT_ANY},
	{"month", MSG_form_month, OF(MONTH), SCRIPT_ANY},
	{"partial_date", MSG_form_partial_date, OF(PARTIAL_DATE), SCRIPT_ANY},
	{"partial_month", MSG_form_partial_month, OF(PARTIAL_MONTH), SCRIPT_ANY},
	{"no_such_date", MSG_form_no_such_date, OF_DATE, SCRIPT_ANY},
	{"email", MSG_form_email, OF(EMAIL), SCRIPT_ANY},
	{"same", MSG_form_same, OF(EMAIL), SCRIPT_ANY},
	{"card", MSG_form_card, OF(CARD_NO), SCRIPT_ANY},
	{"corp", MSG_form_corp, OF(CORP_NO), SCRIPT_ANY},
	{"row_label", MSG_form_row_label, OF(GROUP), SCRIPT_ANY},
	{"points", MSG_form_points, OF(CALC), SCRIPT_ANY},
	{"percent", MSG_form_percent, OF(CALC), SCRIPT_ANY},
	{"yen", MSG_form_yen, OF(CALC), SCRIPT_ANY},
	{"none", MSG_field_not_computed, OF(CALC), SCRIPT_ANY},
	{"prefix", MSG_error_title_prefix, OF_ALL, SCRIPT_ANY},
};

struct present {
	unsigned types, scripts;
	bool one_of, depends;
};

static void look(struct present *present, const struct field *field)
{
	present->types |= 1u << field->type;
	present->scripts |= 1u << field->script;
	present->one_of |= field->one_of_count > 0;
	present->depends |= field->depends_on != NULL;
	for (size_t i = 0; i < field->field_count; i++)
		look(present, field->fields[i]);
}

/* Its placeholders stay: the browser fills them. */
static void text_write(struct writing *writing, const char *name, enum msg msg)
{
	word(writing->out, name, writing->locale->html[msg]);
}

static void texts_write(struct writing *writing)
{
	struct present present = {0};
	for (size_t i = 0; i < writing->fold.section->field_count; i++)
		look(&present, writing->fold.section->fields[i]);
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (said[i].types & present.types && (said[i].script == SCRIPT_ANY || present.scripts >> said[i].script & 1))
			text_write(writing, said[i].name, said[i].msg);
	if (present.one_of)
		text_write(writing, "one_of", MSG_form_one_of);
	if (present.depends) {
		text_write(writing, "choice_first", MSG_form_choice_first);
		text_write(writing, "choice_elsewhere", MSG_form_choice_elsewhere);
	}
	word(writing->out, "join", writing->locale->lang == LANG_JA ? STR("」、「") : STR("”, “"));
}

static void part(struct writing *writing, const char *name, char bracket)
{
	key(writing->out, name);
	buf_byte(writing->out, bracket);
}

bool rule_data_write(struct buf *out, const struct form_scope *scope, const struct section *section, const struct locale *locale)
{
	struct writing *writing = arena_new(out->arena, struct writing);
	*writing = (struct writing){.out = out, .locale = locale};
	folding_init(&writing->fold, scope, section, out->arena);
	buf_byte(out, '{');
	key(out, "t");
	buf_i64(out, scope->today);
	part(writing, "f", '[');
	for (size_t i = 0; i < section->field_count; i++)
		field_write(writing, section->fields[i]);
	buf_lit(out, "]");
	part(writing, "c", '[');
	for (size_t i = 0; i < scope->procedure->check_count; i++)
		if (scope->procedure->checks[i].section == section)
			check_write(writing, &scope->procedure->checks[i]);
	buf_lit(out, "]");
	part(writing, "g", '[');
	guests_write(writing);
	buf_lit(out, "]");
	part(writing, "l", '{');
	lists_write(writing);
	buf_lit(out, "}");
	part(writing, "m", '{');
	texts_write(writing);
	buf_lit(out, "}}");
	return !writing->fold.beyond;
}

#include "domain/form/form_check.h"

#include "base/utf8.h"
#include "domain/form/form_date.h"
#include "domain/form/input.h"

/* One answer by itself. Each function ends at the first thing it finds, and that is told with the character that was typed. */

/* Longer texts are quoted by their beginning. */
#define QUOTE_POINTS 40

static struct str quoted(struct arena *arena, struct str value)
{
	struct str head = utf8_head(value, QUOTE_POINTS);
	return head.n == value.n ? value : str_fmt(arena, STR_FMT "…", STR_ARG(head));
}

/* The bulk of Japanese text, without looking through the table of invisible characters. */
static bool surely_visible(uint32_t point)
{
	return (point >= 0x20 && point < 0x7F) || (point > 0x3164 && point < 0xD800) || (point >= 0x3000 && point < 0x3164) ||
	       (point >= 0xFF01 && point < 0xFFA0);
}

/* A character that cannot be seen, or U+FFFD, which stands for bytes that were no text. */
static bool is_hidden(uint32_t point)
{
	return !surely_visible(point) && (utf8_is_hidden(point) || point == 0xFFFD || point == UTF8_BAD);
}

static bool is_full(uint32_t point)
{
	/* What still has a half-width form has been converted; the rest of the half-width forms has no place here. */
	return point >= 0x80 && point != 0xA5 && !(point >= 0xFF61 && point <= 0xFFDC) && !(point >= 0xFFE8 && point <= 0xFFEE);
}

static bool is_ascii(uint32_t point)
{
	return point >= 0x20 && point < 0x7F;
}

static bool is_digit(uint32_t point)
{
	return point >= '0' && point <= '9';
}

static bool is_capital(uint32_t point)
{
	return point >= 'A' && point <= 'Z';
}

/* As passports print names. */
static bool is_upper(uint32_t point)
{
	return is_capital(point) || point == ' ' || point == '-' || point == '\'' || point == '.' || point == ',';
}

static bool is_alnum(uint32_t point)
{
	return is_digit(point) || is_capital(point) || (point >= 'a' && point <= 'z');
}

static bool is_any(uint32_t point)
{
	(void)point;
	return true;
}

static bool is_letter_or_digit_capital(uint32_t point)
{
	return is_capital(point) || is_digit(point);
}

/* Refuses the first character that is not allowed; true: there was one. */
static bool refuse_character(struct checker *checker, const struct asked *asked, bool (*allowed)(uint32_t), enum msg msg)
{
	bool lines = asked->field->type == FIELD_TEXTAREA;
	struct str rest = asked->value;
	while (rest.n) {
		struct str from = rest;
		uint32_t point = utf8_next(&rest);
		if (lines && point == '\n')
			continue;
		if (is_hidden(point)) {
			struct issue *issue = checker_refuse(checker, asked, MSG_form_hidden);
			issue_arg(issue, STR("char"), str_fmt(checker->arena, "U+%04X", point == UTF8_BAD ? 0xFFFDu : (unsigned)point));
			return true;
		}
		if (!allowed(point)) {
			struct issue *issue = checker_refuse(checker, asked, msg);
			issue_arg(issue, STR("char"), str_sub(from, 0, from.n - rest.n));
			return true;
		}
	}
	return false;
}

static bool refuse_length(struct checker *checker, const struct asked *asked)
{
	const struct field *field = asked->field;
	/* A text of n bytes has at most n characters: most need no counting. */
	if (!field->min_length && asked->value.n <= field->max_length)
		return false;
	size_t count = utf8_count(asked->value);
	bool exact = field->min_length == field->max_length;
	enum msg msg;
	if (count > field->max_length)
		msg = exact ? MSG_form_length : MSG_form_too_long;
	else if (count < field->min_length)
		msg = exact ? MSG_form_length : MSG_form_too_short;
	else
		return false;
	struct issue *issue = checker_refuse(checker, asked, msg);
	issue_arg_number(checker->arena, issue, STR("count"), (int64_t)count);
	if (msg == MSG_form_too_short)
		issue_arg_number(checker->arena, issue, STR("min"), field->min_length);
	else
		issue_arg_number(checker->arena, issue, STR("max"), field->max_length);
	return true;
}

static void check_text(struct checker *checker, const struct asked *asked)
{
	static const struct {
		bool (*allowed)(uint32_t);
		enum msg msg;
	} scripts[SCRIPT_RULE_COUNT] = {
		[SCRIPT_ANY] = {is_any, MSG_form_hidden},
		[SCRIPT_FULL] = {is_full, MSG_form_char_full},
		[SCRIPT_ASCII] = {is_ascii, MSG_form_char_ascii},
		[SCRIPT_UPPER] = {is_upper, MSG_form_char_upper},
		[SCRIPT_ALNUM] = {is_alnum, MSG_form_char_alnum},
	};
	enum script_rule script = asked->field->script;
	if (!refuse_character(checker, asked, scripts[script].allowed, scripts[script].msg))
		(void)refuse_length(checker, asked);
}

static bool is_number_sign(uint32_t point)
{
	return is_digit(point) || point == '-';
}

static void check_number(struct checker *checker, const struct asked *asked)
{
	const struct field *field = asked->field;
	int64_t number;
	if (refuse_character(checker, asked, field->min < 0 ? is_number_sign : is_digit, MSG_form_char_number))
		return;
	bool read = str_to_i64(asked->value, &number);
	if (read && number >= field->min && number <= field->max)
		return;
	struct issue *issue = checker_refuse(checker, asked, MSG_form_range);
	issue_arg(issue, STR("typed"), quoted(checker->arena, asked->value));
	issue_arg_number(checker->arena, issue, STR("min"), field->min);
	issue_arg_number(checker->arena, issue, STR("max"), field->max);
}

static void check_digits(struct checker *checker, const struct asked *asked)
{
	if (!refuse_character(checker, asked, is_digit, MSG_form_char_digit))
		(void)refuse_length(checker, asked);
}

static void check_date(struct checker *checker, const struct asked *asked)
{
	static const enum msg wanted[FIELD_TYPE_COUNT] = {
		[FIELD_DATE] = MSG_form_date,
		[FIELD_MONTH] = MSG_form_month,
		[FIELD_PARTIAL_DATE] = MSG_form_partial_date,
		[FIELD_PARTIAL_MONTH] = MSG_form_partial_month,
	};
	struct str value = asked->value;
	enum field_type type = asked->field->type;
	if (!date_is_flat(type, value)) {
		if (!refuse_character(checker, asked, is_any, MSG_form_hidden))
			issue_arg(checker_refuse(checker, asked, wanted[type]), STR("typed"), quoted(checker->arena, value));
	} else if (!date_exists(value)) {
		struct buf typed;
		buf_init(&typed, checker->arena, 16);
		buf_str(&typed, str_sub(value, 0, 4));
		for (size_t at = 4; at < value.n; at += 2) {
			buf_byte(&typed, '-');
			buf_str(&typed, str_sub(value, at, 2));
		}
		issue_arg(checker_refuse(checker, asked, MSG_form_no_such_date), STR("typed"), buf_view(&typed));
	}
}

/* False: refused. */
static bool choice_valid(struct checker *checker, const struct asked *asked, struct str value)
{
	const struct field *field = asked->field;
	const struct choice_list *list = field->choices;
	struct str parent = {0};
	if (field->depends_on) {
		parent = rule_field_shown(&checker->eval, field->depends_on) ? rule_answer(&checker->eval, field->depends_on) : (struct str){0};
		if (str_empty(parent)) {
			struct issue *issue = checker_refuse(checker, asked, MSG_form_choice_first);
			issue_others(checker->arena, issue, &field->depends_on, 1);
			issue->missing = true;
			return false;
		}
	}
	if (choice_find(list, value, parent, checker->eval.scope->today))
		return true;
	if (choice_find(list, value, parent, 0)) {
		(void)checker_refuse(checker, asked, MSG_form_choice_gone);
	} else if (choice_find(list, value, (struct str){0}, 0)) {
		struct issue *issue = checker_refuse(checker, asked, MSG_form_choice_elsewhere);
		issue_others(checker->arena, issue, &field->depends_on, 1);
	} else if (!refuse_character(checker, asked, is_any, MSG_form_hidden)) {
		issue_arg(checker_refuse(checker, asked, MSG_form_choice), STR("typed"), quoted(checker->arena, value));
	}
	return false;
}

static void check_choice(struct checker *checker, const struct asked *asked)
{
	(void)choice_valid(checker, asked, asked->value);
}

static void check_multi(struct checker *checker, const struct asked *asked)
{
	struct str rest = asked->value;
	struct str one;
	while (str_next(&rest, ' ', &one))
		if (!choice_valid(checker, asked, one))
			return;
}

static void check_checkbox(struct checker *checker, const struct asked *asked)
{
	if (!str_eq(asked->value, STR("yes")) && !refuse_character(checker, asked, is_any, MSG_form_hidden))
		(void)checker_refuse(checker, asked, MSG_form_tick_only);
}

/* Letters of addresses; where they may stand is for email_valid. */
static bool is_email_character(uint32_t point)
{
	return is_alnum(point) || (point < 0x7F && point && strchr("!#$%&'*+-/=?^_`{|}~.@", (int)point));
}

static void check_email(struct checker *checker, const struct asked *asked)
{
	const struct field *same = asked->field->same_as;
	if (same) {
		/* What is wrong with both is said once, at the first. */
		if (rule_field_shown(&checker->eval, same) && !str_eq(rule_answer(&checker->eval, same), asked->value))
			issue_others(checker->arena, checker_refuse(checker, asked, MSG_form_same), &asked->field->same_as, 1);
		return;
	}
	if (refuse_character(checker, asked, is_email_character, MSG_form_char_email) || refuse_length(checker, asked))
		return;
	if (!email_valid(asked->value))
		issue_arg(checker_refuse(checker, asked, MSG_form_email), STR("typed"), quoted(checker->arena, asked->value));
}

static void check_address(struct checker *checker, const struct asked *asked)
{
	if (!refuse_character(checker, asked, is_any, MSG_form_hidden))
		(void)refuse_length(checker, asked);
}

static void check_card_no(struct checker *checker, const struct asked *asked)
{
	struct str value = asked->value;
	if (refuse_character(checker, asked, is_letter_or_digit_capital, MSG_form_char_card))
		return;
	bool good = value.n == 12;
	for (size_t i = 0; good && i < 12; i++)
		good = i < 2 || i >= 10 ? is_capital((unsigned char)value.p[i]) : is_digit((unsigned char)value.p[i]);
	if (!good)
		issue_arg(checker_refuse(checker, asked, MSG_form_card), STR("typed"), quoted(checker->arena, value));
}

/*
 * Corporate Number: the first digit is 9 minus the remainder by 9 of the sum of the other twelve, each second one from the
 * right doubled (Ministry of Finance Order on the designation of corporate numbers, article 2).
 */
static bool corp_no_holds(struct str value)
{
	int sum = 0;
	for (size_t n = 1; n <= 12; n++)
		sum += (value.p[13 - n] - '0') * (n % 2 ? 1 : 2);
	return value.p[0] - '0' == 9 - sum % 9;
}

static void check_corp_no(struct checker *checker, const struct asked *asked)
{
	if (refuse_character(checker, asked, is_digit, MSG_form_char_digit) || refuse_length(checker, asked))
		return;
	if (!corp_no_holds(asked->value))
		issue_arg(checker_refuse(checker, asked, MSG_form_corp), STR("typed"), asked->value);
}

static void (*const value_checks[FIELD_TYPE_COUNT])(struct checker *, const struct asked *) = {
	[FIELD_TEXT] = check_text,
	[FIELD_TEXTAREA] = check_address,
	[FIELD_NUMBER] = check_number,
	[FIELD_YEN] = check_number,
	[FIELD_DIGITS] = check_digits,
	[FIELD_DATE] = check_date,
	[FIELD_MONTH] = check_date,
	[FIELD_PARTIAL_DATE] = check_date,
	[FIELD_PARTIAL_MONTH] = check_date,
	[FIELD_SELECT] = check_choice,
	[FIELD_RADIO] = check_choice,
	[FIELD_MULTI] = check_multi,
	[FIELD_CHECKBOX] = check_checkbox,
	[FIELD_EMAIL] = check_email,
	[FIELD_PHONE] = check_digits,
	[FIELD_POSTAL] = check_digits,
	[FIELD_ADDRESS] = check_address,
	[FIELD_CARD_NO] = check_card_no,
	[FIELD_CORP_NO] = check_corp_no,
	[FIELD_COUNTRY] = check_choice,
};

void value_check(struct checker *checker, const struct asked *asked)
{
	value_checks[asked->field->type](checker, asked);
}

#include "domain/form/form.h"

#include "domain/form/form_date.h"
#include "domain/form/spelling.h"
#include "i18n/width.h"

/*
 * From what was typed to the form's own values. Each type has one function; it gets NFC text without blanks around it, and
 * answers either the value in its form or, when it cannot make one, the text as it is.
 */

struct typing {
	struct answers *answers;
	struct arena *arena;
	const struct field *field;
	size_t row;
};

static struct str apply_text(const struct typing *typing, struct str text)
{
	struct arena *arena = typing->arena;
	text = spell_blanks(arena, text);
	switch (typing->field->script) {
	case SCRIPT_FULL:
		return width_nfc(arena, width_full(arena, text));
	case SCRIPT_ASCII:
		return spell_half(arena, text);
	case SCRIPT_UPPER:
		return spell_latin(arena, text);
	case SCRIPT_ALNUM:
		return spell_half_without(arena, text, " -");
	default:
		return text;
	}
}

static struct str apply_textarea(const struct typing *typing, struct str text)
{
	struct buf out;
	buf_init_room(&out, typing->arena, text.n, text.n);
	for (size_t i = 0; i < text.n; i++) {
		bool crlf = text.p[i] == '\r' && i + 1 < text.n && text.p[i + 1] == '\n';
		if (!crlf)
			buf_byte(&out, text.p[i] == '\r' ? '\n' : text.p[i] == '\t' ? ' ' : text.p[i]);
	}
	return buf_view(&out);
}

/* Canonical: no sign +, no zeros in front. The text itself when it is no whole number. */
static struct str whole_number(struct arena *arena, struct str number, struct str text)
{
	bool minus = str_starts(number, STR("-"));
	struct str digits = minus || str_starts(number, STR("+")) ? str_skip(number, 1) : number;
	if (!spell_is_digits(digits) || digits.n > LIMIT_FORM_NAME)
		return text;
	while (digits.n > 1 && *digits.p == '0')
		digits = str_skip(digits, 1);
	return minus && !str_eq(digits, STR("0")) ? str_fmt(arena, "-" STR_FMT, STR_ARG(digits)) : digits;
}

static struct str apply_number(const struct typing *typing, struct str text)
{
	return whole_number(typing->arena, spell_half_without(typing->arena, text, " ,"), text);
}

/* 250万 and 250万5000: ten thousands are how large amounts are spoken. */
static struct str spell_out_man(struct arena *arena, struct str amount)
{
	static const struct str man = STR_INIT("万");
	ptrdiff_t at = str_find(amount, man);
	if (at < 0)
		return amount;
	struct str high = str_sub(amount, 0, (size_t)at);
	struct str low = str_skip(amount, (size_t)at + man.n);
	if (!spell_is_digits(high) || low.n > 4 || (low.n && !spell_is_digits(low)))
		return amount;
	struct str zeros = str_skip(STR("0000"), low.n);
	return str_fmt(arena, STR_FMT STR_FMT STR_FMT, STR_ARG(high), STR_ARG(zeros), STR_ARG(low));
}

static struct str apply_yen(const struct typing *typing, struct str text)
{
	struct arena *arena = typing->arena;
	struct str amount = spell_half_without(arena, text, " ,\\");
	static const struct str before[] = {STR_INIT("¥"), STR_INIT("￥")};
	static const struct str behind[] = {STR_INIT("円"), STR_INIT("yen"), STR_INIT("JPY")};
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (str_starts(amount, before[i]))
			amount = str_skip(amount, before[i].n);
	for (size_t i = 0; i < sizeof behind / sizeof *behind; i++)
		if (str_ends(amount, behind[i]))
			amount = str_sub(amount, 0, amount.n - behind[i].n);
	return whole_number(arena, spell_out_man(arena, amount), text);
}

static struct str apply_digits(const struct typing *typing, struct str text)
{
	return spell_half_without(typing->arena, text, " -");
}

static struct str apply_phone(const struct typing *typing, struct str text)
{
	return spell_phone(typing->arena, text);
}

static struct str apply_postal(const struct typing *typing, struct str text)
{
	return spell_postal(typing->arena, text);
}

static struct str apply_address(const struct typing *typing, struct str text)
{
	return width_nfc(typing->arena, width_full(typing->arena, spell_blanks(typing->arena, text)));
}

static struct str apply_card_no(const struct typing *typing, struct str text)
{
	return str_upper(typing->arena, spell_half_without(typing->arena, text, " -"));
}

static struct str apply_corp_no(const struct typing *typing, struct str text)
{
	struct str number = str_upper(typing->arena, spell_half_without(typing->arena, text, " -"));
	/* On invoices it stands with a T before it. */
	return number.n == 14 && *number.p == 'T' ? str_skip(number, 1) : number;
}

static struct str apply_email(const struct typing *typing, struct str text)
{
	struct str email = spell_half_without(typing->arena, text, " ");
	ptrdiff_t at = str_find_byte(email, '@');
	if (at < 0)
		return email;
	struct str local = str_sub(email, 0, (size_t)at);
	struct str domain = str_lower(typing->arena, str_skip(email, (size_t)at));
	return str_fmt(typing->arena, STR_FMT STR_FMT, STR_ARG(local), STR_ARG(domain));
}

static struct str apply_date(const struct typing *typing, struct str text)
{
	enum field_type type = typing->field->type;
	bool month_only = type == FIELD_MONTH || type == FIELD_PARTIAL_MONTH;
	bool partial = type == FIELD_PARTIAL_DATE || type == FIELD_PARTIAL_MONTH;
	unsigned most = month_only ? 2 : 3;
	struct date_typed date;
	if (date_is_blank(text))
		return (struct str){0};
	if (!date_understand(typing->arena, text, &date) || date.parts > most || (date.parts < most && !partial))
		return text;
	struct buf out;
	buf_init(&out, typing->arena, 16);
	buf_pad(&out, date.year, 4);
	if (date.parts > 1)
		buf_pad(&out, date.month, 2);
	if (date.parts > 2)
		buf_pad(&out, date.day, 2);
	return buf_view(&out);
}

/* A value, or a label that was typed into a box with suggestions. */
static struct str apply_choice(const struct typing *typing, struct str text)
{
	const struct field *field = typing->field;
	if (choice_find(field->choices, text, (struct str){0}, 0))
		return text;
	struct str parent = {0};
	if (field->depends_on)
		parent = answers_get(typing->answers, path_in_row(typing->arena, field->depends_on, typing->row));
	const struct choice *choice = choice_by_label(field->choices, text, parent);
	if (!choice) /* of another parent: the check can say so */
		choice = choice_by_label(field->choices, text, (struct str){0});
	return choice ? choice->value : text;
}

/* More ticks than a page has boxes are no choice of a person. */
#define MULTI_MAX 200

/* The words of a text with blanks between; SIZE_MAX: more than MULTI_MAX. */
static size_t words_of(struct str text, struct str words[MULTI_MAX])
{
	size_t count = 0;
	struct str word;
	while (str_next(&text, ' ', &word)) {
		if (str_empty(word))
			continue;
		if (count == MULTI_MAX)
			return SIZE_MAX;
		words[count++] = word;
	}
	return count;
}

/* Appends `wanted` if it is among the words that are left; all that are the same are used up. */
static bool use_word(struct buf *out, struct str wanted, struct str words[MULTI_MAX], size_t count)
{
	bool found = false;
	for (size_t i = 0; i < count; i++) {
		if (str_empty(words[i]) || !str_eq(words[i], wanted))
			continue;
		if (!found && out->n)
			buf_byte(out, ' ');
		if (!found)
			buf_str(out, wanted);
		found = true;
		words[i] = (struct str){0};
	}
	return found;
}

/* In the order of the list, each once; what is not in the list stands behind, so that the check can name it. */
static struct str apply_multi(const struct typing *typing, struct str text)
{
	const struct choice_list *list = typing->field->choices;
	struct str words[MULTI_MAX];
	size_t count = words_of(text, words);
	bool any = false;
	struct buf out;
	if (count == SIZE_MAX)
		return text;
	buf_init_room(&out, typing->arena, text.n, text.n);
	for (size_t i = 0; i < list->n; i++)
		any |= use_word(&out, list->v[i].value, words, count);
	if (!any)
		return apply_choice(typing, text);
	for (size_t i = 0; i < count; i++)
		if (!str_empty(words[i]))
			(void)use_word(&out, words[i], words, count);
	return buf_view(&out);
}

static struct str apply_checkbox(const struct typing *typing, struct str text)
{
	static const struct str words[] = {STR_INIT("yes"), STR_INIT("on"), STR_INIT("true"), STR_INIT("1"), STR_INIT("はい")};
	struct str word = spell_half(typing->arena, text);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq_nocase(word, words[i]))
			return words[0];
	return text;
}

static struct str (*const apply_fns[FIELD_TYPE_COUNT])(const struct typing *, struct str) = {
	[FIELD_TEXT] = apply_text,
	[FIELD_TEXTAREA] = apply_textarea,
	[FIELD_NUMBER] = apply_number,
	[FIELD_YEN] = apply_yen,
	[FIELD_DIGITS] = apply_digits,
	[FIELD_DATE] = apply_date,
	[FIELD_MONTH] = apply_date,
	[FIELD_PARTIAL_DATE] = apply_date,
	[FIELD_PARTIAL_MONTH] = apply_date,
	[FIELD_SELECT] = apply_choice,
	[FIELD_RADIO] = apply_choice,
	[FIELD_MULTI] = apply_multi,
	[FIELD_CHECKBOX] = apply_checkbox,
	[FIELD_EMAIL] = apply_email,
	[FIELD_PHONE] = apply_phone,
	[FIELD_POSTAL] = apply_postal,
	[FIELD_ADDRESS] = apply_address,
	[FIELD_CARD_NO] = apply_card_no,
	[FIELD_CORP_NO] = apply_corp_no,
	[FIELD_COUNTRY] = apply_choice,
};

void form_apply(struct answers *answers, const struct field *field, size_t row, struct str typed)
{
	struct typing typing = {.answers = answers, .arena = answers->arena, .field = field, .row = row};
	if (!field_is_answered(field) || (field->group && row > (size_t)field->group->max))
		return;
	struct str text = spell_clean(typing.arena, typed);
	if (!str_empty(text))
		text = spell_trim(apply_fns[field->type](&typing, text));
	answers_set(answers, path_in_row(typing.arena, field, row), text);
}

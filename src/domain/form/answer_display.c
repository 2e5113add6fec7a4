#include "domain/form/form.h"

#include "domain/definition/expr.h"
#include "domain/form/form_date.h"

static bool all_digits(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] < '0' || value.p[i] > '9')
			return false;
	return value.n > 0;
}

/* 2,500,000: groups of three from the right. */
static void write_grouped(struct buf *out, struct str number)
{
	struct str digits = str_starts(number, STR("-")) ? str_skip(number, 1) : number;
	if (!all_digits(digits)) {
		buf_str(out, number);
		return;
	}
	if (digits.n != number.n)
		buf_byte(out, '-');
	for (size_t i = 0; i < digits.n; i++) {
		if (i && (digits.n - i) % 3 == 0)
			buf_byte(out, ',');
		buf_byte(out, digits.p[i]);
	}
}

/* "1,234.5" */
static void write_decimal(struct buf *out, struct str number)
{
	ptrdiff_t point = str_find_byte(number, '.');
	write_grouped(out, point < 0 ? number : str_sub(number, 0, (size_t)point));
	if (point >= 0)
		buf_str(out, str_skip(number, (size_t)point));
}

static void write_calc(struct buf *out, const struct locale *locale, const struct field *field, struct str value)
{
	static const enum msg words[CALC_UNIT_COUNT] = {
		[UNIT_POINTS] = MSG_form_points,
		[UNIT_PERCENT] = MSG_form_percent,
		[UNIT_YEN] = MSG_form_yen,
	};
	struct buf number;
	buf_init(&number, out->arena, value.n * 2 + 1);
	write_decimal(&number, value);
	const struct msg_arg args[] = {{STR("amount"), buf_view(&number)}};
	if (field->unit == UNIT_NONE)
		buf_str(out, buf_view(&number));
	else
		msg_write(out, locale, words[field->unit], args, 1);
}

void yen_write(struct buf *out, const struct locale *locale, struct str value)
{
	struct buf amount;
	if (!all_digits(str_starts(value, STR("-")) ? str_skip(value, 1) : value)) {
		buf_str(out, value); /* as typed: not an amount yet */
		return;
	}
	buf_init(&amount, out->arena, value.n * 2 + 1);
	write_grouped(&amount, value);
	const struct msg_arg args[] = {{STR("amount"), buf_view(&amount)}};
	msg_write(out, locale, MSG_form_yen, args, 1);
}

/* 2000, 200001 and 20000123, as far as the type takes them; what is no date stays as typed. */
static void write_date(struct buf *out, const struct locale *locale, enum field_type type, struct str value)
{
	int64_t date = 0;
	size_t before = out->n;
	bool flat = date_is_flat(type, value) && date_exists(value) && str_to_i64(value, &date);
	for (size_t n = value.n; flat && n < 8; n += 2)
		date *= 100;
	if (flat)
		date_write(out, locale, (int32_t)date);
	if (out->n == before)
		buf_str(out, value);
}

static void write_choice(struct buf *out, const struct locale *locale, const struct field *field, struct str parent, struct str value)
{
	const struct choice *choice = choice_find(field->choices, value, parent, 0);
	if (!choice)
		choice = choice_find(field->choices, value, (struct str){0}, 0);
	if (choice)
		buf_str(out, text_plain(&choice->label, locale));
	else
		buf_str(out, value);
}

static void write_choices(struct buf *out, const struct form_scope *scope, const struct locale *locale, const struct field *field,
			  size_t row, struct str value)
{
	struct str parent = {0};
	struct str one;
	bool first = true;
	if (field->depends_on)
		parent = answers_get(scope->answers, path_in_row(out->arena, field->depends_on, row));
	if (field->type != FIELD_MULTI) {
		write_choice(out, locale, field, parent, value);
		return;
	}
	while (str_next(&value, ' ', &one)) {
		if (!first)
			buf_c(out, locale->lang == LANG_JA ? "、" : ", ");
		write_choice(out, locale, field, parent, one);
		first = false;
	}
}

void answer_display(struct buf *out, const struct form_scope *scope, const struct locale *locale, const struct field *field,
	size_t row, struct str value)
{
	if (str_empty(value))
		return;
	if (field->type == FIELD_CALC && field->copies)
		field = field->calc->field;
	switch (field->type) {
	case FIELD_CALC:
		write_calc(out, locale, field, value);
		break;
	case FIELD_SELECT:
	case FIELD_RADIO:
	case FIELD_MULTI:
	case FIELD_COUNTRY:
		write_choices(out, scope, locale, field, row, value);
		break;
	case FIELD_CHECKBOX:
		if (str_eq(value, STR("yes")))
			msg_write(out, locale, MSG_form_yes, NULL, 0);
		else
			buf_str(out, value);
		break;
	case FIELD_NUMBER:
		write_grouped(out, value);
		break;
	case FIELD_YEN:
		yen_write(out, locale, value);
		break;
	case FIELD_DATE:
	case FIELD_MONTH:
	case FIELD_PARTIAL_DATE:
	case FIELD_PARTIAL_MONTH:
		write_date(out, locale, field->type, value);
		break;
	case FIELD_POSTAL:
		if (value.n == 7 && all_digits(value)) {
			buf_str(out, str_sub(value, 0, 3));
			buf_byte(out, '-');
			value = str_skip(value, 3);
		}
		buf_str(out, value);
		break;
	default:
		buf_str(out, value);
		break;
	}
}

#include "values.h"

#include "base/time.h"

/* Days between two dates of which one comes first: more than any month has, so that months differ too. */
#define STEP 35
#define LONG_AGO 1500

static void follow(struct values *values, const struct check *check, bool *changed)
{
	if ((check->op != CHECK_LE && check->op != CHECK_LT) || !check->b || !field_is_date(check->a))
		return;
	__typeof__(&values->of[0]) a = &values->of[check->a->index];
	__typeof__(&values->of[0]) b = &values->of[check->b->index];
	if (b->past < a->past + 1 && a->past < 20) {
		b->past = a->past + 1;
		*changed = true;
	}
	if (a->future >= 0 && b->future < a->future + 1 && a->future < 20) {
		b->future = a->future + 1;
		*changed = true;
	}
}

static void cap(struct values *values, const struct check *check)
{
	int64_t most;
	if (check->op == CHECK_SUM_LE)
		most = check->value / check->group->max;
	else if ((check->op == CHECK_LE || check->op == CHECK_LT) && !field_is_date(check->a))
		most = (check->b ? values->of[check->b->index].cap : check->value) - (check->op == CHECK_LT);
	else
		return;
	int64_t *here = &values->of[check->a->index].cap;
	if (most < *here && most >= check->a->min)
		*here = most;
}

void values_init(struct values *values, const struct procedure *procedure, int32_t today)
{
	*values = (struct values){.procedure = procedure, .today = today};
	for (size_t i = 0; i < procedure->field_count; i++) {
		values->of[i].future = -1;
		values->of[i].cap = procedure->fields[i]->max;
	}
	for (size_t i = 0; i < procedure->check_count; i++) {
		const struct check *check = &procedure->checks[i];
		cap(values, check);
		if (check->op == CHECK_NOT_PAST)
			values->of[check->a->index].future = 0;
	}
	for (bool changed = true; changed;) {
		changed = false;
		for (size_t i = 0; i < procedure->check_count; i++)
			follow(values, &procedure->checks[i], &changed);
	}
}

static struct str date_text(struct arena *arena, enum field_type type, int32_t date)
{
	bool month = type == FIELD_MONTH || type == FIELD_PARTIAL_MONTH;
	return month ? str_fmt(arena, "%06d", date / 100) : str_fmt(arena, "%08d", date);
}

static struct str number_text(struct arena *arena, int64_t number)
{
	return str_fmt(arena, "%lld", (long long)number);
}

static struct str repeated(struct arena *arena, const char *piece, size_t count)
{
	struct buf out;
	buf_init(&out, arena, count * strlen(piece) + 1);
	for (size_t i = 0; i < count; i++)
		buf_c(&out, piece);
	return buf_view(&out);
}

static struct str text_of(struct arena *arena, const struct field *field, size_t count)
{
	/* Four bytes for a character where any may stand: lengths are counted in characters. */
	static const char *const pieces[SCRIPT_RULE_COUNT] = {
		[SCRIPT_ANY] = "𠮷", [SCRIPT_FULL] = "漢", [SCRIPT_ASCII] = "~", [SCRIPT_UPPER] = "X", [SCRIPT_ALNUM] = "z"};
	switch (field->type) {
	case FIELD_DIGITS: case FIELD_PHONE: case FIELD_POSTAL:
		return repeated(arena, "7", count);
	case FIELD_EMAIL:
		return str_fmt(arena, STR_FMT "@counter.example", STR_ARG(repeated(arena, "m", count - strlen("@counter.example"))));
	case FIELD_TEXTAREA: case FIELD_ADDRESS:
		return repeated(arena, "漢", count);
	default:
		return repeated(arena, pieces[field->script], count);
	}
}

static struct str email_of(struct arena *arena, size_t most)
{
	/* A name of 64 characters and labels of 63 are the longest of their kind (RFC 5321 4.5.3.1). */
	struct buf out;
	size_t rest = strlen("@counter.example");
	if (most <= 64 + rest)
		return str_fmt(arena, STR_FMT "@counter.example", STR_ARG(repeated(arena, "m", most - rest)));
	buf_init(&out, arena, 400);
	buf_str(&out, repeated(arena, "m", 64));
	buf_byte(&out, '@');
	while (most - out.n > 63 + 3) {
		buf_str(&out, repeated(arena, "d", 60));
		buf_byte(&out, '.');
	}
	buf_str(&out, repeated(arena, "e", most - out.n));
	return buf_view(&out);
}

static struct str last_choice(const struct values *values, const struct field *field, struct str parent)
{
	for (size_t i = field->choices->n; i > 0; i--)
		if (choice_offered(&field->choices->v[i - 1], parent, values->today))
			return field->choices->v[i - 1].value;
	return (struct str){0};
}

static struct str all_choices(const struct values *values, struct arena *arena, const struct field *field, struct str parent)
{
	struct buf out;
	buf_init(&out, arena, 1u << 16);
	for (size_t i = 0; i < field->choices->n; i++) {
		if (!choice_offered(&field->choices->v[i], parent, values->today))
			continue;
		if (out.n)
			buf_byte(&out, ' ');
		buf_str(&out, field->choices->v[i].value);
	}
	return out.n ? buf_view(&out) : (struct str){0};
}

static int32_t usual_day(const struct values *values, const struct field *field)
{
	int future = values->of[field->index].future;
	return future >= 0 ? date_add_days(values->today, 1 + future * STEP)
			   : date_add_days(values->today, values->of[field->index].past * STEP - LONG_AGO);
}

struct str value_most(const struct values *values, struct arena *arena, const struct field *field, struct str parent)
{
	switch (field->type) {
	case FIELD_NUMBER: case FIELD_YEN:
		return number_text(arena, values->of[field->index].cap);
	case FIELD_DATE: case FIELD_MONTH: case FIELD_PARTIAL_DATE: case FIELD_PARTIAL_MONTH:
		return date_text(arena, field->type, usual_day(values, field));
	case FIELD_SELECT: case FIELD_RADIO: case FIELD_COUNTRY:
		return last_choice(values, field, parent);
	case FIELD_MULTI:
		return all_choices(values, arena, field, parent);
	case FIELD_CHECKBOX:
		return STR("yes");
	case FIELD_POSTAL:
		return STR("1000013");
	case FIELD_CARD_NO:
		return STR("AB12345678CD");
	case FIELD_CORP_NO:
		return STR("7000012050002");
	case FIELD_EMAIL:
		return email_of(arena, field->max_length);
	default:
		return text_of(arena, field, field->max_length);
	}
}

static void add(struct arena *arena, struct strs *out, struct str value)
{
	if (!str_absent(value))
		vec_push(arena, out, value);
}

static void wrong_script(struct arena *arena, const struct field *field, struct strs *out)
{
	switch (field->script) {
	case SCRIPT_FULL:
		/* A letter of half width would be made one of full width. */
		add(arena, out, STR("漢\xEF\xBE\x9Fﾠ"));
		break;
	case SCRIPT_ASCII: case SCRIPT_UPPER: case SCRIPT_ALNUM:
		add(arena, out, STR("漢"));
		break;
	default:
		add(arena, out, STR("a\xE2\x80\xAE" "b"));
	}
}

static void wrong_length(struct arena *arena, const struct field *field, struct strs *out)
{
	add(arena, out, text_of(arena, field, field->max_length + 1));
	if (field->min_length > 1)
		add(arena, out, text_of(arena, field, field->min_length - 1));
	if (field->type == FIELD_TEXT)
		wrong_script(arena, field, out);
	if (field->type == FIELD_DIGITS || field->type == FIELD_PHONE)
		add(arena, out, STR("7x7"));
}

void values_wrong(const struct values *values, struct arena *arena, const struct field *field, struct strs *out)
{
	switch (field->type) {
	case FIELD_NUMBER: case FIELD_YEN:
		add(arena, out, number_text(arena, field->max + 1));
		add(arena, out, number_text(arena, field->min - 1));
		add(arena, out, STR("x"));
		break;
	case FIELD_DATE: case FIELD_PARTIAL_DATE:
		add(arena, out, STR("20260231"));
		add(arena, out, STR("soon"));
		break;
	case FIELD_MONTH: case FIELD_PARTIAL_MONTH:
		add(arena, out, STR("202613"));
		break;
	case FIELD_SELECT: case FIELD_RADIO: case FIELD_COUNTRY:
		add(arena, out, STR("~none~"));
		break;
	case FIELD_MULTI:
		add(arena, out, str_fmt(arena, STR_FMT " ~none~", STR_ARG(all_choices(values, arena, field, (struct str){0}))));
		break;
	case FIELD_CHECKBOX:
		add(arena, out, STR("no"));
		break;
	case FIELD_POSTAL:
		add(arena, out, STR("10000131"));
		add(arena, out, STR("100001"));
		break;
	case FIELD_CARD_NO:
		add(arena, out, STR("AB12345678CDE"));
		add(arena, out, STR("AB1234567CDE"));
		break;
	case FIELD_CORP_NO:
		add(arena, out, STR("8000012050002"));
		add(arena, out, STR("70000120500025"));
		break;
	case FIELD_EMAIL:
		add(arena, out, field->same_as ? STR("other@counter.example") : text_of(arena, field, field->max_length + 1));
		break;
	case FIELD_GROUP: case FIELD_NOTE: case FIELD_CALC:
		break;
	default:
		wrong_length(arena, field, out);
	}
}

static void try_dates(const struct values *values, struct arena *arena, const struct field *field, struct strs *out)
{
	static const int days[] = {-1, 0, 1, 10, 20, 40, 75, 110, 200, 400, 800, -7, -20, -40, -75, -110, -200, -400, -800, -1200, -1600, -2400};
	static const int years[] = {0, 1, 3, 5, 10, 14, 15, 16, 17, 18, 19, 20, 22, 25, 29, 30, 34, 35, 39, 40, 45, 50, 60, 70, 80};
	add(arena, out, date_text(arena, field->type, usual_day(values, field)));
	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		add(arena, out, date_text(arena, field->type, date_add_days(values->today, days[i])));
	for (size_t i = 0; i < sizeof years / sizeof *years; i++)
		add(arena, out, date_text(arena, field->type, date_add_days(date_add_months(values->today, -12 * years[i]), -10)));
}

static void try_numbers(const struct values *values, struct arena *arena, const struct field *field, struct strs *out)
{
	static const int64_t some[] = {0, 1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 15, 18, 20, 28, 30, 50, 60, 100, 300, 1000, 100000, 150000, 500000, 3000000,
		10000000, 30000000, 100000000};
	add(arena, out, number_text(arena, values->of[field->index].cap));
	add(arena, out, number_text(arena, field->max));
	add(arena, out, number_text(arena, field->min));
	for (size_t i = 0; i < sizeof some / sizeof *some; i++)
		if (some[i] >= field->min && some[i] <= field->max)
			add(arena, out, number_text(arena, some[i]));
}

void values_try(const struct values *values, struct arena *arena, const struct field *field, struct str parent, struct strs *out)
{
	switch (field->type) {
	case FIELD_NUMBER: case FIELD_YEN:
		try_numbers(values, arena, field, out);
		break;
	case FIELD_DATE: case FIELD_MONTH: case FIELD_PARTIAL_DATE: case FIELD_PARTIAL_MONTH:
		try_dates(values, arena, field, out);
		break;
	case FIELD_SELECT: case FIELD_RADIO: case FIELD_COUNTRY: case FIELD_MULTI:
		for (size_t i = 0; i < field->choices->n; i++)
			if (choice_offered(&field->choices->v[i], parent, values->today))
				add(arena, out, field->choices->v[i].value);
		if (field->type == FIELD_MULTI)
			add(arena, out, all_choices(values, arena, field, parent));
		break;
	case FIELD_GROUP: case FIELD_NOTE: case FIELD_CALC:
		break;
	case FIELD_DIGITS:
		for (size_t i = 1; i <= field->max_length && i < 15; i++)
			if (i >= field->min_length)
				add(arena, out, text_of(arena, field, i));
		break;
	default:
		add(arena, out, value_most(values, arena, field, parent));
	}
}

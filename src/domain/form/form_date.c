#include "domain/form/form_date.h"

#include "base/time.h"
#include "domain/form/form.h"
#include "i18n/width.h"

/*
 * What was typed is brought to ASCII parts with '-' between them, and these are read. A part is a run of digits or of letters.
 */

#define PARTS_MAX 8

struct part {
	bool number, word, empty;
	int value;        /* number */
	unsigned digits;  /* number: how many */
	struct str text;  /* word, lower case */
};

static const struct {
	const char *name, *letter;
	int before; /* the year before its first */
} eras[] = {
	{"令和", "r", 2018}, {"平成", "h", 1988}, {"昭和", "s", 1925}, {"大正", "t", 1911}, {"明治", "m", 1867},
};

static const char *const months[] = {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
				     "november", "december"};

/* The year before the era's first and *text behind its name; 0: no era. */
static int take_era(struct str *text)
{
	for (size_t i = 0; i < sizeof eras / sizeof *eras; i++) {
		struct str name = str_of(eras[i].name);
		struct str letter = str_of(eras[i].letter);
		char next = text->n > 1 ? text->p[1] : '\0';
		bool short_form = str_starts(*text, letter) && ((next >= '0' && next <= '9') || next == '.' || next == '-' || next == ' ');
		if (!str_starts(*text, name) && !short_form)
			continue;
		*text = str_skip(*text, short_form ? letter.n : name.n);
		while (text->n && (*text->p == ' ' || (short_form && (*text->p == '.' || *text->p == '-'))))
			*text = str_skip(*text, 1);
		return eras[i].before;
	}
	return 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_sign(char c)
{
	return c == '-' || c == '/' || c == '.' || c == ',';
}

/* Takes a separator, of however many bytes; false: none is here. Blanks around one belong to it. */
static bool take_separator(struct str *text)
{
	static const struct str kanji[] = {STR_INIT("年"), STR_INIT("月"), STR_INIT("日")};
	struct str from = *text;
	while (text->n && *text->p == ' ')
		*text = str_skip(*text, 1);
	size_t before = text->n;
	if (text->n && is_sign(*text->p))
		*text = str_skip(*text, 1);
	for (size_t i = 0; i < sizeof kanji / sizeof *kanji && text->n == before; i++)
		if (str_starts(*text, kanji[i]))
			*text = str_skip(*text, kanji[i].n);
	while (text->n && *text->p == ' ')
		*text = str_skip(*text, 1);
	return text->n != from.n;
}

/* One run of digits or letters; false: something else is here. */
static bool take_part(struct str *text, struct part *part)
{
	size_t n = 0;
	*part = (struct part){0};
	if (is_digit(*text->p)) {
		for (; n < text->n && is_digit(text->p[n]); n++)
			if (n < 8)
				part->value = part->value * 10 + (text->p[n] - '0');
		part->number = true;
		part->digits = (unsigned)n;
	} else if (str_starts(*text, STR("元"))) {
		n = sizeof "元" - 1;
		*part = (struct part){.number = true, .value = 1, .digits = 1};
	} else {
		while (n < text->n && is_letter(text->p[n]))
			n++;
		part->word = true;
		part->text = str_sub(*text, 0, n);
	}
	*text = str_skip(*text, n);
	return n > 0 && part->digits <= 8;
}

/* "23rd": the letters behind a day. */
static void skip_ordinal(struct str *text)
{
	static const struct str endings[] = {STR_INIT("st"), STR_INIT("nd"), STR_INIT("rd"), STR_INIT("th")};
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		if (str_starts(*text, endings[i]) && (text->n == 2 || !is_letter(text->p[2]))) {
			*text = str_skip(*text, 2);
			return;
		}
	}
}

/* How many; 0: not understood. Empty parts are kept, but not at the end. */
static size_t split(struct str text, struct part parts[PARTS_MAX])
{
	size_t count = 0;
	while (text.n && count < PARTS_MAX) {
		struct str from = text;
		if (take_separator(&text)) {
			/* A separator right at the front, or behind another one, has nothing before it. */
			parts[count++] = (struct part){.empty = true};
			continue;
		}
		if (!take_part(&from, &parts[count]))
			return 0;
		if (parts[count].number)
			skip_ordinal(&from);
		count++;
		text = from;
		if (text.n && !take_separator(&text) && !is_letter(*text.p) && !is_digit(*text.p))
			return 0;
	}
	if (text.n)
		return 0;
	while (count && parts[count - 1].empty)
		count--;
	return count;
}

static int month_named(struct str word)
{
	if (word.n < 3)
		return 0;
	for (int i = 0; i < 12; i++)
		if (str_starts(str_of(months[i]), word) || (i == 8 && str_eq(word, STR("sept"))))
			return i + 1;
	return 0;
}

static bool is_year(const struct part *part)
{
	return part->number && part->digits == 4 && part->value >= 1000;
}

static bool is_short(const struct part *part)
{
	return part->number && part->digits <= 2;
}

/* 23 January 2000, January 23 2000, January 2000, 2000 January 23. */
static bool read_named(const struct part *parts, size_t count, struct date_typed *out)
{
	size_t at = 0;
	while (at < count && !parts[at].word)
		at++;
	int month = at < count ? month_named(parts[at].text) : 0;
	const struct part *year, *day = NULL;
	if (!month || (count != 2 && count != 3))
		return false;
	if (count == 2) {
		year = &parts[1 - at];
	} else if (at == 0) {
		day = &parts[1];
		year = &parts[2];
	} else {
		bool year_first = is_year(&parts[0]);
		year = &parts[year_first ? 0 : 2];
		day = &parts[year_first ? 2 : 0];
		if (at != 1)
			return false;
	}
	if (!is_year(year) || (day && !is_short(day)))
		return false;
	*out = (struct date_typed){year->value, month, day ? day->value : 0, day ? 3 : 2};
	return true;
}

/* 20000123, 200001, 2000. */
static bool read_flat(const struct part *part, struct date_typed *out)
{
	int value = part->value;
	if (part->digits == 8)
		*out = (struct date_typed){value / 10000, value / 100 % 100, value % 100, 3};
	else if (part->digits == 6)
		*out = (struct date_typed){value / 100, value % 100, 0, 2};
	else if (part->digits == 4)
		*out = (struct date_typed){value, 0, 0, 1};
	else
		return false;
	return out->year >= 1000;
}

static bool read_numbers(const struct part *parts, size_t count, int era, struct date_typed *out)
{
	if (count == 0 || count > 3)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!parts[i].number)
			return false;
	if (count == 1 && !era)
		return read_flat(parts, out);
	if (era ? !is_short(&parts[0]) || parts[0].value == 0 : !is_year(&parts[0]))
		return false;
	*out = (struct date_typed){.year = era + parts[0].value, .parts = (unsigned)count};
	if (count > 1 && !is_short(&parts[1]))
		return false;
	if (count > 2 && !is_short(&parts[2]))
		return false;
	out->month = count > 1 ? parts[1].value : 0;
	out->day = count > 2 ? parts[2].value : 0;
	return true;
}

bool date_understand(struct arena *arena, struct str typed, struct date_typed *out)
{
	struct part parts[PARTS_MAX];
	/* NFKC first: ㋿ is 令和, and blanks of all widths are one. */
	struct str text = str_trim(str_lower(arena, width_half(arena, width_nfkc(arena, typed))));
	if (str_starts(text, STR("西暦")))
		text = str_trim(str_skip(text, sizeof "西暦" - 1));
	int era = take_era(&text);
	size_t count = split(text, parts);
	if (!read_numbers(parts, count, era, out) && (era || !read_named(parts, count, out)))
		return false;
	/* 00 at the end stands for what is not known, as in flat files. */
	while (out->parts > 1 && (out->parts == 3 ? out->day : out->month) == 0)
		out->parts--;
	return true;
}

bool date_is_blank(struct str typed)
{
	for (size_t i = 0; i < typed.n; i++)
		if (!is_sign(typed.p[i]) && typed.p[i] != ' ')
			return false;
	return true;
}

bool date_is_flat(enum field_type type, struct str value)
{
	static const unsigned lengths[FIELD_TYPE_COUNT] = {
		[FIELD_DATE] = 1u << 8,
		[FIELD_MONTH] = 1u << 6,
		[FIELD_PARTIAL_DATE] = 1u << 8 | 1u << 6 | 1u << 4,
		[FIELD_PARTIAL_MONTH] = 1u << 6 | 1u << 4,
	};
	if (value.n > 8 || !(lengths[type] >> value.n & 1) || *value.p == '0')
		return false;
	for (size_t i = 0; i < value.n; i++)
		if (!is_digit(value.p[i]))
			return false;
	return true;
}

bool date_exists(struct str flat)
{
	int64_t number;
	if (!str_to_i64(flat, &number))
		return false;
	return flat.n == 8 ? date_valid((int32_t)number) : flat.n == 4 || month_valid((int32_t)number);
}

struct date_boxes form_date_boxes(struct str value)
{
	struct date_boxes boxes = {0};
	if (date_is_flat(FIELD_PARTIAL_DATE, value)) {
		boxes.year = str_sub(value, 0, 4);
		boxes.month = str_sub(value, 4, 2);
		boxes.day = str_sub(value, 6, 2);
		return boxes;
	}
	(void)str_next(&value, '-', &boxes.year);
	(void)str_next(&value, '-', &boxes.month);
	boxes.day = value;
	return boxes;
}

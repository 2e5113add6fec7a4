#include "i18n/width.h"

#include "base/buf.h"
#include "base/utf8.h"

/* U+FF61 to U+FF9F → full width. */
static const uint16_t katakana[63] = {0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2, 0x30A1,
	0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4,
	0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9,
	0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD,
	0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2,
	0x30E4, 0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3, 0x309B,
	0x309C};

#define HALF_FIRST 0xFF61u
#define HALF_LAST 0xFF9Fu
#define HALF_VOICED 0xFF9Eu
#define HALF_SEMIVOICED 0xFF9Fu
#define LONG_VOWEL 0x30FCu
#define HALF_LONG_VOWEL 0xFF70u

/* kana + ﾞ; 0: the two do not join. */
static uint32_t voiced(uint32_t kana)
{
	bool k_to_t = kana >= 0x30AB && kana <= 0x30C2 && (kana & 1);
	bool t_row = kana == 0x30C4 || kana == 0x30C6 || kana == 0x30C8;
	bool h_row = kana >= 0x30CF && kana <= 0x30DB && (kana - 0x30CF) % 3 == 0;
	if (k_to_t || t_row || h_row)
		return kana + 1;
	switch (kana) {
	case 0x30A6:
		return 0x30F4; /* ヴ */
	case 0x30EF:
		return 0x30F7; /* ヷ */
	case 0x30F2:
		return 0x30FA; /* ヺ */
	default:
		return 0;
	}
}

static uint32_t semivoiced(uint32_t kana)
{
	return kana >= 0x30CF && kana <= 0x30DB && (kana - 0x30CF) % 3 == 0 ? kana + 2 : 0;
}

static bool is_half_kana(uint32_t point)
{
	return point >= HALF_FIRST && point <= HALF_LAST;
}

/* Full-width form of a half-width kana; takes a voiced mark from *rest when it joins. */
static uint32_t widen_kana(uint32_t point, struct str *rest)
{
	uint32_t kana = katakana[point - HALF_FIRST];
	struct str behind = *rest;
	uint32_t mark = behind.n ? utf8_next(&behind) : 0;
	uint32_t joined = mark == HALF_VOICED       ? voiced(kana)
			  : mark == HALF_SEMIVOICED ? semivoiced(kana)
						    : 0;
	if (!joined)
		return kana;
	*rest = behind;
	return joined;
}

static bool is_kana(uint32_t point)
{
	return (point >= 0x3041 && point <= 0x30FF) || is_half_kana(point);
}

static bool is_ascii_alnum(uint32_t point)
{
	return (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') ||
	       (point >= 'a' && point <= 'z');
}

static uint32_t ascii_of_wide(uint32_t point)
{
	return point >= 0xFF01 && point <= 0xFF5E ? point - 0xFEE0 : point;
}

static bool is_short_dash(uint32_t point)
{
	return (point >= 0x2010 && point <= 0x2013) || point == 0x2212;
}

static bool is_hyphen(uint32_t point)
{
	return is_short_dash(point) || point == 0x2014 || point == 0x2015 || point == 0xFE63 ||
	       point == 0xFE58;
}

static uint32_t narrow(uint32_t point)
{
	if (is_hyphen(point))
		return '-';
	switch (point) {
	case 0x3000:
	case 0x00A0:
		return ' ';
	case 0x2018:
	case 0x2019:
		return '\'';
	case 0x201C:
	case 0x201D:
		return '"';
	case 0x301C:
		return '~';
	default:
		return ascii_of_wide(point);
	}
}

static void put(struct buf *out, uint32_t point)
{
	char bytes[4];
	buf_bytes(out, bytes, utf8_encode(point, bytes));
}

/* ー between letters and digits was meant as a hyphen. */
static bool is_meant_hyphen(uint32_t before, struct str rest)
{
	if (is_ascii_alnum(before))
		return true;
	uint32_t behind = rest.n ? ascii_of_wide(utf8_next(&rest)) : 0;
	return !is_kana(before) && behind >= '0' && behind <= '9';
}

struct str width_half(struct arena *arena, struct str text)
{
	if (!utf8_valid(text))
		return text;
	struct buf out;
	buf_init_room(&out, arena, text.n * 3, text.n);
	uint32_t before = 0;
	for (struct str rest = text; rest.n;) {
		uint32_t point = utf8_next(&rest);
		uint32_t is = point;
		if ((point == LONG_VOWEL || point == HALF_LONG_VOWEL) &&
			is_meant_hyphen(before, rest))
			is = '-';
		else if (is_half_kana(point))
			is = widen_kana(point, &rest);
		else
			is = narrow(point);
		put(&out, is);
		before = is;
	}
	return buf_view(&out);
}

static uint32_t widen(uint32_t point)
{
	if (point >= '!' && point <= '~')
		return point + 0xFEE0;
	if (point == ' ' || point == 0x00A0)
		return 0x3000;
	if (point == 0x00A5)
		return 0xFFE5;
	return is_short_dash(point) ? 0xFF0D : point;
}

struct str width_full(struct arena *arena, struct str text)
{
	if (!utf8_valid(text))
		return text;
	struct buf out;
	buf_init_room(&out, arena, text.n * 3, text.n);
	for (struct str rest = text; rest.n;) {
		uint32_t point = utf8_next(&rest);
		put(&out, is_half_kana(point) ? widen_kana(point, &rest) : widen(point));
	}
	return buf_view(&out);
}

struct str width_first_not_ascii(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return str_skip(text, i);
	return (struct str){0};
}

#include "i18n/width.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <utf8proc.h>

/*
 * Unicode normal forms by utf8proc, into arena memory: the library is asked for the code points
 * (utf8proc_decompose) and never allocates itself.
 */

static const utf8proc_option_t NFD = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE;
static const utf8proc_option_t NFKD = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;

struct points {
	utf8proc_int32_t *v;
	utf8proc_ssize_t n; /* negative: no valid UTF-8 */
};

static struct points decompose(struct arena *arena, struct str text, int options)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text.p;
	utf8proc_ssize_t n = (utf8proc_ssize_t)text.n;
	struct points points = {.n = utf8proc_decompose(p, n, NULL, 0, (utf8proc_option_t)options)};
	if (points.n > 0) {
		/* One more: reencode ends the text with NUL. */
		points.v = arena_array(arena, utf8proc_int32_t, (size_t)points.n + 1);
		points.n = utf8proc_decompose(p, n, points.v, points.n, (utf8proc_option_t)options);
	}
	return points;
}

static struct str compose(struct points points)
{
	utf8proc_ssize_t n =
		utf8proc_reencode(points.v, points.n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	return n < 0 ? (struct str){0} : str_make((const char *)points.v, (size_t)n);
}

static struct str normal(struct arena *arena, struct str text, int options)
{
	if (!text.n || !utf8_valid(text))
		return text;
	struct points points = decompose(arena, text, options);
	return points.n > 0 ? compose(points) : text;
}

struct str width_nfc(struct arena *arena, struct str text)
{
	bool ascii = !width_first_not_ascii(text).n;
	return ascii ? text : normal(arena, text, NFD);
}

struct str width_nfkc(struct arena *arena, struct str text)
{
	bool ascii = !width_first_not_ascii(text).n;
	return ascii ? text : normal(arena, text, NFKD);
}

/* ---- search ---- */

static bool is_diacritic(utf8proc_int32_t point)
{
	return (point >= 0x0300 && point <= 0x036F) || (point >= 0x1AB0 && point <= 0x1AFF) ||
	       (point >= 0x1DC0 && point <= 0x1DFF) || (point >= 0x20D0 && point <= 0x20FF);
}

static bool is_blank(utf8proc_int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);
	return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
	       category == UTF8PROC_CATEGORY_ZP || category == UTF8PROC_CATEGORY_CC ||
	       category == UTF8PROC_CATEGORY_CF;
}

/* Letters with a stroke have no decomposition; katakana become hiragana. */
static utf8proc_int32_t folded(utf8proc_int32_t point)
{
	if (point >= 0x30A1 && point <= 0x30F6)
		return point - 0x60;
	switch (point) {
	case 0x0111: /* đ */
		return 'd';
	case 0x0142: /* ł */
		return 'l';
	case 0x00F8: /* ø */
		return 'o';
	case 0x0127: /* ħ */
		return 'h';
	case 0x0131: /* ı */
		return 'i';
	default:
		return point;
	}
}

/*
 * What nearly all texts are made of, and what needs no table: ASCII, kana that are one letter, kanji. Nothing among them combines with
 * another. 0: dropped; -1: something else.
 */
static int64_t folded_alone(uint32_t point)
{
	if (point < 0x80)
		return point <= 0x20 || point == 0x7F ? 0 : point >= 'A' && point <= 'Z' ? point | 0x20 : point;
	bool plain = (point >= 0x4E00 && point <= 0x9FFF) || (point >= 0x3041 && point <= 0x3096) || point == 0x30FC || point == 0x3005;
	if (plain)
		return point;
	if (point >= 0x30A1 && point <= 0x30F6)
		return point - 0x60;
	return -1;
}

/* False: the text has more in it than folded_alone knows. */
static bool fold_at_once(struct arena *arena, struct str text, struct str *out)
{
	char *p = arena_alloc_raw(arena, text.n); /* no letter becomes longer */
	size_t n = 0;
	while (text.n) {
		int64_t point = folded_alone(utf8_next(&text));
		if (point < 0)
			return false;
		if (point > 0)
			n += utf8_encode((uint32_t)point, p + n);
	}
	*out = n ? str_make(p, n) : (struct str){0};
	return true;
}

struct str width_fold(struct arena *arena, struct str text)
{
	struct str out;
	if (!text.n || !utf8_valid(text))
		return text;
	if (fold_at_once(arena, text, &out))
		return out;
	struct points points = decompose(arena, text, (int)NFKD | (int)UTF8PROC_CASEFOLD);
	if (points.n < 0)
		return text;
	utf8proc_ssize_t kept = 0;
	for (utf8proc_ssize_t i = 0; i < points.n; i++)
		if (!is_diacritic(points.v[i]) && !is_blank(points.v[i]))
			points.v[kept++] = folded(points.v[i]);
	points.n = kept;
	return kept ? compose(points) : (struct str){0};
}

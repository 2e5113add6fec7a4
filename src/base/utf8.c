#include "base/utf8.h"

/* Length of the valid sequence at p (at most `left` bytes), 0 for a bad one; the code point goes to
 * *point. */
static size_t decode(const unsigned char *p, size_t left, uint32_t *point)
{
	unsigned char lead = p[0];
	if (lead < 0x80) {
		*point = lead;
		return 1;
	}
	/* Kana, kanji and most else of three bytes: none of it is overlong or a surrogate. */
	if (lead >= 0xE1 && lead <= 0xEC && left >= 3 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80) {
		*point = (lead & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
		return 3;
	}
	size_t n = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
	if (n == 0 || n > left)
		return 0;
	uint32_t value = lead & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		value = value << 6 | (p[i] & 0x3Fu);
	}
	/* C0, C1 and F5 to FF are gone already; what is left to refuse are overlong forms of 3 and
	   4 bytes, surrogates and what lies above U+10FFFF. */
	if ((n == 3 && value < 0x800) || (n == 4 && value < 0x10000) || value > 0x10FFFF ||
		(value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*point = value;
	return n;
}

bool utf8_valid(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t left = s.n;
	while (left) {
		/* Eight ASCII bytes at once: most of what comes in is markup, names of fields,
		 * Latin letters. */
		uint64_t word;
		if (left >= sizeof word) {
			memcpy(&word, p, sizeof word);
			if ((word & UINT64_C(0x8080808080808080)) == 0) {
				p += sizeof word;
				left -= sizeof word;
				continue;
			}
		}
		uint32_t point;
		size_t n = decode(p, left, &point);
		if (n == 0)
			return false;
		p += n;
		left -= n;
	}
	return true;
}

uint32_t utf8_next_wide(struct str *s)
{
	if (s->n == 0)
		return UTF8_BAD;
	uint32_t point;
	size_t n = decode((const unsigned char *)s->p, s->n, &point);
	*s = str_skip(*s, n ? n : 1);
	return n ? point : UTF8_BAD;
}

size_t utf8_count(struct str s)
{
	size_t count = 0;
	while (s.n) {
		(void)utf8_next(&s);
		count++;
	}
	return count;
}

size_t utf8_encode(uint32_t point, char out[4])
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
		return 0;
	size_t n = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (point & 0x3F));
		point >>= 6;
	}
	static const unsigned char lead[] = {[2] = 0xC0, [3] = 0xE0, [4] = 0xF0};
	out[0] = (char)(lead[n] | point);
	return n;
}

struct str utf8_head(struct str s, size_t points)
{
	struct str rest = s;
	while (points && rest.n) {
		(void)utf8_next(&rest);
		points--;
	}
	return str_make(s.p, s.n - rest.n);
}

/*
 * In order. From the Unicode Character Database: general category Cc, Cf as far as it is not
 * visible, and letters that show nothing (the Hangul fillers, two Khmer vowels). Variation
 * selectors are not among them: names are written with them (U+E0100 to U+E01EF choose the form of
 * a kanji).
 */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{0x0000, 0x001F},
	{0x007F, 0x009F},
	{0x00AD, 0x00AD},
	{0x034F, 0x034F},
	{0x061C, 0x061C},
	{0x115F, 0x1160},
	{0x17B4, 0x17B5},
	{0x180E, 0x180E},
	{0x200B, 0x200F},
	{0x2028, 0x202E},
	{0x2060, 0x206F},
	{0x3164, 0x3164},
	{0xFDD0, 0xFDEF},
	{0xFEFF, 0xFEFF},
	{0xFFA0, 0xFFA0},
	{0xFFF0, 0xFFFB},
	{0x1BCA0, 0x1BCA3},
	{0x1D173, 0x1D17A},
	{0xE0000, 0xE00FF},
	{0xE01F0, 0xE0FFF},
};

struct str utf8_skip_shown(struct str s)
{
	size_t at = 0;
	while (at < s.n) {
		unsigned char lead = (unsigned char)s.p[at];
		bool wide = s.n - at >= 3 && lead >= 0xE3 && lead <= 0xE9 && (unsigned char)s.p[at + 1] != 0x85;
		if (!wide && (lead < 0x20 || lead > 0x7E))
			break;
		at += wide ? 3 : 1;
	}
	return str_skip(s, at);
}

bool utf8_is_hidden(uint32_t point)
{
	/* Letters of Japanese and English are none: most of what comes in. */
	if ((point >= 0x20 && point < 0x7F) || (point > 0x3164 && point < 0xFDD0) || (point > 0x206F && point < 0x3164))
		return false;
	if ((point & 0xFFFE) == 0xFFFE)
		return true;
	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
		if (point >= hidden[i].first && point <= hidden[i].last)
			return true;
	return false;
}

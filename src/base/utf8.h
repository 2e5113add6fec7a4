#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

/* UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */

#define UTF8_BAD 0xFFFFFFFFu

bool utf8_valid(struct str s);

/* Takes one code point from the front of *s; UTF8_BAD (and one byte taken) for a bad one. *s must
 * not be empty. */
uint32_t utf8_next_wide(struct str *s); /* what does not begin with ASCII */
static inline uint32_t utf8_next(struct str *s)
{
	if (s->n == 0 || (unsigned char)*s->p >= 0x80)
		return utf8_next_wide(s);
	uint32_t point = (unsigned char)*s->p;
	*s = str_make(s->p + 1, s->n - 1);
	return point;
}

/* Code points; each bad byte counts as one. */
size_t utf8_count(struct str s);

/* Writes 1 to 4 bytes, returns how many; 0 for what is no Unicode scalar value. */
size_t utf8_encode(uint32_t point, char out[4]);

/* The first `points` code points of s. */
struct str utf8_head(struct str s, size_t points);

/* C0 and C1 controls, bidi controls, zero-width and other invisible format characters,
 * non-characters. */
bool utf8_is_hidden(uint32_t point);

/* Valid text from the first character on that is perhaps hidden: what is printable ASCII, kana or kanji is passed. */
struct str utf8_skip_shown(struct str s);

#endif

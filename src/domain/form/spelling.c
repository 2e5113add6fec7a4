#include "domain/form/spelling.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "domain/form/latin.h"
#include "i18n/width.h"

struct str spell_trim(struct str text)
{
	static const struct str wide[] = {STR_INIT("\xE3\x80\x80"), STR_INIT("\xC2\xA0")};
	for (;;) {
		struct str before = text;
		text = str_trim(text);
		for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
			if (str_starts(text, wide[i]))
				text = str_skip(text, wide[i].n);
			if (str_ends(text, wide[i]))
				text = str_sub(text, 0, text.n - wide[i].n);
		}
		if (text.n == before.n)
			return text;
	}
}

static struct str readable(struct arena *arena, struct str typed)
{
	if (utf8_valid(typed))
		return typed;
	struct buf out;
	buf_init_room(&out, arena, typed.n * 3, typed.n);
	while (typed.n) {
		char bytes[4];
		uint32_t point = utf8_next(&typed);
		buf_bytes(&out, bytes, utf8_encode(point == UTF8_BAD ? 0xFFFD : point, bytes));
	}
	return buf_view(&out);
}

struct str spell_clean(struct arena *arena, struct str typed)
{
	return spell_trim(width_nfc(arena, readable(arena, typed)));
}

/* A full-width letter and a mark behind it become one character only when the letter is half width. */
struct str spell_half(struct arena *arena, struct str text)
{
	return width_nfc(arena, width_half(arena, text));
}

/*
 * The signs go first: whether a long vowel sign is taken for a hyphen depends on its neighbours, and those must be the same when the
 * result is applied again. Where hyphens mean nothing it is one.
 */
struct str spell_half_without(struct arena *arena, struct str text, const char *signs)
{
	bool hyphens = strchr(signs, '-') != NULL;
	struct buf out;
	buf_init_room(&out, arena, text.n, text.n);
	while (text.n) {
		struct str from = text;
		uint32_t point = utf8_next(&text);
		struct str one = str_sub(from, 0, from.n - text.n);
		struct str narrow = point < 0x80 ? one : width_half(arena, one);
		bool sign = narrow.n == 1 && *narrow.p && strchr(signs, *narrow.p);
		if (!sign && !(hyphens && str_eq(narrow, STR("ー"))))
			buf_str(&out, one);
	}
	return spell_trim(spell_half(arena, buf_view(&out)));
}

/* Runs of blanks in a name are slips. */
static struct str blanks(struct arena *arena, struct str text, bool single)
{
	struct buf out;
	buf_init_room(&out, arena, text.n, text.n);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i] == '\t' ? ' ' : text.p[i];
		if (!(single && c == ' ' && out.n && out.p[out.n - 1] == ' '))
			buf_byte(&out, c);
	}
	return buf_view(&out);
}

struct str spell_blanks(struct arena *arena, struct str text)
{
	return blanks(arena, text, false);
}

struct str spell_latin(struct arena *arena, struct str text)
{
	struct str plain = latin_upper(arena, spell_half(arena, spell_blanks(arena, text)));
	/* Half width once more: a letter that has become plain may stand before a long vowel sign that was a hyphen. */
	return spell_trim(blanks(arena, spell_half(arena, plain), true));
}

struct str spell_phone(struct arena *arena, struct str text)
{
	struct str phone = spell_half_without(arena, text, " -().");
	if (!str_starts(phone, STR("+81")))
		return phone;
	phone = str_skip(phone, 3);
	return str_fmt(arena, "%s" STR_FMT, str_starts(phone, STR("0")) ? "" : "0", STR_ARG(phone));
}

struct str spell_postal(struct arena *arena, struct str text)
{
	struct str code = spell_half_without(arena, text, " -");
	while (str_starts(code, STR("〒")))
		code = spell_trim(str_skip(code, sizeof "〒" - 1));
	return code;
}

bool spell_is_digits(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return text.n > 0;
}

#include "domain/text.h"

#include "base/utf8.h"

struct str text_in(const struct text *text, const struct locale *locale)
{
	struct str own = text->lang[locale->lang];
	return str_absent(own) ? text->lang[LANG_JA] : own;
}

struct str text_plain(struct arena *arena, const struct text *text, const struct locale *locale)
{
	struct str full = text_in(text, locale);
	struct buf plain;
	buf_init_room(&plain, arena, full.n, full.n);
	ruby_write_plain(&plain, full);
	return buf_view(&plain);
}

/* Piece by piece, so that most comparisons with a long list end at the first letter and nothing is allocated. */
static bool is_plain(struct str text, struct str typed)
{
	struct ruby_reader reader = {.rest = text};
	struct ruby_piece piece;
	while (ruby_next(&reader, &piece)) {
		if (piece.kind == RUBY_BOLD || piece.kind == RUBY_BOLD_END)
			continue;
		if (!str_eq_nocase(piece.text, str_sub(typed, 0, piece.text.n)))
			return false;
		typed = str_skip(typed, piece.text.n);
	}
	return typed.n == 0;
}

bool text_is(const struct text *text, struct str typed)
{
	for (int lang = 0; lang < LANG_COUNT; lang++)
		if (!str_absent(text->lang[lang]) && is_plain(text->lang[lang], typed))
			return true;
	return false;
}

/* Hiragana, katakana, the dot between words and the long vowel sign. */
static bool is_kana(uint32_t point)
{
	return (point >= 0x3041 && point <= 0x3096) || (point >= 0x30A1 && point <= 0x30FC);
}

static bool all_kana(struct str reading)
{
	while (reading.n)
		if (!is_kana(utf8_next(&reading)))
			return false;
	return true;
}

/* The first kanji, to the end; empty: none. */
static struct str first_kanji(struct str text)
{
	while (text.n) {
		struct str here = text;
		if (ruby_is_kanji(utf8_next(&text)))
			return here;
	}
	return text;
}

enum reading_fault reading_check(struct str text, bool all, size_t *offset)
{
	struct ruby_reader reader = {.rest = text};
	struct ruby_piece piece;
	while (ruby_next(&reader, &piece)) {
		enum reading_fault fault = READING_OK;
		struct str at = piece.text;
		if (piece.kind == RUBY_STRAY)
			fault = READING_STRAY;
		else if (piece.kind == RUBY_PAIR && !all_kana(piece.reading))
			fault = READING_NO_KANA;
		else if (piece.kind == RUBY_TEXT && all && (at = first_kanji(at)).n)
			fault = READING_MISSING;
		if (fault != READING_OK) {
			*offset = (size_t)(at.p - text.p);
			return fault;
		}
	}
	return READING_OK;
}

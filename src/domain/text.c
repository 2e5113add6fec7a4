#include "domain/text.h"

#include "base/limits.h"
#include "base/utf8.h"

struct str text_in(const struct text *text, const struct locale *locale)
{
	struct str own = text->lang[locale->lang];
	return str_absent(own) ? text->lang[LANG_JA] : own;
}

struct str text_plain(const struct text *text, const struct locale *locale)
{
	return text->plain[locale->lang];
}

struct str text_html(const struct text *text, const struct locale *locale)
{
	return text->html[locale->lang][locale->furigana];
}

/* Made in the scratch memory first, because what lives for ever should take no more than it needs. */
static struct str made(struct arena *arena, struct arena *scratch, struct str words, void (*write)(struct buf *out, struct str words))
{
	struct buf out;
	buf_init(&out, scratch, LIMIT_PAGE);
	write(&out, words);
	return str_dup(arena, buf_view(&out));
}

static void write_html(struct buf *out, struct str words)
{
	ruby_write_html(out, words, false);
}

static void write_furigana(struct buf *out, struct str words)
{
	ruby_write_html(out, words, true);
}

void text_finish(struct arena *arena, struct arena *scratch, struct text *text)
{
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		struct str words = str_absent(text->lang[lang]) ? text->lang[LANG_JA] : text->lang[lang];
		bool readings = str_find(words, STR("《")) >= 0;
		bool marked = readings || str_find(words, STR("**")) >= 0;

		text->plain[lang] = marked ? made(arena, scratch, words, ruby_write_plain) : words;
		text->html[lang][0] = made(arena, scratch, words, write_html);
		text->html[lang][1] = readings ? made(arena, scratch, words, write_furigana) : text->html[lang][0];
	}
}

bool text_is(const struct text *text, struct str typed)
{
	for (int lang = 0; lang < LANG_COUNT; lang++)
		if (!str_absent(text->lang[lang]) && str_eq_nocase(text->plain[lang], typed))
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
	const char *bold = text.p;
	while (ruby_next(&reader, &piece)) {
		enum reading_fault fault = READING_OK;
		struct str at = piece.text;
		if (piece.kind == RUBY_BOLD)
			bold = at.p;
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
	if (!reader.bold)
		return READING_OK;
	*offset = (size_t)(bold - text.p);
	return READING_STRAY;
}

#include "domain/definition/text.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "i18n/ruby.h"

/* Lengths apart from places, which would leave half of their words empty. */
struct text_forms {
	const char *p[LANG_COUNT][TEXT_FORM_COUNT];
	uint32_t n[LANG_COUNT][TEXT_FORM_COUNT];
};

struct str text_form(const struct text *text, enum lang lang, enum text_form form)
{
	const struct text_forms *forms = text->forms;
	return forms ? (struct str){forms->p[lang][form], forms->n[lang][form]} : (struct str){0};
}

struct str text_in(const struct text *text, const struct locale *locale)
{
	struct str own = text_form(text, locale->lang, TEXT_WORDS);
	return str_absent(own) ? text_form(text, LANG_JA, TEXT_WORDS) : own;
}

struct str text_plain(const struct text *text, const struct locale *locale)
{
	return text_form(text, locale->lang, TEXT_PLAIN);
}

struct str text_html(const struct text *text, const struct locale *locale)
{
	return text_form(text, locale->lang, locale->furigana ? TEXT_FURIGANA : TEXT_HTML);
}

bool text_is(const struct text *text, struct str typed)
{
	for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
		struct str plain = text_form(text, lang, TEXT_PLAIN);
		if (!str_absent(plain) && str_eq_nocase(plain, typed))
			return true;
	}
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

/* What is wrong with a piece, and where. */
static enum reading_fault piece_check(const struct ruby_piece *piece, bool all, struct str *at)
{
	*at = piece->text;
	if (piece->kind == RUBY_STRAY)
		return READING_STRAY;
	if (piece->kind == RUBY_PAIR && !all_kana(piece->reading))
		return READING_NO_KANA;
	if (piece->kind == RUBY_TEXT && all && (*at = first_kanji(*at)).n)
		return READING_MISSING;
	return READING_OK;
}

/* Every piece, into the forms when there is room for them. */
static enum reading_fault pieces_read(struct str text, bool all, struct text_room *room, size_t *offset)
{
	struct ruby_reader reader = {.rest = text};
	struct ruby_piece piece;
	struct str at;
	const char *bold = text.p;
	while (ruby_next(&reader, &piece)) {
		enum reading_fault fault = piece_check(&piece, all, &at);
		if (fault != READING_OK) {
			*offset = (size_t)(at.p - text.p);
			return fault;
		}
		if (piece.kind == RUBY_BOLD)
			bold = piece.text.p;
		if (room) {
			ruby_write_piece_plain(&room->plain, &piece);
			ruby_write_piece(&room->html, &piece, RUBY_HIDDEN);
			ruby_write_piece(&room->furigana, &piece, RUBY_SHOWN);
		}
	}
	if (!reader.bold)
		return READING_OK;
	*offset = (size_t)(bold - text.p);
	return READING_STRAY;
}

enum reading_fault reading_check(struct str text, bool all, size_t *offset)
{
	return pieces_read(text, all, NULL, offset);
}

void text_room_init(struct text_room *room, struct arena *scratch)
{
	buf_init(&room->plain, scratch, LIMIT_PAGE);
	buf_init(&room->html, scratch, LIMIT_PAGE);
	buf_init(&room->furigana, scratch, LIMIT_PAGE);
}

/* Neither a sign of the notation nor of markup: all forms are the words. Most of English is such. */
static bool is_bare(struct str words)
{
	for (size_t i = 0; i < words.n; i++) {
		char c = words.p[i];
		if (c < 0x20 || c > 0x7E || c == '*' || c == '&' || c == '<' || c == '>')
			return false;
	}
	return true;
}

/* What lives for ever takes no more than it needs: nothing when it is there already. */
static struct str kept(struct arena *arena, const struct buf *made, struct str like)
{
	struct str words = buf_view(made);
	return str_eq(words, like) ? like : str_dup(arena, words);
}

static void form_set(struct text_forms *forms, enum lang lang, enum text_form form, struct str words)
{
	forms->p[lang][form] = words.p;
	forms->n[lang][form] = (uint32_t)words.n;
}

enum reading_fault text_make(struct arena *arena, struct text_room *room, struct text *text, enum lang lang, struct str words, size_t *offset)
{
	struct str plain = words, html = words, furigana = words;
	if (!is_bare(words)) {
		buf_clear(&room->plain);
		buf_clear(&room->html);
		buf_clear(&room->furigana);
		enum reading_fault fault = pieces_read(words, lang == LANG_JA, room, offset);
		if (fault != READING_OK)
			return fault;
		plain = kept(arena, &room->plain, words);
		html = kept(arena, &room->html, plain);
		furigana = kept(arena, &room->furigana, html);
	}
	if (!text->forms)
		text->forms = arena_new(arena, struct text_forms);
	form_set(text->forms, lang, TEXT_WORDS, words);
	form_set(text->forms, lang, TEXT_PLAIN, plain);
	form_set(text->forms, lang, TEXT_HTML, html);
	form_set(text->forms, lang, TEXT_FURIGANA, furigana);
	return READING_OK;
}

#ifndef DOMAIN_DEFINITION_TEXT_H
#define DOMAIN_DEFINITION_TEXT_H

#include "base/str.h"
#include "i18n/locale.h"

/*
 * A text of a procedure in every language of the portal. Japanese carries its readings in Aozora notation
 * (i18n/locale.h): text_plain and text_html are what people see.
 *
 * There are many thousands of them, most fields of most definitions have none, and procedures that share a file share its texts: so a text
 * is a reference to its forms, which live as long as the arena that it was made in.
 */

enum text_form {
	TEXT_WORDS,    /* as it is written */
	TEXT_PLAIN,    /* without readings */
	TEXT_HTML,     /* escaped, without readings */
	TEXT_FURIGANA, /* escaped, with readings */
	TEXT_FORM_COUNT
};

struct text {
	struct text_forms *forms; /* NULL: in no language; private to text.c */
};

/* Absent where none is given in that language. */
struct str text_form(const struct text *text, enum lang lang, enum text_form form);

/* The text in the reader's language, Japanese when there is none. */
struct str text_in(const struct text *text, const struct locale *locale);
/* The same without readings; escaped, with readings when the reader wants them. Of a text that is finished. */
struct str text_plain(const struct text *text, const struct locale *locale);
struct str text_html(const struct text *text, const struct locale *locale);

/* Whether `typed` is the text in any language, readings aside and ASCII letters in either case. */
bool text_is(const struct text *text, struct str typed);

/*
 * Where a text breaks the rules of its notation (docs/texts.md): offset of the first fault, and what it is. `all`: every kanji needs one, as
 * it has to in Japanese.
 */
enum reading_fault {
	READING_OK,
	READING_MISSING, /* kanji without a reading */
	READING_NO_KANA, /* a reading that is not in kana */
	READING_STRAY,   /* a sign of the notation without what belongs to it */
	READING_FAULT_COUNT
};
enum reading_fault reading_check(struct str text, bool all, size_t *offset);

/* Room in which forms of texts are made, one text after the other. */
struct text_room {
	struct buf plain, html, furigana;
};
void text_room_init(struct text_room *room, struct arena *scratch);

/*
 * Sets the text of one language with its forms, checked on the way: once, at start; pages print them as they are. The words stay borrowed,
 * and forms that are alike are the same bytes. With a fault nothing is set.
 */
enum reading_fault text_make(struct arena *arena, struct text_room *room, struct text *text, enum lang lang, struct str words, size_t *offset);

#endif

#ifndef SIM_PHONE_WORDS_H
#define SIM_PHONE_WORDS_H

#include "base/buf.h"

/*
 * The texts of the screens: the table words.def. In Japanese each kanji has its reading behind it,
 * 漢字《かんじ》: a page shows it above, a terminal leaves it out. {a} in a text stands for a
 * value.
 */

enum tongue { TONGUE_EN, TONGUE_JA, TONGUE_COUNT };
extern const char *const tongue_tags[TONGUE_COUNT]; /* "en", "ja" */

enum word {
#define X(name, en, ja) W_##name,
#include "sim/phone/words.def"
#undef X
	W_COUNT
};

struct str word_text(enum word word, enum tongue tongue);

/* With the value in place of {a}. */
struct str word_with(struct arena *arena, enum word word, enum tongue tongue, struct str value);

/* Without readings. */
struct str word_plain(struct arena *arena, struct str text);

/* As HTML: escaped, readings as <ruby>. */
void word_html(struct buf *out, struct str text);

/* & < > " ' as character references: safe in text and in quoted values. */
void html_text(struct buf *out, struct str text);

#endif

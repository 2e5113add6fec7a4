#ifndef I18N_LOCALE_H
#define I18N_LOCALE_H

#include "base/buf.h"
#include "base/str.h"
#include "i18n/msg_ids.h" /* generated: enum msg { MSG_NONE, MSG_login_title, … MSG_COUNT }; MSG_NONE is the empty text */
#include "i18n/ruby.h" /* ruby_write_plain, ruby_write_html: for labels that come from procedures/ */

/*
 * Texts. Each is an entry of po/en.po and po/ja.po whose msgid is a key ("login.title"); the build
 * makes enum msg from the keys, checks that every language has every key with the same
 * {placeholders}, and writes the tables below. Ruby (furigana) stands in the texts in Aozora
 * notation: ｜在留《ざいりゅう》, or 在留《ざいりゅう》 when the base is all kanji.
 *
 * A locale is a language with or without furigana; all are constant. English is the same with and
 * without: the readings of Japanese words in English texts are always shown. How texts are written
 * is in docs/texts.md.
 */

enum lang { LANG_JA, LANG_EN, LANG_COUNT };

struct msg_arg {
	struct str name;  /* "{name}" in the text */
	struct str value; /* plain text */
	enum msg unit;    /* a text in which the value is {n}, "{n} hours", and which stands for it; MSG_NONE: the value alone */
};

struct locale {
	enum lang lang;
	bool furigana;
	struct str tag;          /* BCP 47: "ja", "en" */
	struct str name;         /* own name: 日本語, English */
	const struct str *plain; /* by enum msg: text without ruby */
	const struct str *html;  /* by enum msg: escaped, with <ruby> when furigana is on */
};

const struct locale *locale_get(enum lang lang, bool furigana);
/* By tag ("ja", "en"); NULL: unknown. */
const struct locale *locale_find(struct str tag, bool furigana);
/* From Accept-Language, RFC 9110 12.5.4; Japanese when nothing fits. */
enum lang locale_negotiate(struct str accept_language);

/*
 * Plain text with its {placeholders} replaced; for mails, PDF, attributes. A placeholder that has
 * no argument stays as it stands; what an argument contains is never looked at again.
 */
void msg_write(struct buf *out, const struct locale *locale, enum msg msg,
	const struct msg_arg *args, size_t count);
struct str msg_text(struct arena *arena, const struct locale *locale, enum msg msg,
	const struct msg_arg *args, size_t count);
/* The same as HTML; the arguments are escaped. */
void msg_write_html(struct buf *out, const struct locale *locale, enum msg msg,
	const struct msg_arg *args, size_t count);

/*
 * 23 November 2026 / 2026年11月23日; with time and zone: 23 November 2026, 14:03 (Japan time) /
 * 2026年11月23日 14時03分（日本時間）. A date whose day, or month and day, are 0 is a month or a
 * year: November 2026 / 2026年11月. Nothing is written for 0 and for what is no date.
 */
void date_write(struct buf *out, const struct locale *locale, int32_t date);
void datetime_write(struct buf *out, const struct locale *locale, int64_t at);
void clock_write(struct buf *out, int64_t at); /* 14:03, in Japan */

/* The same as HTML: with the readings of the units when furigana is on (20日 is はつか). */
void date_write_html(struct buf *out, const struct locale *locale, int32_t date);
void datetime_write_html(struct buf *out, const struct locale *locale, int64_t at);

/* 分 is read ぷん behind 1, 3, 4, 6, 8 and 10, 20, …; ふん else, and behind a bare 0. */
bool minutes_are_pun(int64_t minutes);

/* 2026-11-23, 2026-11 or 2026: for programs (the attribute datetime, a URL). */
void date_write_machine(struct buf *out, int32_t date);

#endif

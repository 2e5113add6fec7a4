#ifndef I18N_RUBY_H
#define I18N_RUBY_H

#include "base/buf.h"
#include "base/str.h"

/*
 * The markup of texts: readings (ruby) in Aozora notation and **bold**.
 *
 *   ｜在留《ざいりゅう》カード   the base is what stands between ｜ and 《
 *   在留《ざいりゅう》カード     the base is the run of kanji (with 々, 〇, ヶ, ヵ inside) before
 * 《
 *
 * Reading never fails: what is no markup (a 《 without a base, a ｜ without a reading) is text, and
 * comes as RUBY_STRAY so that a checker can refuse it.
 */

enum ruby_kind {
	RUBY_TEXT,
	RUBY_PAIR,     /* text has a reading */
	RUBY_BOLD,     /* ** at the beginning … */
	RUBY_BOLD_END, /* … and at the end */
	RUBY_STRAY     /* a sign of the notation that stands alone */
};

struct ruby_piece {
	enum ruby_kind kind;
	struct str text;
	struct str reading;
};

struct ruby_reader {
	struct str rest;
	bool bold;
};

/* False at the end. reader = {text}. */
bool ruby_next(struct ruby_reader *reader, struct ruby_piece *out);

/* A character that needs a reading. */
bool ruby_is_kanji(uint32_t point);

enum ruby_style {
	RUBY_HIDDEN,
	RUBY_SHOWN,
	RUBY_SHOWN_ABROAD /* inside a text that is not Japanese: marked lang="ja" */
};

/* Aozora ruby → without (plain), or → escaped HTML with or without <ruby>. */
void ruby_write_plain(struct buf *out, struct str text);
void ruby_write_html(struct buf *out, struct str text, bool furigana);
void ruby_write_styled(struct buf *out, struct str text, enum ruby_style style);

/* The same of one piece. A text that leaves ** open gets a </strong> at its end, which is no piece. */
void ruby_write_piece_plain(struct buf *out, const struct ruby_piece *piece);
void ruby_write_piece(struct buf *out, const struct ruby_piece *piece, enum ruby_style style);

#endif

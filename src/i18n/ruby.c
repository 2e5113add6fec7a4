#include "i18n/ruby.h"

#include "i18n/escape.h"

#include "base/utf8.h"

#define BAR STR("｜")
#define OPEN STR("《")
#define CLOSE STR("》")

/* Signs have three bytes: comparing them is two loads. */
static bool is_at(struct str s, struct str sign)
{
	return s.n >= 3 && memcmp(s.p, sign.p, 3) == 0;
}

bool ruby_is_kanji(uint32_t point)
{
	return (point >= 0x4E00 && point <= 0x9FFF) || (point >= 0x3400 && point <= 0x4DBF) ||
	       (point >= 0xF900 && point <= 0xFAFF) || (point >= 0x20000 && point <= 0x3FFFF) ||
	       point == 0x3005;
}

/* 々 〆 〇 ヵ ヶ count as kanji in a base, not by themselves. */
static bool is_base(uint32_t point)
{
	return ruby_is_kanji(point) || point == 0x3006 || point == 0x3007 || point == 0x30F5 ||
	       point == 0x30F6;
}

/* U+5000 to U+9FFF, the most of them, without taking the bytes apart. */
static bool is_plain_kanji(struct str s)
{
	return s.n >= 3 && (unsigned char)s.p[0] >= 0xE5 && (unsigned char)s.p[0] <= 0xE9 && ((unsigned char)s.p[1] & 0xC0) == 0x80 &&
	       ((unsigned char)s.p[2] & 0xC0) == 0x80;
}

static size_t kanji_run(struct str s)
{
	struct str rest = s;
	while (rest.n) {
		struct str next = rest;
		if (is_plain_kanji(rest)) {
			rest = str_skip(rest, 3);
			continue;
		}
		if (!is_base(utf8_next(&next)))
			break;
		rest = next;
	}
	return s.n - rest.n;
}

/* Where the first 》 stands; 0: nowhere, at once, or behind what cannot stand in a reading. In one pass: there is one for each word. */
static size_t reading_end(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			return 0;
		if ((unsigned char)s.p[i] != 0xE3 && (unsigned char)s.p[i] != 0xEF)
			continue;
		struct str here = str_skip(s, i);
		if (is_at(here, CLOSE))
			return i;
		if (is_at(here, OPEN) || is_at(here, BAR))
			return 0;
	}
	return 0;
}

/* 《reading》 at the front of s: its length in bytes; 0: none. */
static size_t reading_at(struct str s, struct str *reading)
{
	if (!is_at(s, OPEN))
		return 0;
	struct str inner = str_skip(s, OPEN.n);
	size_t end = reading_end(inner);
	if (end == 0)
		return 0;
	*reading = str_sub(inner, 0, end);
	return OPEN.n + end + CLOSE.n;
}

/* Something other than plain text at the front of s: the piece, and its length in bytes; 0: plain
 * text. */
static size_t special(const struct ruby_reader *r, struct str s, struct ruby_piece *out)
{
	if (str_starts(s, STR("**"))) {
		*out = (struct ruby_piece){
			.kind = r->bold ? RUBY_BOLD_END : RUBY_BOLD, .text = str_sub(s, 0, 2)};
		return 2;
	}
	size_t base_at = 0;
	size_t base = 0;
	if (is_at(s, BAR)) {
		base_at = BAR.n;
		ptrdiff_t open = str_find(s, OPEN);
		base = open > (ptrdiff_t)BAR.n ? (size_t)open - BAR.n : 0;
		struct str inside = str_sub(s, base_at, base);
		if (str_find(inside, BAR) >= 0 || str_find_byte(inside, '\n') >= 0 ||
			str_find(inside, STR("**")) >= 0)
			base = 0;
	} else {
		base = kanji_run(s);
	}
	struct str reading = {0};
	size_t length = base ? reading_at(str_skip(s, base_at + base), &reading) : 0;
	if (length) {
		*out = (struct ruby_piece){RUBY_PAIR, str_sub(s, base_at, base), reading};
		return base_at + base + length;
	}
	if (base_at || is_at(s, OPEN) || is_at(s, CLOSE)) {
		*out = (struct ruby_piece){.kind = RUBY_STRAY, .text = str_sub(s, 0, BAR.n)};
		return BAR.n;
	}
	return 0;
}

/*
 * Bytes at the front of s that are neither kanji nor a sign of the notation: ASCII without the star, and kana from U+3040 to U+30BF.
 * Most of a text is such, and thousands of texts are read at start.
 */
static size_t surely_text(struct str s)
{
	size_t n = 0;
	while (n < s.n) {
		unsigned char c = (unsigned char)s.p[n];
		if (c < 0x80 && c != '*')
			n++;
		else if (c == 0xE3 && s.n - n >= 3 && ((unsigned char)s.p[n + 1] == 0x81 || (unsigned char)s.p[n + 1] == 0x82))
			n += 3;
		else
			break;
	}
	return n;
}

bool ruby_next(struct ruby_reader *r, struct ruby_piece *out)
{
	if (!r->rest.n)
		return false;
	struct str at = r->rest;
	struct ruby_piece piece;
	size_t length = 0;
	at = str_skip(at, surely_text(at));
	while (at.n && !(length = special(r, at, &piece))) {
		/* A run of kanji without a reading is passed as a whole: a part of it is no base.
		 */
		size_t run = kanji_run(at);
		if (run)
			at = str_skip(at, run);
		else
			(void)utf8_next(&at);
		at = str_skip(at, surely_text(at));
	}
	if (at.n < r->rest.n) { /* the text before it first */
		*out = (struct ruby_piece){
			.kind = RUBY_TEXT, .text = str_sub(r->rest, 0, r->rest.n - at.n)};
		r->rest = at;
		return true;
	}
	if (piece.kind == RUBY_BOLD || piece.kind == RUBY_BOLD_END)
		r->bold = !r->bold;
	r->rest = str_skip(at, length);
	*out = piece;
	return true;
}

void ruby_write_piece_plain(struct buf *out, const struct ruby_piece *piece)
{
	if (piece->kind != RUBY_BOLD && piece->kind != RUBY_BOLD_END)
		buf_str(out, piece->text);
}

static void write_pair(struct buf *out, const struct ruby_piece *piece, enum ruby_style style)
{
	if (style == RUBY_HIDDEN) {
		escape_text(out, piece->text);
		return;
	}
	if (style == RUBY_SHOWN)
		buf_lit(out, "<ruby>");
	else
		buf_lit(out, "<ruby lang=\"ja\">");
	escape_text(out, piece->text);
	buf_lit(out, "<rt>");
	escape_text(out, piece->reading);
	buf_lit(out, "</rt></ruby>");
}

void ruby_write_piece(struct buf *out, const struct ruby_piece *piece, enum ruby_style style)
{
	if (piece->kind == RUBY_BOLD)
		buf_lit(out, "<strong>");
	else if (piece->kind == RUBY_BOLD_END)
		buf_lit(out, "</strong>");
	else if (piece->kind == RUBY_PAIR)
		write_pair(out, piece, style);
	else
		escape_text(out, piece->text);
}

void ruby_write_plain(struct buf *out, struct str text)
{
	struct ruby_reader r = {.rest = text};
	struct ruby_piece piece;
	while (ruby_next(&r, &piece))
		ruby_write_piece_plain(out, &piece);
}

void ruby_write_styled(struct buf *out, struct str text, enum ruby_style style)
{
	struct ruby_reader r = {.rest = text};
	struct ruby_piece piece;
	while (ruby_next(&r, &piece))
		ruby_write_piece(out, &piece, style);
	if (r.bold)
		buf_lit(out, "</strong>");
}

void ruby_write_html(struct buf *out, struct str text, bool furigana)
{
	ruby_write_styled(out, text, furigana ? RUBY_SHOWN : RUBY_HIDDEN);
}

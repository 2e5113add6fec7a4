#include "sim/phone/words.h"

#include "base/utf8.h"

const char *const tongue_tags[TONGUE_COUNT] = {[TONGUE_EN] = "en", [TONGUE_JA] = "ja"};

static const struct str words[W_COUNT][TONGUE_COUNT] = {
#define X(name, en, ja) [W_##name] = {[TONGUE_EN] = STR_INIT(en), [TONGUE_JA] = STR_INIT(ja)},
#include "sim/phone/words.def"
#undef X
};

struct str word_text(enum word word, enum tongue tongue)
{
	return words[word][tongue];
}

struct str word_with(struct arena *arena, enum word word, enum tongue tongue, struct str value)
{
	struct str text = words[word][tongue];
	ptrdiff_t at = str_find(text, STR("{a}"));
	if (at < 0)
		return text;
	struct str parts[] = {str_sub(text, 0, (size_t)at), value, str_skip(text, (size_t)at + 3)};
	return str_join(arena, parts, 3, STR(""));
}

static bool is_kanji(uint32_t point)
{
	return (point >= 0x4E00 && point <= 0x9FFF) || point == 0x3005;
}

/* Where the run of kanji at the end of s begins. */
static size_t run_start(struct str s)
{
	size_t start = s.n;
	struct str rest = s;
	bool in_run = false;
	while (rest.n > 0) {
		size_t at = s.n - rest.n;
		bool kanji = is_kanji(utf8_next(&rest));
		if (kanji && !in_run)
			start = at;
		in_run = kanji;
	}
	return in_run ? start : s.n;
}

/* Calls of `each`: plain text, or a base with its reading. */
static void walk(struct str text,
	void (*each)(struct buf *out, struct str base, struct str reading), struct buf *out)
{
	static const struct str open = STR_INIT("《"), close = STR_INIT("》");
	for (;;) {
		ptrdiff_t from = str_find(text, open);
		ptrdiff_t to = str_find(text, close);
		if (from < 0 || to < from)
			break;
		struct str before = str_sub(text, 0, (size_t)from);
		size_t start = run_start(before);
		each(out, str_sub(before, 0, start), (struct str){0});
		each(out, str_skip(before, start),
			str_sub(text, (size_t)from + open.n, (size_t)(to - from) - open.n));
		text = str_skip(text, (size_t)to + close.n);
	}
	each(out, text, (struct str){0});
}

static void each_plain(struct buf *out, struct str base, struct str reading)
{
	(void)reading;
	buf_str(out, base);
}

struct str word_plain(struct arena *arena, struct str text)
{
	struct buf out;
	buf_init(&out, arena, 64u << 10);
	walk(text, each_plain, &out);
	return buf_view(&out);
}

void html_text(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		switch (text.p[i]) {
		case '&':
			buf_lit(out, "&amp;");
			break;
		case '<':
			buf_lit(out, "&lt;");
			break;
		case '>':
			buf_lit(out, "&gt;");
			break;
		case '"':
			buf_lit(out, "&quot;");
			break;
		case '\'':
			buf_lit(out, "&#39;");
			break;
		default:
			buf_byte(out, text.p[i]);
		}
	}
}

static void each_html(struct buf *out, struct str base, struct str reading)
{
	if (str_absent(reading)) {
		html_text(out, base);
		return;
	}
	buf_lit(out, "<ruby>");
	html_text(out, base);
	buf_lit(out, "<rp>(</rp><rt>");
	html_text(out, reading);
	buf_lit(out, "</rt><rp>)</rp></ruby>");
}

void word_html(struct buf *out, struct str text)
{
	walk(text, each_html, out);
}

#include "web/japanese.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "web/view_text.h"

/* Kana and kanji of the plane that everyday writing uses. */
static bool is_japanese(uint32_t point)
{
	return (point >= 0x3041 && point <= 0x30FF) || (point >= 0x3400 && point <= 0x9FFF);
}

/* What does not end a run: 、。「」, the wide blank, full-width letters and signs. */
static bool goes_on(uint32_t point)
{
	return is_japanese(point) || (point >= 0x3000 && point <= 0x303F) || (point >= 0xFF00 && point <= 0xFFEF);
}

/* Kana and kanji begin with the bytes E3 to E9 in UTF-8: most labels have none of them. */
static bool may_have(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] >= 0xE3 && (unsigned char)text.p[i] <= 0xE9)
			return true;
	}
	return false;
}

static size_t run_length(struct str text)
{
	struct str rest = text, before = text;

	while (rest.n > 0) {
		before = rest;
		if (!goes_on(utf8_next(&rest)))
			return text.n - before.n;
	}
	return text.n;
}

static size_t tag_length(struct str text)
{
	ptrdiff_t end = str_find_byte(text, '>');

	return end < 0 ? text.n : (size_t)end + 1;
}

struct html japanese_marked(struct exchange *ex, struct html words)
{
	struct str rest = words.s;
	struct buf out;

	if (ex->page.locale->lang == LANG_JA || !may_have(rest))
		return words;
	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	while (rest.n > 0) {
		struct str before = rest;
		size_t n = 0;

		if (rest.p[0] == '<') {
			n = tag_length(rest);
			buf_str(&out, str_sub(rest, 0, n));
		} else if (is_japanese(utf8_next(&before))) {
			n = run_length(rest);
			buf_lit(&out, "<span lang=\"ja\">");
			buf_str(&out, str_sub(rest, 0, n));
			buf_lit(&out, "</span>");
		} else {
			n = rest.n - before.n;
			buf_str(&out, str_sub(rest, 0, n));
		}
		rest = str_skip(rest, n);
	}
	return html_of(&out);
}

static bool has_japanese(struct str text)
{
	while (text.n > 0) {
		if (is_japanese(utf8_next(&text)))
			return true;
	}
	return false;
}

void japanese_write(struct exchange *ex, struct buf *out, struct str value)
{
	bool marked = ex->page.locale->lang != LANG_JA && has_japanese(value);

	if (marked)
		buf_lit(out, "<span lang=\"ja\">");
	html_write_text(out, value);
	if (marked)
		buf_lit(out, "</span>");
}

struct html japanese_value(struct exchange *ex, struct str value)
{
	struct buf out;

	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	japanese_write(ex, &out, value);
	return html_of(&out);
}

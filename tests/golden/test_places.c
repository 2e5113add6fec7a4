#include "golden.h"

#include "render/templates.h"

#include "base/limits.h"

/*
 * Each byte in each place. The expectation is made by a second, slow implementation that knows one
 * rule a place, and the page is taken apart by hand: nothing of the code under test is used.
 */

enum where { IN_TEXT, IN_ATTR, IN_URL, IN_SEGMENT };

static void write_byte_as(struct buf *out, unsigned char c, enum where where)
{
	bool unreserved = isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
	if (where == IN_URL || where == IN_SEGMENT) {
		if (unreserved || (where == IN_URL && c == '@'))
			buf_byte(out, (char)c);
		else
			buf_fmt(out, "%%%02X", c);
		return;
	}
	switch (c) {
	case '&':
		buf_lit(out, "&amp;");
		return;
	case '<':
		buf_lit(out, "&lt;");
		return;
	case '>':
		buf_lit(out, "&gt;");
		return;
	case '"':
		buf_c(out, where == IN_ATTR ? "&quot;" : "\"");
		return;
	case '\'':
		buf_c(out, where == IN_ATTR ? "&#39;" : "'");
		return;
	default:
		buf_byte(out, (char)c);
	}
}

static void write_value_as(struct buf *out, struct str v, enum where where)
{
	bool names_another_path = !v.n || str_eq(v, STR(".")) || str_eq(v, STR(".."));
	if (where == IN_SEGMENT && names_another_path)
		buf_byte(out, '-');
	for (size_t i = 0; i < v.n; i++)
		write_byte_as(out, (unsigned char)v.p[i], where);
}

static const struct {
	const char *before;
	enum where where;
} pieces[] = {
	{"<p>", IN_TEXT},
	{"</p>\n<p title=\"", IN_ATTR},
	{"\"></p>\n<p title='", IN_ATTR},
	{"'></p>\n<input aria-label=\"x\" value=\"", IN_ATTR},
	{"\">\n<a href=\"/a?v=", IN_URL},
	{"\">a</a>\n<a href=\"#", IN_URL},
	{"\">a</a>\n<a href=\"/items/", IN_SEGMENT},
	{"\">a</a>\n<textarea aria-label=\"x\">", IN_TEXT},
	{"</textarea>\n<select aria-label=\"x\"><option>", IN_TEXT},
};
static const char last_piece[] = "</option></select>";

static struct str expected_page(struct arena *arena, struct str v)
{
	struct buf out;
	buf_init(&out, arena, LIMIT_PAGE);
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		buf_c(&out, pieces[i].before);
		write_value_as(&out, v, pieces[i].where);
	}
	buf_c(&out, last_piece);
	return buf_view(&out);
}

static void check_page(struct arena *arena, struct str v)
{
	struct page page = {.locale = locale_get(LANG_EN, false)};
	struct view_places view = {.v = v};
	struct buf out;
	buf_init(&out, arena, LIMIT_PAGE);
	tmpl_places(&out, &page, &view);
	struct str expected = expected_page(arena, v);
	assert_int_equal(out.n, expected.n);
	assert_memory_equal(out.p, expected.p, expected.n);
}

void test_each_byte_in_each_place(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 64u << 20);
	for (int c = 0; c < 256; c++) {
		char alone[1] = {(char)c};
		char amid[40];
		memset(amid, 'x', sizeof amid);
		amid[20] = (char)c;
		check_page(&arena, str_make(alone, 1));
		check_page(&arena, str_make(amid, sizeof amid));
		memset(amid, c, sizeof amid);
		check_page(&arena, str_make(amid, sizeof amid));
		arena_reset(&arena);
	}
	check_page(&arena, (struct str){0});
	check_page(&arena, STR(".."));
	check_page(&arena, STR("..."));
}

/* A byte to escape at each position of texts of each length from 1 to 50. */
void test_long_values_around_the_width_of_sse(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 64u << 20);
	for (size_t n = 1; n <= 50; n++) {
		for (size_t at = 0; at < n; at++) {
			char text[50];
			memset(text, 'y', n);
			text[at] = "&<>\"'"[at % 5];
			check_page(&arena, str_make(text, n));
		}
		arena_reset(&arena);
	}
}

/* A page over its ceiling is remembered as such, whatever the place where it happens, and never
 * longer than the ceiling. */
void test_ceiling_of_the_page(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 64u << 20);
	struct page page = {.locale = locale_get(LANG_EN, false)};
	struct view_places view = {
		.v = STR("a&b<c>\"d\" and some more of it, longer than sixteen bytes")};
	struct str whole = expected_page(&arena, view.v);
	for (size_t max = 0; max <= whole.n + 20; max++) {
		struct buf out;
		buf_init(&out, &arena, max);
		tmpl_places(&out, &page, &view);
		assert_true(out.n <= max);
		assert_memory_equal(buf_view(&out).p, whole.p, out.n);
		assert_int_equal(failed(buf_error(&out)), max < whole.n);
	}
}

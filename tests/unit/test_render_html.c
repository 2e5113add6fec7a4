#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "render/html.h"

/* The functions behind templates; the escaping in every place is tested with compiled templates in
 * tests/golden. */

static void assert_str(struct str is, const char *expected)
{
	if (!str_eq(is, str_of(expected)))
		print_error("is       %.*s\nexpected %s\n", STR_ARG(is), expected);
	assert_true(str_eq(is, str_of(expected)));
}

static void test_escape(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	struct buf out;
	buf_init(&out, &arena, 4096);
	html_write_text(&out, STR("<a href=\"x\">'&'</a>"));
	assert_str(buf_view(&out), "&lt;a href=\"x\"&gt;'&amp;'&lt;/a&gt;");
	buf_clear(&out);
	html_write_attr(&out, STR("<a href=\"x\">'&'</a>"));
	assert_str(buf_view(&out), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
	buf_clear(&out);
	html_write_text(&out, (struct str){0});
	html_write_attr(&out, (struct str){0});
	html_write_url(&out, (struct str){0});
	assert_int_equal(out.n, 0);
}

/* Whatever room the buffer has left, the escaped text is whole or the buffer says that it is not.
 */
static void test_room(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 16u << 20);
	struct str text = STR("0123456789<&>\"'0123456789012345678901234567890123456789");
	struct str escaped =
		STR("0123456789&lt;&amp;&gt;&quot;&#39;0123456789012345678901234567890123456789");
	for (size_t max = 0; max < 600; max++) {
		struct buf out;
		buf_init_room(&out, &arena, max, max);
		html_write_attr(&out, text);
		assert_true(out.n <= max);
		assert_memory_equal(buf_view(&out).p, escaped.p, out.n);
		assert_int_equal(out.n < escaped.n, out.over);
	}
}

/* After the first text that did not fit nothing more is taken, however short. */
static void test_nothing_behind_the_ceiling(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	struct buf out;
	buf_init_room(&out, &arena, 1000, 1000);
	char *large = arena_alloc(&arena, 1001);
	memset(large, 'x', 1001);
	html_write_text(&out, str_make(large, 1001));
	assert_true(out.over);
	size_t n = out.n;
	html_write_text(&out, STR("a"));
	html_write_attr(&out, STR("a"));
	html_write_url(&out, STR("a"));
	html_lit(&out, "a");
	assert_int_equal(out.n, n);
}

static void test_url(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	struct buf out;
	buf_init(&out, &arena, 4096);
	html_write_url(&out, STR("a-._~@Z9/?#&=+% \"'<>\\\x01\xE3\x81\x82:"));
	assert_str(
		buf_view(&out), "a-._~@Z9%2F%3F%23%26%3D%2B%25%20%22%27%3C%3E%5C%01%E3%81%82%3A");

	static const struct {
		const char *value;
		const char *segment;
	} segments[] = {{"", "-"}, {".", "-."}, {"..", "-.."}, {"...", "..."}, {".a", ".a"},
		{"a/../b", "a%2F..%2Fb"}, {"%2e%2e", "%252e%252e"}, {"@", "%40"}};
	for (size_t i = 0; i < sizeof segments / sizeof *segments; i++) {
		buf_clear(&out);
		html_write_segment(&out, str_of(segments[i].value));
		assert_str(buf_view(&out), segments[i].segment);
	}
}

static void test_csrf(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	struct page page = {.csrf = STR("\"><script>")};
	struct buf out;
	buf_init(&out, &arena, 4096);
	html_write_csrf(&out, &page);
	assert_str(buf_view(&out),
		"<input type=\"hidden\" name=\"_csrf\" value=\"&quot;&gt;&lt;script&gt;\">");
}

static void test_args(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	const struct locale *en = locale_get(LANG_EN, false);
	const struct locale *ja = locale_get(LANG_JA, true);
	assert_str(html_arg_int(&arena, INT64_MIN), "-9223372036854775808");
	assert_str(html_arg_int(&arena, INT64_MAX), "9223372036854775807");
	assert_str(html_arg_date(&arena, en, 20260901), "1 September 2026");
	assert_str(html_arg_date(&arena, ja, 20260901), "2026年9月1日");
	assert_str(html_arg_date(&arena, ja, 0), "");
	assert_str(html_arg_datetime(&arena, en, 0), "1 January 1970, 09:00 (Japan time)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_nothing_behind_the_ceiling),
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_csrf),
		cmocka_unit_test(test_args),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* base/utf8: everything RFC 3629 refuses, then everything it allows. */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_bad(void **state)
{
	(void)state;
	static const struct str bad[] = {
		STR_INIT("\x80"),
		STR_INIT("\xBF"), /* no lead */
		STR_INIT("\xC0\x80"),
		STR_INIT("\xC0\xAF"),
		STR_INIT("\xC1\xBF"), /* overlong, 2 */
		STR_INIT("\xE0\x80\x80"),
		STR_INIT("\xE0\x80\xAF"),
		STR_INIT("\xE0\x9F\xBF"), /* 3 */
		STR_INIT("\xF0\x80\x80\x80"),
		STR_INIT("\xF0\x80\x80\xAF"),
		STR_INIT("\xF0\x8F\xBF\xBF"), /* 4 */
		STR_INIT("\xED\xA0\x80"),
		STR_INIT("\xED\xAF\xBF"),
		STR_INIT("\xED\xBF\xBF"),             /* surrogates */
		STR_INIT("\xED\xA0\xBD\xED\xB8\x80"), /* a pair of them */
		STR_INIT("\xF4\x90\x80\x80"),
		STR_INIT("\xF7\xBF\xBF\xBF"), /* above U+10FFFF */
		STR_INIT("\xF5\x80\x80\x80"),
		STR_INIT("\xF8\x88\x80\x80\x80"),
		STR_INIT("\xFC\x84\x80\x80\x80\x80"),
		STR_INIT("\xFE"),
		STR_INIT("\xFF"),
		STR_INIT("\xC3"),
		STR_INIT("\xE3\x81"),
		STR_INIT("\xE3"),
		STR_INIT("\xF0\x9F\x98"), /* cut */
		STR_INIT("\xF0\x9F"),
		STR_INIT("\xF0"),
		STR_INIT("\xC3("),
		STR_INIT("\xE3(\x82"),
		STR_INIT("\xE3\x81("),
		STR_INIT("\xF0\x9F\x98("),
		STR_INIT("abcdefgh\xC3"),
		STR_INIT("\xE3\x81\x82\x82"),
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (utf8_valid(bad[i]))
			fail_msg("number %zu passed", i);
	}
	struct str s = STR("\xE3\x81"
			   "A");
	assert_int_equal(utf8_next(&s), UTF8_BAD);
	assert_int_equal(s.n, 2); /* one byte taken, so that the next good one is found */
	assert_int_equal(utf8_next(&s), UTF8_BAD);
	assert_int_equal(utf8_next(&s), 'A');
	assert_int_equal(s.n, 0);
	assert_int_equal(utf8_next(&s), UTF8_BAD);
}

/* The check of eight bytes at once must see a bad byte wherever it stands. */
static void test_bad_at_each_place(void **state)
{
	(void)state;
	for (size_t n = 1; n <= 40; n++) {
		char text[40];
		memset(text, 'a', sizeof text);
		assert_true(utf8_valid(str_make(text, n)));
		for (size_t at = 0; at < n; at++) {
			text[at] = '\x80';
			assert_false(utf8_valid(str_make(text, n)));
			text[at] = 'a';
		}
	}
}

static void test_every_code_point(void **state)
{
	(void)state;
	for (uint32_t point = 0; point <= 0x110000; point++) {
		char bytes[4];
		size_t n = utf8_encode(point, bytes);
		bool scalar = point < 0xD800 || (point > 0xDFFF && point < 0x110000);
		size_t want = !scalar           ? 0
			      : point < 0x80    ? 1
			      : point < 0x800   ? 2
			      : point < 0x10000 ? 3
						: 4;
		if (n != want)
			fail_msg("U+%04X has %zu bytes", point, n);
		if (n == 0)
			continue;
		struct str s = str_make(bytes, n);
		if (!utf8_valid(s) || utf8_next(&s) != point || s.n != 0)
			fail_msg("U+%04X does not come back", point);
		for (size_t cut = 1; cut < n; cut++)
			if (utf8_valid(str_make(bytes, cut)))
				fail_msg("U+%04X cut to %zu passed", point, cut);
	}
	char bytes[4];
	assert_int_equal(utf8_encode(UINT32_MAX, bytes), 0);
}

/* Of all pairs of bytes exactly 128 * 128 + 30 * 64 are valid text. */
static void test_every_pair(void **state)
{
	(void)state;
	size_t valid = 0;
	for (unsigned i = 0; i < 65536; i++) {
		char pair[] = {(char)(i >> 8), (char)(i & 255)};
		valid += utf8_valid(str_make(pair, 2));
	}
	assert_int_equal(valid, 128 * 128 + 30 * 64);
}

static void test_count_and_head(void **state)
{
	(void)state;
	struct str s = STR("a\xC3\xA9\xE7\xAA\x93\xF0\x9F\x98\x80z");
	assert_int_equal(utf8_count(s), 5);
	assert_int_equal(utf8_count(STR("\xE7\xAA")), 2);
	assert_int_equal(utf8_count((struct str){0}), 0);
	assert_int_equal(utf8_head(s, 0).n, 0);
	assert_int_equal(utf8_head(s, 3).n, 6);
	assert_int_equal(utf8_head(s, 4).n, 10);
	assert_int_equal(utf8_head(s, 5).n, 11);
	assert_int_equal(utf8_head(s, 99).n, 11);
	assert_true(utf8_valid((struct str){0}));
	assert_true(utf8_valid(STR("a\0b")));
}

static void test_hidden(void **state)
{
	(void)state;
	static const uint32_t hidden[] = {
		0,
		9,
		10,
		13,
		0x1B,
		0x1F,
		0x7F,
		0x80,
		0x85,
		0x9B,
		0x9F,
		0xAD,
		0x61C,
		0x200B,
		0x200D,
		0x200E,
		0x200F,
		0x2028,
		0x2029,
		0x202A,
		0x202E,
		0x2060,
		0x2066,
		0x2069,
		0xFEFF,
		0xFFF9,
		0xFDD0,
		0xFFFE,
		0xFFFF,
		0x1FFFE,
		0x10FFFF,
		0xE0001,
		0xE007F,
		0x3164,
		0x115F,
	};
	static const uint32_t shown[] = {
		' ',
		'a',
		'~',
		0xA0,
		0xE9,
		0x3000,
		0x3042,
		0x7A93,
		0xFF21,
		0xAC00,
		0x1F600,
		0x20BB7,
		0xFFFD,
		0xE0100,
		0xE01EF,
		0xFE00,
		0x10FFFD,
	};
	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
		if (!utf8_is_hidden(hidden[i]))
			fail_msg("U+%04X", hidden[i]);
	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
		if (utf8_is_hidden(shown[i]))
			fail_msg("U+%04X", shown[i]);
}

/* What is passed without looking closely is never hidden, and most of Japanese and English is passed. */
static void test_skip_shown(void **state)
{
	(void)state;
	for (uint32_t point = 0; point <= 0x10FFFF; point++) {
		char text[5] = "";
		size_t n = utf8_encode(point, text);
		struct str rest = utf8_skip_shown(str_make(text, n));
		if (n && rest.n == 0 && utf8_is_hidden(point))
			fail_msg("U+%04X", point);
		assert_true(rest.n == 0 || rest.n == n);
	}
	struct str text = STR("Residence 在留カード、1枚\xE2\x80\x8Bx");
	assert_int_equal(utf8_skip_shown(text).n, 4);
	assert_int_equal(utf8_skip_shown(STR("a\xE3\x81")).n, 2); /* cut short */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_bad_at_each_place),
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_every_pair),
		cmocka_unit_test(test_count_and_head),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_skip_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* base/str: absent and empty strings, limits of numbers, splitting. */
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;
static const struct str absent;

static void same(struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("got \"" STR_FMT "\", want \"%s\"", STR_ARG(got), want);
}

static void test_i64_limits(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool good;
		int64_t value;
	} rows[] = {
		{"0", true, 0},
		{"-0", true, 0},
		{"007", true, 7},
		{"9223372036854775807", true, INT64_MAX},
		{"-9223372036854775808", true, INT64_MIN},
		{"-9223372036854775807", true, -INT64_MAX},
		{"9223372036854775808", false, 0},
		{"-9223372036854775809", false, 0},
		{"18446744073709551616", false, 0},
		{"99999999999999999999999999", false, 0},
		{"", false, 0},
		{"-", false, 0},
		{"--1", false, 0},
		{"+1", false, 0},
		{" 1", false, 0},
		{"1 ", false, 0},
		{"1.0", false, 0},
		{"1e3", false, 0},
		{"0x10", false, 0},
		{"\xEF\xBC\x91", false, 0}, /* a full-width digit */
		{"12\n", false, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t value = 4711;
		bool good = str_to_i64(str_of(rows[i].text), &value);
		if (good != rows[i].good || value != (good ? rows[i].value : 4711))
			fail_msg("\"%s\"", rows[i].text);
	}
	int64_t value = 4711;
	assert_false(str_to_i64(absent, &value));
	assert_false(str_to_i64(STR("1\0"), &value));
	assert_int_equal(value, 4711);
}

static void test_u64_limits(void **state)
{
	(void)state;
	uint64_t value = 4711;
	assert_false(str_to_u64(STR("18446744073709551616"), &value));
	assert_false(str_to_u64(STR("18446744073709551620"), &value));
	assert_false(str_to_u64(STR("-1"), &value));
	assert_false(str_to_u64(STR(""), &value));
	assert_int_equal(value, 4711);
	assert_true(str_to_u64(STR("18446744073709551615"), &value));
	assert_true(value == UINT64_MAX);
}

static void test_absent_is_harmless(void **state)
{
	(void)state;
	assert_true(str_absent(str_of(NULL)));
	assert_true(str_eq(absent, STR("")));
	assert_true(str_eq_nocase(absent, STR("")));
	assert_true(str_eq_secret(absent, STR("")));
	assert_int_equal(str_cmp(absent, STR("")), 0);
	assert_true(str_cmp(absent, STR("a")) < 0);
	assert_true(str_starts(STR("a"), absent));
	assert_true(str_ends(STR("a"), absent));
	assert_true(str_ends(absent, absent));
	assert_false(str_starts(absent, STR("a")));
	assert_int_equal(str_find(absent, STR("a")), -1);
	assert_int_equal(str_find(STR("a"), absent), 0);
	assert_int_equal(str_find_byte(absent, 0), -1);
	assert_true(str_absent(str_skip(absent, 5)));
	assert_true(str_empty(str_sub(absent, 1, 5)));
	assert_true(str_empty(str_trim(absent)));
	assert_true(str_absent(str_dup(&arena, absent)));
	assert_true(str_absent(str_lower(&arena, absent)));
	assert_false(str_absent(str_dup(&arena, STR(""))));
	assert_string_equal(str_c(&arena, absent), "");
	same(str_join(&arena, NULL, 0, STR(",")), "");
}

static void test_compare(void **state)
{
	(void)state;
	assert_true(str_eq(STR("a\0b"), STR("a\0b")));
	assert_false(str_eq(STR("a\0b"), STR("a\0c")));
	assert_false(str_eq_secret(STR("aa"), STR("ab")));
	assert_false(str_eq_secret(STR("aa"), STR("a")));
	assert_true(str_eq_secret(STR("aa"), STR("aa")));
	assert_true(str_eq_nocase(STR("aZ-[1"), STR("Az-[1")));
	assert_false(str_eq_nocase(
		STR("["), STR("{"))); /* differ in the bit of the case, and are no letters */
	assert_false(str_eq_nocase(STR("\xC3\x89"), STR("\xC3\xA9")));
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("b"), STR("ab")) > 0);
	assert_true(str_cmp(STR("\xFF"), STR("a")) > 0); /* bytes are not signed */
	assert_int_equal(str_find(STR("abcabd"), STR("abd")), 3);
	assert_int_equal(str_find(STR("ab"), STR("abd")), -1);
	assert_int_equal(str_find(STR("a\0b"), STR("\0b")), 1);
}

static void test_parts(void **state)
{
	(void)state;
	same(str_sub(STR("abcdef"), 2, 3), "cde");
	same(str_sub(STR("abcdef"), 4, SIZE_MAX), "ef");
	same(str_sub(STR("abcdef"), 9, 1), "");
	same(str_skip(STR("abc"), SIZE_MAX), "");
	same(str_trim(STR(" \t\r\n\v\fa b\n ")), "a b");
	same(str_trim(STR(" \n ")), "");
	same(str_trim(STR("\xE3\x80\x80"
			  "a")),
		"\xE3\x80\x80"
		"a"); /* the ideographic blank is not ASCII */
}

static void test_next(void **state)
{
	(void)state;
	struct str rest = STR("a,,b,"), part = {0};
	assert_true(str_next(&rest, ',', &part));
	same(part, "a");
	assert_true(str_next(&rest, ',', &part));
	same(part, "");
	assert_true(str_next(&rest, ',', &part));
	same(part, "b");
	assert_false(str_next(&rest, ',', &part));
	assert_false(str_next(&rest, ',', &part));
	same(part, "b"); /* untouched */
	rest = absent;
	assert_false(str_next(&rest, ',', &part));
	rest = STR(",");
	assert_true(str_next(&rest, ',', &part));
	same(part, "");
	assert_false(str_next(&rest, ',', &part));
}

static void test_copies(void **state)
{
	(void)state;
	char original[] = "abc";
	struct str copy = str_dup(&arena, str_of(original));
	original[0] = 'x';
	same(copy, "abc");
	assert_string_equal(str_c(&arena, STR("ab\0cd")), "ab");
	same(str_lower(&arena, STR("AZ@[\xC3\x89")), "az@[\xC3\x89");
	same(str_upper(&arena, STR("az`{\xC3\xA9")), "AZ`{\xC3\xA9");
	const struct str parts[] = {STR("a"), absent, STR("b")};
	same(str_join(&arena, parts, 3, STR(", ")), "a, , b");
	same(str_fmt(&arena, "%s", ""), "");
	for (int n = 250; n < 260; n++) /* around the size of the first try */
		assert_int_equal(str_fmt(&arena, "%*d", n, 7).n, n);
	same(str_fmt(&arena, STR_FMT "-%d", STR_ARG(STR("abc")), 5), "abc-5");
	same(str_fmt(&arena, "[" STR_FMT "]", STR_ARG(absent)), "[]");
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 1u << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_i64_limits),
		cmocka_unit_test(test_u64_limits),
		cmocka_unit_test(test_absent_is_harmless),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_copies),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "i18n/locale.h"

#include "base/time.h"

/* Dates in words. */

static void assert_str(struct str is, const char *expected)
{
	if (!str_eq(is, str_of(expected)))
		print_error("is       %.*s\nexpected %s\n", STR_ARG(is), expected);
	assert_true(str_eq(is, str_of(expected)));
}

static struct buf fresh(struct arena *arena)
{
	struct buf out;
	buf_init(&out, arena, 4096);
	return out;
}

static void check(int32_t date, const char *en, const char *ja, const char *machine)
{
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	struct buf out = fresh(&arena);
	date_write(&out, locale_get(LANG_EN, false), date);
	assert_str(buf_view(&out), en);
	buf_clear(&out);
	date_write_html(&out, locale_get(LANG_EN, true), date);
	assert_str(buf_view(&out), en);
	buf_clear(&out);
	date_write(&out, locale_get(LANG_JA, true), date);
	assert_str(buf_view(&out), ja);
	buf_clear(&out);
	date_write_html(&out, locale_get(LANG_JA, false), date);
	assert_str(buf_view(&out), ja);
	buf_clear(&out);
	date_write_machine(&out, date);
	assert_str(buf_view(&out), machine);
}

static void test_what_is_no_date(void **state)
{
	(void)state;
	static const int32_t no[] = {0, -1, INT32_MIN, INT32_MAX, 1, 99, 101, 1231, 20260230,
		20250229, 20261301, 20260132, 20260031, 20269900, 20260099, 100000101, -20260101};
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		check(no[i], "", "", "");
}

static void test_dates(void **state)
{
	(void)state;
	check(20261123, "23 November 2026", "2026年11月23日", "2026-11-23");
	check(20240229, "29 February 2024", "2024年2月29日", "2024-02-29");
	check(10101, "1 January 1", "1年1月1日", "0001-01-01");
	check(99991231, "31 December 9999", "9999年12月31日", "9999-12-31");
	check(20260400, "April 2026", "2026年4月", "2026-04");
	check(19850000, "1985", "1985年", "1985");
}

static void test_all_days_are_read(void **state)
{
	(void)state;
	static const char *const readings[32] = {[1] = "ついたち",
		[2] = "ふつか",
		[3] = "みっか",
		[4] = "よっか",
		[5] = "いつか",
		[6] = "むいか",
		[7] = "なのか",
		[8] = "ようか",
		[9] = "ここのか",
		[10] = "とおか",
		[14] = "じゅうよっか",
		[20] = "はつか",
		[24] = "にじゅうよっか"};
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	for (int day = 1; day <= 31; day++) {
		struct buf out = fresh(&arena);
		date_write_html(&out, locale_get(LANG_JA, true), 20260100 + day);
		struct str expected =
			readings[day]
				? str_fmt(&arena,
					  "2026<ruby>年<rt>ねん</rt></ruby>1<ruby>月<rt>がつ</rt></"
					  "ruby><ruby>%d日<rt>%s</rt></ruby>",
					  day, readings[day])
				: str_fmt(&arena,
					  "2026<ruby>年<rt>ねん</rt></ruby>1<ruby>月<rt>がつ</rt></"
					  "ruby>%d<ruby>日<rt>にち</rt></ruby>",
					  day);
		assert_str(buf_view(&out), str_c(&arena, expected));
	}
}

static void test_times(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	int64_t at = date_start(20261123) + 14 * TIME_HOUR + 3 * TIME_MINUTE + 59 * TIME_SECOND;
	struct buf out = fresh(&arena);
	datetime_write(&out, locale_get(LANG_EN, true), at);
	assert_str(buf_view(&out), "23 November 2026, 14:03 (Japan time)");
	buf_clear(&out);
	datetime_write(&out, locale_get(LANG_JA, true), at);
	assert_str(buf_view(&out), "2026年11月23日 14時03分（日本時間）");
	buf_clear(&out);
	datetime_write_html(&out, locale_get(LANG_JA, false), at);
	assert_str(buf_view(&out), "2026年11月23日 14時03分（日本時間）");
	buf_clear(&out);
	datetime_write_html(&out, locale_get(LANG_JA, true), at + 17 * TIME_MINUTE);
	assert_str(buf_view(&out), "2026<ruby>年<rt>ねん</rt></ruby>11<ruby>月<rt>がつ</rt></"
				   "ruby>23<ruby>日<rt>にち</rt></ruby> "
				   "14<ruby>時<rt>じ</rt></ruby>20<ruby>分<rt>ぷん</rt></"
				   "ruby>（<ruby>日本時間<rt>にほんじかん</rt></ruby>）");
	buf_clear(&out);
	/* midnight in Japan is 15:00 of the day before in Greenwich */
	datetime_write(&out, locale_get(LANG_EN, false), date_start(20261123));
	assert_str(buf_view(&out), "23 November 2026, 00:00 (Japan time)");
	buf_clear(&out);
	datetime_write(&out, locale_get(LANG_EN, false), date_start(20261123) - 1);
	assert_str(buf_view(&out), "22 November 2026, 23:59 (Japan time)");
	buf_clear(&out);
	clock_write(&out, at);
	clock_write(&out, date_start(20261123));
	assert_str(buf_view(&out), "14:0300:00");
}

static void test_times_out_of_range(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	static const int64_t far[] = {
		INT64_C(300000000000000), INT64_C(-100000000000000)}; /* years 11476 and -1199 */
	for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
		struct buf out = fresh(&arena);
		datetime_write(&out, locale_get(LANG_JA, true), far[i]);
		assert_int_equal(out.n, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_no_date),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_all_days_are_read),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_times_out_of_range),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

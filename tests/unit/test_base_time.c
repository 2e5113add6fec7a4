/* base/time: the calendar against the C library's, month ends, leap days, midnight in Japan. */
#include "base/time.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

static void test_invalid_dates(void **state)
{
	(void)state;
	static const int32_t bad[] = {
		0,
		-1,
		INT32_MIN,
		INT32_MAX,
		101,
		10100,
		1231,
		99999999,
		100000101,
		99991232,
		99991301,
		20260001,
		20261301,
		20260100,
		20260132,
		20260431,
		20260631,
		20260931,
		20261131,
		20260229,
		20260230,
		19000229,
		21000229,
		20240230,
		-20260101,
	};
	static const int32_t good[] = {
		10101, 99991231, 20240229, 20000229, 4000229, 20260228, 20260430, 20261231};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (date_valid(bad[i]))
			fail_msg("%d", bad[i]);
		assert_int_equal(date_add_days(bad[i], 1), 0);
		assert_int_equal(date_add_months(bad[i], 1), 0);
	}
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (!date_valid(good[i]))
			fail_msg("%d", good[i]);
	assert_false(month_valid(0));
	assert_false(month_valid(12));
	assert_false(month_valid(100));
	assert_false(month_valid(202600));
	assert_false(month_valid(202613));
	assert_false(month_valid(1000001));
	assert_false(month_valid(-202601));
	assert_true(month_valid(101));
	assert_true(month_valid(999912));
}

/* Every day of 1890 to 2110 and every 97th of the years 1 to 9999. */
static void test_against_the_c_library(void **state)
{
	(void)state;
	int32_t before = 0;
	for (int64_t day = -719162; day <= 2932896; day += day >= -29220 && day < 51135 ? 1 : 97) {
		time_t seconds = (time_t)(day * 86400);
		struct tm tm;
		assert_non_null(gmtime_r(&seconds, &tm));
		int32_t date = (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
		int64_t at = day * TIME_DAY - 9 * TIME_HOUR; /* 00:00 in Japan */
		struct civil civil = time_in_japan(at);
		if (!date_valid(date) || time_date(at) != date || date_start(date) != at ||
			civil.weekday != tm.tm_wday || civil.hour || civil.minute || civil.second ||
			time_from_japan(civil) != at)
			fail_msg("%d", date);
		if (before) {
			int64_t days = date_days_between(before, date);
			assert_int_equal(date_add_days(before, (int)days), date);
			assert_int_equal(date_add_days(date, (int)-days), before);
		}
		before = date;
	}
}

static void test_midnight_in_japan(void **state)
{
	(void)state;
	assert_int_equal(time_date(0), 19700101);
	assert_int_equal(time_date(INT64_C(1767193199999)), 20251231);
	assert_int_equal(
		time_date(INT64_C(1767193200000)), 20260101); /* 15:00 UTC the day before */
	assert_int_equal(date_start(20260101), INT64_C(1767193200000));
	struct civil last = time_in_japan(date_start(20240301) - 1);
	assert_int_equal(last.month * 100 + last.day, 229);
	assert_int_equal(last.hour * 10000 + last.minute * 100 + last.second, 235959);
	struct civil before_1970 = time_in_japan(-1);
	assert_int_equal(
		before_1970.hour * 10000 + before_1970.minute * 100 + before_1970.second, 85959);
	assert_int_equal(time_date(date_start(19700101) - 1), 19691231);
}

static void test_2036_and_2038(void **state)
{
	(void)state;
	struct civil civil =
		time_in_japan(INT64_C(2085978496) * 1000); /* NTP's 32 bits are used up */
	assert_int_equal(civil.year * 10000 + civil.month * 100 + civil.day, 20360207);
	assert_int_equal(civil.hour * 10000 + civil.minute * 100 + civil.second, 152816);
	for (int64_t second = INT32_MAX; second <= INT64_C(2) + INT32_MAX; second++) {
		civil = time_in_japan(second * 1000);
		assert_int_equal(civil.year * 10000 + civil.month * 100 + civil.day, 20380119);
		assert_int_equal(civil.hour * 10000 + civil.minute * 100 + civil.second,
			121407 + second - INT32_MAX);
		assert_int_equal(time_from_japan(civil), second * 1000);
	}
}

static void test_far_away(void **state)
{
	(void)state;
	assert_int_equal(time_date(INT64_MAX), 0);
	assert_int_equal(time_date(INT64_MIN), 0);
	assert_int_equal(time_date(date_start(99991231) + TIME_DAY - 1), 99991231);
	assert_int_equal(time_date(date_start(99991231) + TIME_DAY), 0);
	assert_int_equal(time_date(date_start(10101)), 10101);
	assert_int_equal(time_date(date_start(10101) - 1), 0);
	struct buf buf;
	buf_init(&buf, &arena, 1000);
	time_write_iso(&buf, INT64_MAX);
	time_write_http(&buf, INT64_MIN);
	time_write_utc(&buf, INT64_MIN);
	assert_int_equal(buf_error(&buf).code, OK);
}

static void test_add(void **state)
{
	(void)state;
	static const struct {
		int32_t from;
		int months;
		int32_t to;
	} months[] = {
		{20260131, 1, 20260228},
		{20240131, 1, 20240229},
		{20240331, -1, 20240229},
		{20240229, 12, 20250228},
		{20240229, 48, 20280229},
		{20260830, 6, 20270228},
		{20261231, 1, 20270131},
		{20270131, -1, 20261231},
		{20270131, -13, 20251231},
		{20260515, 0, 20260515},
		{20260531, 1, 20260630},
		{10131, -1, 0},
		{99991231, 1, 0},
		{10101, 119987, 99991201},
		{20260101, INT_MAX, 0},
		{20260101, INT_MIN, 0},
	};
	for (size_t i = 0; i < sizeof months / sizeof months[0]; i++)
		if (date_add_months(months[i].from, months[i].months) != months[i].to)
			fail_msg("%d %+d", months[i].from, months[i].months);
	assert_int_equal(date_add_days(20240228, 1), 20240229);
	assert_int_equal(date_add_days(20260228, 1), 20260301);
	assert_int_equal(date_add_days(20260301, -1), 20260228);
	assert_int_equal(date_add_days(20261231, 1), 20270101);
	assert_int_equal(date_add_days(10101, -1), 0);
	assert_int_equal(date_add_days(99991231, 1), 0);
	assert_int_equal(date_add_days(20260101, INT_MAX), 0);
	assert_int_equal(date_add_days(20260101, INT_MIN), 0);
	assert_int_equal(date_days_between(10101, 99991231), 3652058);
	assert_int_equal(date_days_between(20240301, 20240228), -2);
}

static void test_age(void **state)
{
	(void)state;
	static const struct {
		int32_t birth, on;
		int age;
	} rows[] = {
		{20080430, 20260429, 17},
		{20080430, 20260430, 18},
		{20080430, 20260501, 18},
		{20040229, 20220228, 17},
		{20040229, 20220301, 18},
		{20040229, 20240228, 19},
		{20040229, 20240229, 20},
		{20260101, 20260101, 0},
		{20260102, 20260101, -1},
		{20251231, 20260101, 0},
		{10101, 99991231, 9998},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (date_age(rows[i].birth, rows[i].on) != rows[i].age)
			fail_msg("%d on %d", rows[i].birth, rows[i].on);
}

static void written(void (*write_time)(struct buf *, int64_t), int64_t at, const char *want)
{
	struct buf buf;
	buf_init(&buf, &arena, 100);
	write_time(&buf, at);
	if (!str_eq(buf_view(&buf), str_of(want)))
		fail_msg("got " STR_FMT ", want %s", STR_ARG(buf_view(&buf)), want);
}

static void test_write(void **state)
{
	(void)state;
	int64_t at = time_from_japan((struct civil){.year = 2026,
			     .month = 11,
			     .day = 23,
			     .hour = 14,
			     .minute = 3,
			     .second = 7}) +
		     5;
	written(time_write_iso, at, "2026-11-23T14:03:07+09:00");
	written(time_write_mail, at, "Mon, 23 Nov 2026 14:03:07 +0900");
	written(time_write_http, at, "Mon, 23 Nov 2026 05:03:07 GMT");
	written(time_write_utc, at, "2026-11-23T05:03:07.005Z");
	written(time_write_http, INT64_C(784111777000),
		"Sun, 06 Nov 1994 08:49:37 GMT"); /* RFC 9110 5.6.7 */
	written(time_write_utc, -1, "1969-12-31T23:59:59.999Z");
	written(time_write_iso, date_start(10101), "0001-01-01T00:00:00+09:00");
}

static void test_read(void **state)
{
	static const int64_t at = INT64_C(1795410187000); /* 2026-11-23T14:03:07+09:00 */
	static const struct {
		const char *text;
		int64_t at;
	} good[] = {
		{"2026-11-23T14:03:07+09:00", at}, {"2026-11-23 14:03:07+09:00", at}, {"2026-11-23T14:03+09:00", at - 7 * TIME_SECOND},
		{"2026-11-23 14:03+09:00", at - 7 * TIME_SECOND}, {"1970-01-01T09:00+09:00", 0}, {"2024-02-29T00:00+09:00", INT64_C(1709132400000)},
		{"9999-12-31T23:59:59+09:00", INT64_C(253402268399000)},
	};
	static const char *const wrong[] = {
		"", "2026-11-23", "2026-11-23T14:03", "2026-11-23T14:03:07", "2026-11-23T14:03:07Z", "2026-11-23T14:03+00:00", "2026-11-23T14:03+0900",
		"2026-11-23T14:03+09:000", "2026-11-23T14:03-09:00", "2026-11-23T14:03:+09:00", "2026-11-23T14:03:7+09:00", "2026-11-23T14:03:07.5+09:00",
		"2026-11-31T14:03+09:00", "2025-02-29T14:03+09:00", "2026-13-01T14:03+09:00", "2026-00-01T14:03+09:00", "0000-01-01T00:00+09:00",
		"2026-11-23T24:00+09:00", "2026-11-23T14:60+09:00", "2026-11-23T14:03:60+09:00", "26-11-23T14:03+09:00", "2026-1-23T14:03+09:00",
		"2026/11/23T14:03+09:00", "+026-11-23T14:03+09:00", " 2026-11-23T14:03+09:00", "2026-11-23T14:03+09:00 ", "2026-11-23_14:03+09:00", "now",
	};
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		int64_t read = -1;
		if (!time_read_iso(str_of(good[i].text), &read) || read != good[i].at)
			fail_msg("%s: %lld", good[i].text, (long long)read);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		int64_t read = -1;
		if (time_read_iso(str_of(wrong[i]), &read) || read != -1)
			fail_msg("%s: %lld", wrong[i], (long long)read);
	}
	/* A NUL ends no text and is no sign. */
	int64_t read;
	assert_false(time_read_iso(str_make("2026-11-23\0" "14:03+09:00", 22), &read));
}

static void test_clocks(void **state)
{
	(void)state;
	assert_true(time_now() > date_start(20200101));
	int64_t before = time_monotonic_us();
	int64_t ms = time_monotonic();
	int64_t after = time_monotonic_us();
	assert_true(before / 1000 <= ms && ms <= after / 1000);
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
		cmocka_unit_test(test_invalid_dates),
		cmocka_unit_test(test_against_the_c_library),
		cmocka_unit_test(test_midnight_in_japan),
		cmocka_unit_test(test_2036_and_2038),
		cmocka_unit_test(test_far_away),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_clocks),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

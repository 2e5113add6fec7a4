/* crypto/der: one encoding for every value, and nothing else. */
#include "crypto/der.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_good(void **state)
{
	(void)state;
	static const struct str good[] = {
		STR_INIT("\x30\x00"),
		STR_INIT("\x01\x01\x00"),
		STR_INIT("\x01\x01\xFF"),
		STR_INIT("\x02\x01\x00"),
		STR_INIT("\x02\x01\x80"),
		STR_INIT("\x02\x02\x00\x80"),
		STR_INIT("\x02\x02\xFF\x7F"),
		STR_INIT("\x03\x01\x00"),
		STR_INIT("\x03\x02\x07\x80"),
		STR_INIT("\x04\x00"),
		STR_INIT("\x05\x00"),
		STR_INIT("\x06\x03\x55\x1D\x0F"),
		STR_INIT("\x06\x02\x81\x00"),
		STR_INIT("\x0C\x03\xE7\xAA\x93"),
		STR_INIT("\x13\x01*"),
		STR_INIT("\x17\x0D"
			 "260101000000Z"),
		STR_INIT("\x18\x0F"
			 "20500228235959Z"),
		STR_INIT("\x80\x02\x01\x02"),
		STR_INIT("\xA0\x03\x02\x01\x00"),
		STR_INIT("\x31\x06\x02\x01\x01\x02\x01\x02"),
		STR_INIT("\x31\x06\x02\x01\x01\x02\x01\x01"),
		STR_INIT("\x31\x07\x02\x01\x01\x02\x02\x01\x00"),
	};
	for (size_t i = 0; i < COUNT(good); i++)
		if (failed(der_check(good[i])))
			fail_msg("row %zu: %s", i, err_detail());
}

static void test_bad(void **state)
{
	(void)state;
	static const struct str bad[] = {
		/* No value, or not one. */
		STR_INIT(""),
		STR_INIT("\x30"),
		STR_INIT("\x30\x01"),
		STR_INIT("\x30\x00\x00"),
		STR_INIT("\x30\x00\x30\x00"),
		STR_INIT("\x30\x03\x02\x01\x00\x00"),
		STR_INIT("\x30\x04\x02\x01\x00\x02"),
		STR_INIT("\x00\x00"),
		STR_INIT("\x30\x02\x00\x00"),
		/* Lengths: until the end; longer than need be; more than is there. */
		STR_INIT("\x30\x80\x00\x00"),
		STR_INIT("\x24\x80\x04\x01x\x00\x00"),
		STR_INIT("\x30\x81\x00"),
		STR_INIT("\x04\x81\x01x"),
		STR_INIT("\x04\x82\x00\x01x"),
		STR_INIT("\x04\x84\x00\x00\x00\x01x"),
		STR_INIT("\x04\x85\x00\x00\x00\x00\x01x"),
		STR_INIT("\x04\xFFx"),
		STR_INIT("\x04\x81"),
		STR_INIT("\x04\x82\x01"),
		STR_INIT("\x04\x83\xFF\xFF\xFF"),
		STR_INIT("\x04\x02x"),
		STR_INIT("\x30\x03\x04\x02x"),
		/* Tags above 30. */
		STR_INIT("\x1F\x01\x00"),
		STR_INIT("\x9F\x81\x01\x00"),
		STR_INIT("\xBF\x21\x00"),
		/* In pieces, or not in pieces. */
		STR_INIT("\x24\x03\x04\x01x"),
		STR_INIT("\x23\x04\x03\x02\x00x"),
		STR_INIT("\x2C\x03\x0C\x01x"),
		STR_INIT("\x10\x00"),
		STR_INIT("\x11\x00"),
		STR_INIT("\x21\x03\x01\x01\xFF"),
		/* Values. */
		STR_INIT("\x01\x01\x01"),
		STR_INIT("\x01\x00"),
		STR_INIT("\x01\x02\xFF\xFF"),
		STR_INIT("\x02\x00"),
		STR_INIT("\x02\x02\x00\x7F"),
		STR_INIT("\x02\x02\x00\x00"),
		STR_INIT("\x02\x02\xFF\x80"),
		STR_INIT("\x0A\x02\x00\x01"),
		STR_INIT("\x03\x00"),
		STR_INIT("\x03\x01\x01"),
		STR_INIT("\x03\x02\x08\x00"),
		STR_INIT("\x03\x02\x07\xC0"),
		STR_INIT("\x03\x02\x01\x01"),
		STR_INIT("\x05\x01\x00"),
		STR_INIT("\x06\x00"),
		STR_INIT("\x06\x02\x80\x01"),
		STR_INIT("\x06\x03\x55\x80\x01"),
		STR_INIT("\x06\x02\x55\x81"),
		STR_INIT("\x0C\x01\x80"),
		STR_INIT("\x0C\x03\xED\xA0\x80"),
		/* Times. */
		STR_INIT("\x17\x0B"
			 "2601010000Z"),
		STR_INIT("\x17\x0D"
			 "260101000000z"),
		STR_INIT("\x17\x11"
			 "260101000000+0900"),
		STR_INIT("\x17\x0D"
			 "260230000000Z"),
		STR_INIT("\x17\x0D"
			 "261301000000Z"),
		STR_INIT("\x17\x0D"
			 "260101240000Z"),
		STR_INIT("\x17\x0D"
			 "260101006000Z"),
		STR_INIT("\x17\x0D"
			 "260101000060Z"),
		STR_INIT("\x17\x0D"
			 "2601010000-1Z"),
		STR_INIT("\x17\x00"),
		STR_INIT("\x18\x11"
			 "20500228235959.5Z"),
		STR_INIT("\x18\x0E"
			 "20500228235959"),
		STR_INIT("\x18\x0F"
			 "00000101000000Z"),
		/* Sets that are not sorted. */
		STR_INIT("\x31\x06\x02\x01\x02\x02\x01\x01"),
		STR_INIT("\x31\x06\x30\x00\x0C\x02xx"),
		STR_INIT("\x30\x08\x31\x06\x02\x01\x02\x02\x01\x01"),
	};
	for (size_t i = 0; i < COUNT(bad); i++)
		if (der_check(bad[i]).code != ERR_INVALID)
			fail_msg("row %zu was taken", i);
}

static void test_depth(void **state)
{
	(void)state;
	char text[2 * (DER_DEPTH + 2)];
	/* n sequences inside each other. */
	for (size_t n = DER_DEPTH - 1; n <= DER_DEPTH + 1; n++) {
		for (size_t i = 0; i < n; i++) {
			text[2 * i] = 0x30;
			text[2 * i + 1] = (char)(2 * (n - i - 1));
		}
		assert_int_equal(
			der_check(str_make(text, 2 * n)).code, n <= DER_DEPTH ? OK : ERR_INVALID);
	}
}

static void test_take(void **state)
{
	(void)state;
	struct str rest = STR("\x02\x01\x05\x04\x01x\x01"), content;
	struct der value = {.tag = 99};
	assert_true(der_is(rest, DER_INTEGER) && !der_is(rest, DER_SEQUENCE));
	assert_int_equal(der_take(&rest, DER_OCTET_STRING, &value).code, ERR_INVALID);
	assert_int_equal(value.tag, 99);
	assert_int_equal(rest.n, 7);
	assert_int_equal(der_take(&rest, DER_INTEGER, &value).code, OK);
	assert_true(str_eq(value.content, STR("\x05")) && str_eq(value.whole, STR("\x02\x01\x05")));
	assert_int_equal(der_next(&rest, &value).code, OK);
	assert_true(str_eq(value.content, STR("x")));
	assert_int_equal(der_next(&rest, &value).code, ERR_INVALID);
	assert_int_equal(rest.n, 1);
	assert_false(der_is(STR(""), DER_INTEGER));
	assert_int_equal(der_only(STR("\x04\x01x"), DER_OCTET_STRING, &content).code, OK);
	assert_true(str_eq(content, STR("x")));
	assert_int_equal(der_only(STR("\x04\x01xy"), DER_OCTET_STRING, &content).code, ERR_INVALID);
	assert_int_equal(der_only(STR("\x04\x01x"), DER_INTEGER, &content).code, ERR_INVALID);
}

static void test_times(void **state)
{
	(void)state;
	static const struct {
		struct str text;
		unsigned tag;
		int64_t at; /* -1: none */
	} rows[] = {
		{STR_INIT("700101000000Z"), DER_UTC_TIME, 0},
		{STR_INIT("261123050307Z"), DER_UTC_TIME, INT64_C(1795410187000)},
		{STR_INIT("491231235959Z"), DER_UTC_TIME, INT64_C(2524607999000)},
		{STR_INIT("500101000000Z"), DER_UTC_TIME, INT64_C(-631152000000)},
		{STR_INIT("20500101000000Z"), DER_GENERALIZED_TIME, INT64_C(2524608000000)},
		/* RFC 5280: before 2050 it is UTCTime. */
		{STR_INIT("20491231235959Z"), DER_GENERALIZED_TIME, -1},
		{STR_INIT("700101000000Z"), DER_GENERALIZED_TIME, -1},
		{STR_INIT("20500101000000Z"), DER_UTC_TIME, -1},
		{STR_INIT("700101000000Z"), DER_UTF8_STRING, -1},
		{STR_INIT(""), DER_UTC_TIME, -1},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct der value = {.tag = rows[i].tag, .content = rows[i].text};
		int64_t at = -1;
		err e = der_time(&value, &at);
		if (failed(e) != (rows[i].at == -1) || at != rows[i].at)
			fail_msg("row %zu: %lld", i, (long long)at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

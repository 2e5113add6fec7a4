/* base/encode: what a strict encoder cannot have written is refused; what is written comes back. */
#include "base/encode.h"
#include "base/random.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

static struct buf fresh(size_t max)
{
	struct buf buf;
	buf_init(&buf, &arena, max);
	return buf;
}

static void same(struct str got, struct str want)
{
	if (!str_eq(got, want))
		fail_msg("got \"" STR_FMT "\", want \"" STR_FMT "\"", STR_ARG(got), STR_ARG(want));
}

static void test_hex(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"0", "000", "0g", "g0", "0A", "A0", " 00", "0x00", "0\n", "\xEF\xBC\x90"};
	struct str bytes = STR("kept");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(hex_read(&arena, str_of(bad[i]), &bytes).code, ERR_INVALID);
		same(bytes, STR("kept"));
	}
	assert_int_equal(hex_read(&arena, STR(""), &bytes).code, OK);
	assert_int_equal(bytes.n, 0);
	struct buf buf = fresh(100);
	hex_write(&buf, STR("\x00\x7f\x80\xff"));
	same(buf_view(&buf), STR("007f80ff"));
	assert_int_equal(hex_read(&arena, buf_view(&buf), &bytes).code, OK);
	same(bytes, STR("\x00\x7f\x80\xff"));
	buf = fresh(7);
	hex_write(&buf, STR("abcd"));
	assert_int_equal(buf_error(&buf).code, ERR_LIMIT);
}

static void test_base64url_refuses(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"A",
		"AAAAA", /* no number of bytes has this length */
		"AB",
		"A_",
		"AAB",
		"AA_", /* bits left over */
		"AA==",
		"AAA=",
		"AA=",
		"=",
		"====",
		"A+AA",
		"A/AA", /* the other alphabet */
		"AA A",
		"AAA\n",
		" AAA",
		"AA.A",
		"A%41A",
		("\xC3\xA9"
		 "AA"),
	};
	struct str bytes = STR("kept");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (base64url_read(&arena, str_of(bad[i]), &bytes).code != ERR_INVALID)
			fail_msg("\"%s\" was read", bad[i]);
		same(bytes, STR("kept"));
	}
	assert_int_equal(base64url_read(&arena, STR("AAA\0"), &bytes).code, ERR_INVALID);
}

/* RFC 4648 section 10. */
static void test_base64_vectors(void **state)
{
	(void)state;
	static const struct {
		struct str plain, url, mail;
	} rows[] = {
		{STR_INIT(""), STR_INIT(""), STR_INIT("")},
		{STR_INIT("f"), STR_INIT("Zg"), STR_INIT("Zg==")},
		{STR_INIT("fo"), STR_INIT("Zm8"), STR_INIT("Zm8=")},
		{STR_INIT("foo"), STR_INIT("Zm9v"), STR_INIT("Zm9v")},
		{STR_INIT("foob"), STR_INIT("Zm9vYg"), STR_INIT("Zm9vYg==")},
		{STR_INIT("fooba"), STR_INIT("Zm9vYmE"), STR_INIT("Zm9vYmE=")},
		{STR_INIT("foobar"), STR_INIT("Zm9vYmFy"), STR_INIT("Zm9vYmFy")},
		{STR_INIT("\xfb\xff\xfe"), STR_INIT("-__-"), STR_INIT("+//+")},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf url = fresh(100), mail = fresh(100);
		struct str back;
		base64url_write(&url, rows[i].plain);
		same(buf_view(&url), rows[i].url);
		base64_write(&mail, rows[i].plain, 0);
		same(buf_view(&mail), rows[i].mail);
		assert_int_equal(base64url_read(&arena, rows[i].url, &back).code, OK);
		same(back, rows[i].plain);
	}
}

static void test_base64_lines(void **state)
{
	(void)state;
	struct buf buf = fresh(100);
	base64_write(&buf, STR("foobar"), 4);
	same(buf_view(&buf), STR("Zm9v\r\nYmFy\r\n"));
	buf = fresh(100);
	base64_write(&buf, STR("foobarf"), 8);
	same(buf_view(&buf), STR("Zm9vYmFy\r\nZg==\r\n"));
	buf = fresh(100);
	base64_write(&buf, STR(""), 76);
	same(buf_view(&buf), STR(""));
}

static void test_all_come_back(void **state)
{
	(void)state;
	unsigned char bytes[70];
	for (size_t n = 0; n < sizeof bytes; n++) {
		random_bytes(bytes, n);
		for (size_t i = 0; i < n; i++)
			bytes[i] = bytes[i] ? bytes[i] : 1; /* percent_read refuses NUL */
		struct str plain = str_make((const char *)bytes, n), back;
		struct buf buf = fresh(1000);
		base64url_write(&buf, plain);
		assert_int_equal(base64url_read(&arena, buf_view(&buf), &back).code, OK);
		same(back, plain);
		buf = fresh(1000);
		percent_write(&buf, plain);
		assert_int_equal(percent_read(&arena, buf_view(&buf), true, &back).code, OK);
		same(back, plain);
	}
}

static void test_percent_refuses(void **state)
{
	(void)state;
	static const char *const bad[] = {"%", "a%", "%4", "a%4", "%%41", "%g0", "%0g", "%4 ",
		"%-1", "%+1", "% 41", "%00", "a%00b", "%u0041",
		("%\xEF\xBC\x91"
		 "1")};
	struct str out = STR("kept");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (percent_read(&arena, str_of(bad[i]), true, &out).code != ERR_INVALID ||
			percent_read(&arena, str_of(bad[i]), false, &out).code != ERR_INVALID)
			fail_msg("\"%s\" was read", bad[i]);
		same(out, STR("kept"));
	}
	assert_int_equal(percent_read(&arena, STR("a\0b"), false, &out).code, ERR_INVALID);
}

static void test_percent(void **state)
{
	(void)state;
	struct str out;
	assert_int_equal(percent_read(&arena, STR("a+b%2B%e3%81%82%41%25"), true, &out).code, OK);
	same(out, STR("a b+\xe3\x81\x82"
		      "A%"));
	assert_int_equal(percent_read(&arena, STR("a+b%2541"), false, &out).code, OK);
	same(out, STR("a+b%41")); /* once, not twice */
	assert_int_equal(percent_read(&arena, STR("%41"), false, &out).code,
		OK); /* the escape ends the text */
	same(out, STR("A"));
	struct buf buf = fresh(100);
	percent_write(&buf, STR("aZ09-._~ /?&=+\r\n\xe3\0"));
	same(buf_view(&buf), STR("aZ09-._~%20%2F%3F%26%3D%2B%0D%0A%E3%00"));
}

static void test_json(void **state)
{
	(void)state;
	struct buf buf = fresh(1000);
	json_write_str(&buf,
		STR("</script><!--\"\\\b\f\n\r\t\0\x01\x1b\x7f&'\xc2\x9b\xe2\x80\xa8\xe2\x80\xa9"));
	same(buf_view(&buf),
		STR("\"\\u003c/"
		    "script\\u003e\\u003c!--\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u0001\\u001b\\u007f"
		    "\\u0026'\\u009b\\u2028\\u2029\""));
	buf = fresh(1000);
	json_write_str(&buf, STR("a\xff\xc3(\xed\xa0\x80\xe7\xaa\x93\xf0\x9f\x98\x80"));
	same(buf_view(&buf),
		STR("\"a\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xe7\xaa\x93"
		    "\xf0\x9f\x98\x80\""));
	assert_true(utf8_valid(buf_view(&buf)));
	buf = fresh(10);
	json_write_str(&buf, (struct str){0});
	same(buf_view(&buf), STR("\"\""));
	buf = fresh(4);
	json_write_str(&buf, STR("abc"));
	assert_int_equal(buf_error(&buf).code, ERR_LIMIT);
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
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_base64url_refuses),
		cmocka_unit_test(test_base64_vectors),
		cmocka_unit_test(test_base64_lines),
		cmocka_unit_test(test_all_come_back),
		cmocka_unit_test(test_percent_refuses),
		cmocka_unit_test(test_percent),
		cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

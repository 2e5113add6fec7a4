/* http/response: nothing that a person sent can become a header. */
#include "http/http.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

static struct response fresh(void)
{
	struct response res = {.arena = &arena, .status = 200};
	buf_init(&res.headers, &arena, LIMIT_HTTP_ANSWER_HEAD);
	buf_init(&res.body, &arena, LIMIT_PAGE);
	return res;
}

static void test_refused_headers(void **state)
{
	(void)state;
	static const struct {
		struct str name, value;
	} bad[] = {
		{STR_INIT("Location"), STR_INIT("/a\r\nSet-Cookie: b=c")},
		{STR_INIT("Location"), STR_INIT("/a\nb")},
		{STR_INIT("Location"), STR_INIT("/a\rb")},
		{STR_INIT("Location"), STR_INIT("/a\0b")},
		{STR_INIT("Location"), STR_INIT("/a\x1b[2J")},
		{STR_INIT("Location"), STR_INIT("/a\x7f")},
		{STR_INIT(""), STR_INIT("a")},
		{STR_INIT("A b"), STR_INIT("a")},
		{STR_INIT("A:"), STR_INIT("a")},
		{STR_INIT("A\r\nB"), STR_INIT("a")},
		{STR_INIT("A\0"), STR_INIT("a")},
		{STR_INIT("\xe3\x81\x82"), STR_INIT("a")},
		{STR_INIT("Content-Length"), STR_INIT("3")},
		{STR_INIT("transfer-encoding"), STR_INIT("chunked")},
		{STR_INIT("CONNECTION"), STR_INIT("close")},
		{STR_INIT("Date"), STR_INIT("now")},
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct response res = fresh();
		response_header(&res, bad[i].name, bad[i].value);
		if (!res.broken || res.headers.n != 0)
			fail_msg("case %zu was taken", i);
	}
}

static void test_headers(void **state)
{
	(void)state;
	struct response res = fresh();
	response_header(&res, STR("X-Empty"), STR(""));
	response_header(
		&res, STR("Content-Disposition"), STR("attachment; filename=\"\xe7\xaa\x93\"\t;"));
	assert_false(res.broken);
	assert_true(
		str_eq(buf_view(&res.headers), STR("X-Empty: \r\nContent-Disposition: attachment; "
						   "filename=\"\xe7\xaa\x93\"\t;\r\n")));
	while (!res.headers.over)
		response_header(&res, STR("X-More"), STR("and more"));
	assert_true(res.headers.n <= LIMIT_HTTP_ANSWER_HEAD); /* the server makes a 500 of it */
}

static void test_cookies(void **state)
{
	(void)state;
	struct response res = fresh();
	response_cookie(&res, STR("sid"), STR("abc-_~="), 0, true);
	response_cookie(&res, STR("lang"), STR("ja"), 31536000, false);
	response_cookie(&res, STR("old"), STR("value"), -1, true);
	assert_false(res.broken);
	assert_true(str_eq(buf_view(&res.headers),
		STR("Set-Cookie: sid=abc-_~=; Path=/; HttpOnly; SameSite=Lax; Secure\r\n"
		    "Set-Cookie: lang=ja; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax\r\n"
		    "Set-Cookie: old=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure\r\n")));
	static const struct str bad[] = {
		STR_INIT("a;Domain=evil.example"),
		STR_INIT("a b"),
		STR_INIT("a,b"),
		STR_INIT("\"a\""),
		STR_INIT("a\\b"),
		STR_INIT("a\r\nb"),
		STR_INIT("a\0b"),
		STR_INIT("\xe3\x81\x82"),
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		res = fresh();
		response_cookie(&res, STR("sid"), bad[i], 0, true);
		if (!res.broken || res.headers.n != 0)
			fail_msg("cookie value %zu was taken", i);
	}
	res = fresh();
	response_cookie(&res, STR("s=id"), STR("a"), 0, true);
	assert_true(res.broken);
}

static void test_request_header(void **state)
{
	(void)state;
	const struct http_header headers[] = {
		{STR_INIT("Accept"), STR_INIT("")},
		{STR_INIT("X-A"), STR_INIT("1")},
		{STR_INIT("x-a"), STR_INIT("2")},
	};
	struct request req = {.headers = headers, .header_count = 3};
	assert_true(str_eq(request_header(&req, STR("X-a")), STR("1"))); /* the first */
	assert_false(str_absent(request_header(&req, STR("accept"))));
	assert_true(str_absent(request_header(&req, STR("X-"))));
}

static void test_reasons(void **state)
{
	(void)state;
	static const int refusals[] = {400, 408, 411, 413, 414, 417, 431, 500, 501, 503, 505};
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		assert_true(strlen(http_reason(refusals[i])) > 0);
	assert_string_equal(http_reason(299), "");
	assert_string_equal(http_reason(-1), "");
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 16u << 20);
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
		cmocka_unit_test(test_refused_headers),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_request_header),
		cmocka_unit_test(test_reasons),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

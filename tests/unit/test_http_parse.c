/* http/parse, http/chunk and http/target: what is refused, where the limits are, and that cuts
 * change nothing. */
#include "http/chunk.h"
#include "http/parse.h"
#include "http/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HOST "Host: a.example\r\n"

static struct arena arena;
static struct http_limits limits;

/* The verdict of text given in pieces of `step` bytes: 0 more, 200 done, else the status. The bytes
 * move each time. */
static int verdict(struct str text, size_t step, struct parse *parse)
{
	parse_init(parse);
	for (size_t n = step < text.n ? step : text.n;; n = n + step < text.n ? n + step : text.n) {
		char *copy = malloc(
			n + 1); /* of exactly this size, so that a sanitizer sees a byte too much */
		memcpy(copy, text.p, n);
		enum parse_result result = parse_head(parse, &limits, copy, n);
		free(copy);
		if (result == PARSE_REFUSED)
			return parse->status;
		if (result == PARSE_DONE)
			return 200;
		if (n == text.n)
			return 0;
	}
}

static void expect(const char *name, struct str text, int status)
{
	struct parse whole, parts;
	int got = verdict(text, text.n, &whole);
	if (got != status)
		fail_msg("%s: %d instead of %d", name, got, status);
	for (size_t step = 1; step < text.n; step++) {
		if (verdict(text, step, &parts) != got || parts.head_size != whole.head_size ||
			parts.header_count != whole.header_count || parts.length != whole.length)
			fail_msg("%s: pieces of %zu bytes differ", name, step);
	}
}

static const struct {
	struct str text;
	int status;
} heads[] = {
	{STR_INIT(""), 0},
	{STR_INIT("G"), 0},
	{STR_INIT("\r"), 0},
	{STR_INIT("\rG"), 400},
	{STR_INIT("\n"), 400},
	{STR_INIT("\0"), 400},
	{STR_INIT("\x80"), 400},
	{STR_INIT(" / HTTP/1.1\r\n"), 400},
	{STR_INIT("GET\r\n"), 400},
	{STR_INIT("GET /\r\n"), 400},
	{STR_INIT("GET / \r\n"), 400},
	{STR_INIT("GET / HTTP/1.1 x\r\n"), 400},
	{STR_INIT("GET / HTTP/1\r\n"), 400},
	{STR_INIT("GET / HTTP/1,1\r\n"), 400},
	{STR_INIT("GET / HTTP/x.1\r\n"), 400},
	{STR_INIT("GET / HTTP/0.9\r\n"), 505},
	{STR_INIT("GET / HTTP/1.2\r\n"), 505},
	{STR_INIT("GET / HTTP/2.0\r\n"), 505},
	{STR_INIT("G(T / HTTP/1.1\r\n"), 400},
	{STR_INIT("PUT / HTTP/1.1\r\n"), 501},
	{STR_INIT("GETX / HTTP/1.1\r\n"), 501},
	{STR_INIT("PUT / HTTP/3.0\r\n"), 505}, /* the version says what the method means */
	{STR_INIT("GET a HTTP/1.1\r\n"), 400},
	{STR_INIT("GET * HTTP/1.1\r\n"), 400},
	{STR_INIT("GET ftp://a.example/ HTTP/1.1\r\n"), 400},
	{STR_INIT("GET http:///a HTTP/1.1\r\n"), 400},
	{STR_INIT("GET http://a.example HTTP/1.1\r\nHost: b.example\r\n\r\n"), 400},
	{STR_INIT("GET http://u@a.example HTTP/1.0\r\n\r\n"), 400},
	{STR_INIT("GET / HTTP/1.1\r\n\r\n"), 400},
	{STR_INIT("GET / HTTP/1.1\r\nHost:\r\n"), 400},
	{STR_INIT("GET / HTTP/1.1\r\nHost: a,b\r\n"), 400},
	{STR_INIT("GET / HTTP/1.1\r\nhost: a\r\nHOST: a\r\n"), 400},
	{STR_INIT("GET / HTTP/1.1\r\n :\r\n"), 400},
	{STR_INIT("GET / HTTP/1.1\r\nA\r\n"), 400},
	{STR_INIT("GET / HTTP/1.1\r\nA\t: b\r\n"), 400},
	{STR_INIT("GET / HTTP/1.1\r\nA: b\x01\r\n"), 400},
	{STR_INIT("GET / HTTP/1.1\r\nA: b\x1b[31m\r\n"), 400},
	{STR_INIT("POST / HTTP/1.1\r\n" HOST "\r\n"), 411},
	{STR_INIT("POST / HTTP/1.0\r\n\r\n"), 411},
	{STR_INIT("PATCH / HTTP/1.1\r\n" HOST "\r\n"), 411},
	{STR_INIT("PATCH / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\n"), 200},
	{STR_INIT("DELETE / HTTP/1.1\r\n" HOST "\r\n"), 200},
	{STR_INIT("DELETE / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\n"), 400},
	{STR_INIT("OPTIONS / HTTP/1.1\r\n" HOST "\r\n"), 200},
	{STR_INIT("OPTIONS / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"), 400},
	{STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 1048576\r\n\r\n"), 200},
	{STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 1048577\r\n\r\n"), 413},
	{STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551615\r\n\r\n"), 413},
	{STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551616\r\n\r\n"), 413},
	{STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999999999\r\n\r\n"),
		413},
	{STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: \xef\xbc\x93\r\n\r\n"),
		400}, /* a full-width 3 */
	{STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\ncontent-length: 3\r\n\r\n"),
		400},
	{STR_INIT("POST / HTTP/1.1\r\n" HOST
		  "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"),
		400},
	{STR_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \"chunked\"\r\n\r\n"), 501},
	{STR_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n"), 200},
	{STR_INIT("GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"), 200},
	{STR_INIT("GET / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n"), 400},
	{STR_INIT("POST / HTTP/1.1\r\n" HOST "Expect: x\r\nContent-Length: 3\r\n\r\n"), 417},
	{STR_INIT(
		 "POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nExpect: 100-continue\r\n\r\n"),
		400},
	{STR_INIT("POST / HTTP/1.0\r\nExpect: x\r\nContent-Length: 3\r\n\r\n"), 200},
	{STR_INIT("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"), 200},
	{STR_INIT("GET / HTTP/1.1\r\n" HOST "A:\r\nB: \t c \xe3\x81\x82 \t\r\n\r\n"), 200},
	{STR_INIT("\r\nHEAD /a?b HTTP/1.0\r\n\r\n"), 200},
	{STR_INIT("\r\n\r\nHEAD /a?b HTTP/1.0\r\n\r\n"), 400},
	{STR_INIT("GET HTTPS://a.example HTTP/1.0\r\n\r\n"), 200},
};

static void test_heads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		expect(heads[i].text.p, heads[i].text, heads[i].status);
}

/* A string of n bytes: prefix, filling, suffix. */
static struct str made(const char *prefix, char filling, size_t n, const char *suffix)
{
	size_t before = strlen(prefix), behind = strlen(suffix);
	char *p = arena_alloc(&arena, n);
	memset(p, filling, n);
	memcpy(p, prefix, before);
	memcpy(p + n - behind, suffix, behind);
	return (struct str){p, n};
}

static void test_limits(void **state)
{
	(void)state;
	limits = http_limits_filled(
		&(struct http_limits){.target = 20, .head = 200, .headers = 3, .body = 10});
	static const size_t target = sizeof "GET  HTTP/1.1\r\n" - 1 + 20;
	for (size_t n = target - 1; n <= target + 40; n++)
		expect("target", made("GET /", 't', n, " HTTP/1.1\r\n"), n <= target ? 0 : 414);
	expect("no end of a target", made("GET /", 't', 60, ""), 414);
	for (size_t n = 190; n < 210; n++) {
		expect("head", made("GET / HTTP/1.1\r\n" HOST "A: ", 'h', n, "\r\n\r\n"),
			n <= 200 ? 200 : 431);
		expect("no end of a head", made("GET / HTTP/1.1\r\n" HOST "A: ", 'h', n, ""),
			n < 199 ? 0 : 431);
	}
	expect("headers", STR("GET / HTTP/1.1\r\n" HOST "A: b\r\nA: b\r\n\r\n"), 200);
	expect("headers", STR("GET / HTTP/1.1\r\n" HOST "A: b\r\nA: b\r\nA: b\r\n"), 431);
	expect("body", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\n"), 200);
	expect("body", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 11\r\n\r\n"), 413);
	/* A request line that has no room in the head at all. */
	/* What may be taken in pieces is judged by its route. */
	limits.take = 20;
	expect("taken", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 20\r\n\r\n"), 200);
	expect("taken too long", STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 21\r\n\r\n"), 413);
	limits = http_limits_filled(&(struct http_limits){.head = 30});
	expect("small head", made("GET /", 't', 40, ""), 431);
	limits = http_limits_filled(&(struct http_limits){0});
	/* More lines than there is memory for cannot be allowed. */
	assert_int_equal(http_limits_filled(&(struct http_limits){.headers = 5000}).headers,
		LIMIT_HTTP_HEADERS);
}

static void test_results(void **state)
{
	(void)state;
	static const char text[] =
		"POST http://A.example:80/x?y HTTP/1.1\r\nHost: a.example:80\r\nA:\r\nB: c d \r\n"
		"Connection: a, KEEP-alive ,b\r\nExpect: 100-Continue\r\nContent-Length: "
		"007\r\n\r\nbehind";
	struct parse parse;
	assert_int_equal(verdict(str_of(text), 1, &parse), 200);
	assert_int_equal(parse.method, HTTP_POST);
	assert_int_equal(parse.minor, 1);
	assert_int_equal(parse.length, 7);
	assert_int_equal(parse.header_count, 6);
	assert_int_equal(parse.head_size, sizeof text - 1 - 6);
	assert_true(parse.expects && parse.keep_alive && !parse.chunked);
	assert_true(str_eq(span_str(parse.target, text), STR("http://A.example:80/x?y")));
	assert_true(str_eq(span_str(parse.origin, text), STR("/x?y")));
	assert_true(str_eq(span_str(parse.host, text), STR("A.example:80")));
	assert_true(str_eq(span_str(parse.headers[1].name, text), STR("A")));
	assert_true(str_eq(span_str(parse.headers[1].value, text), STR("")));
	assert_true(str_eq(span_str(parse.headers[2].value, text), STR("c d")));

	static const struct {
		const char *text;
		bool keep;
	} keeps[] = {
		{"GET / HTTP/1.0\r\n\r\n", false},
		{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
		{"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false},
		{"GET / HTTP/1.1\r\n" HOST "\r\n", true},
		{"GET / HTTP/1.1\r\n" HOST "Connection: keep-alive\r\nConnection: close\r\n\r\n",
			false},
		{"GET / HTTP/1.1\r\n" HOST "Connection: closed\r\n\r\n", true},
	};
	for (size_t i = 0; i < sizeof keeps / sizeof keeps[0]; i++) {
		assert_int_equal(verdict(str_of(keeps[i].text), 1, &parse), 200);
		assert_int_equal(parse.keep_alive, keeps[i].keep);
	}
}

/* The verdict of a chunked body in pieces, as above; *taken counts over all pieces. */
static int chunked(struct str text, size_t step, size_t max, struct buf *body, size_t *taken)
{
	struct chunked decoder = {0};
	buf_init(body, &arena, max);
	*taken = 0;
	for (size_t at = 0; at < text.n; at += step) {
		size_t used;
		enum parse_result result =
			chunked_read(&decoder, str_sub(text, at, step), body, &used);
		*taken += used;
		if (result == PARSE_REFUSED)
			return decoder.status;
		if (result == PARSE_DONE)
			return 200;
		assert_int_equal(used, str_sub(text, at, step).n);
	}
	return 0;
}

static void test_chunked(void **state)
{
	(void)state;
	static const struct {
		struct str text;
		int status;
		const char *body;
	} cases[] = {
		{STR_INIT("\r\n"), 400, ""},
		{STR_INIT(" 3\r\n"), 400, ""},
		{STR_INIT("3 \r\n"), 400, ""},
		{STR_INIT("+3\r\n"), 400, ""},
		{STR_INIT("3;x\r\n"), 400, ""},
		{STR_INIT("3\n"), 400, ""},
		{STR_INIT("3\r\r\n"), 400, ""},
		{STR_INIT("3\r\nabc\n"), 400, "abc"},
		{STR_INIT("3\r\nabc0\r\n\r\n"), 400, "abc"},
		{STR_INIT("3\r\nabc\r\n\r\n"), 400, "abc"},
		{STR_INIT("00000000000000003\r\n"), 400, ""}, /* 17 digits */
		{STR_INIT("0000000000000003\r\nabc\r\n0\r\n\r\n"), 200, "abc"},
		{STR_INIT("ffffffffffffffff\r\n"), 413, ""},
		{STR_INIT("b\r\n"), 413, ""},
		{STR_INIT("5\r\n12345\r\n6\r\n"), 413, "12345"},
		{STR_INIT("5\r\n12345\r\n5\r\n67890\r\n0\r\n\r\n"), 200, "1234567890"},
		{STR_INIT("0\r\nA: b\r\n\r\n"), 400, ""},
		{STR_INIT("0\r\n\r"), 0, ""},
		{STR_INIT("0\r\n\rx"), 400, ""},
		{STR_INIT("9\r\n\r\n0\r\n\r\n01\r\n0000\r\n\r\nGET /"), 200, "\r\n0\r\n\r\n01"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf body, again;
		size_t taken, taken_again;
		int status = chunked(cases[i].text, cases[i].text.n, 10, &body, &taken);
		if (status != cases[i].status)
			fail_msg("\"%s\": %d instead of %d", cases[i].text.p, status,
				cases[i].status);
		if (status == 200 && !str_eq(buf_view(&body), str_make(cases[i].body, body.n)))
			fail_msg(
				"\"%s\": body " STR_FMT, cases[i].text.p, STR_ARG(buf_view(&body)));
		for (size_t step = 1; step < cases[i].text.n; step++) {
			assert_int_equal(
				chunked(cases[i].text, step, 10, &again, &taken_again), status);
			assert_true(str_eq(buf_view(&again), buf_view(&body)));
			assert_int_equal(taken_again, taken);
		}
	}
}

static void test_target(void **state)
{
	(void)state;
	static const struct {
		const char *target, *path, *query; /* path NULL: refused */
	} cases[] = {
		{"/", "/", NULL},
		{"/?", "/", ""},
		{"?a=b", "/", "a=b"},
		{"/a/", "/a/", NULL},
		{"/a%20b%2B+c?d=%zz&e?f", "/a b++c", "d=%zz&e?f"},
		{"/%E7%AA%93%e5%8f%a3", "/\xe7\xaa\x93\xe5\x8f\xa3", NULL},
		{"/a...b/.c/d.", "/a...b/.c/d.", NULL},
		{"/%2525", "/%25", NULL}, /* once */
		{"/%", NULL, NULL},
		{"/%4", NULL, NULL},
		{"/%4g", NULL, NULL},
		{"/%u0041", NULL, NULL},
		{"/%00", NULL, NULL},
		{"/%0a", NULL, NULL},
		{"/%7F", NULL, NULL},
		{"/%2F", NULL, NULL},
		{"/%2f..", NULL, NULL},
		{"/%5c", NULL, NULL},
		{"/a\\b", NULL, NULL},
		{"/.", NULL, NULL},
		{"/..", NULL, NULL},
		{"/a/./b", NULL, NULL},
		{"/a/%2E%2e", NULL, NULL},
		{"//a", NULL, NULL},
		{"/a//", NULL, NULL},
		{"/a#b", NULL, NULL},
		{"/a?b#c", NULL, NULL},
		{"/%c0%80", NULL, NULL},       /* overlong NUL */
		{"/%e0%80%af", NULL, NULL},    /* overlong slash */
		{"/%ed%a0%80", NULL, NULL},    /* surrogate */
		{"/%f4%90%80%80", NULL, NULL}, /* beyond Unicode */
		{"/%e7%aa", NULL, NULL},       /* cut off */
		{"/%ff", NULL, NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct str path = {0}, query = STR("untouched");
		err error = target_read(&arena, str_of(cases[i].target), &path, &query);
		if (failed(error) != (cases[i].path == NULL))
			fail_msg("%s: %s", cases[i].target, err_name(error.code));
		if (failed(error)) {
			assert_int_equal(error.code, ERR_INVALID);
			continue;
		}
		assert_true(str_eq(path, str_of(cases[i].path)));
		assert_int_equal(str_absent(query), cases[i].query == NULL);
		assert_true(str_eq(query, str_of(cases[i].query)));
	}
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	limits = http_limits_filled(&(struct http_limits){0});
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
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_chunked),
		cmocka_unit_test(test_target),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

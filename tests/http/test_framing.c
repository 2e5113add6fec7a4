/*
 * The framing cases over a real socket: what is ambiguous is refused with the right status, the
 * connection ends after the answer, and nothing of it is taken for a second request. The same bytes
 * cut at every position give the same.
 */
#include "client.h"

#include "base/limits.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

#define HOST "Host: a.example\r\n"
#define POST "POST /echo HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"

struct framing {
	const char *name;
	struct str bytes;
	int status;
	bool stays; /* open after the answer */
};

static const struct framing cases[] = {
	/* The list that servers were compared by. */
	{"differing double Content-Length",
		STR_INIT(POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), 400, false},
	{"equal double Content-Length",
		STR_INIT(POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"), 400, false},
	{"Content-Length: 3, 5", STR_INIT(POST "Content-Length: 3, 5\r\n\r\nabc"), 400, false},
	{"Content-Length: +3", STR_INIT(POST "Content-Length: +3\r\n\r\nabc"), 400, false},
	{"Content-Length: -1", STR_INIT(POST "Content-Length: -1\r\n\r\n"), 400, false},
	{"Content-Length: 3x", STR_INIT(POST "Content-Length: 3x\r\n\r\nabc"), 400, false},
	{"Content-Length and chunked",
		STR_INIT(POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
		400, false},
	{"Transfer-Encoding: xchunked",
		STR_INIT(POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 501, false},
	{"Transfer-Encoding: identity, chunked",
		STR_INIT(POST "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n"), 501, false},
	{"blank before the colon", STR_INIT(POST "Content-Length : 3\r\n\r\nabc"), 400, false},
	{"folded header line", STR_INIT("GET /echo HTTP/1.1\r\n" HOST "X-A: b\r\n c\r\n\r\n"), 400,
		false},
	{"bare LF", STR_INIT("GET /echo HTTP/1.1\nHost: a.example\n\n"), 400, false},
	{"bare CR in a value", STR_INIT("GET /echo HTTP/1.1\r\n" HOST "X-A: b\rc\r\n\r\n"), 400,
		false},
	{"NUL in a value", STR_INIT("GET /echo HTTP/1.1\r\n" HOST "X-A: b\0c\r\n\r\n"), 400, false},
	{"no Host", STR_INIT("GET /echo HTTP/1.1\r\n\r\n"), 400, false},
	{"two Hosts", STR_INIT("GET /echo HTTP/1.1\r\n" HOST HOST "\r\n"), 400, false},
	{"HTTP/1.9", STR_INIT("GET /echo HTTP/1.9\r\n" HOST "\r\n"), 505, false},
	{"HTTP/9.9", STR_INIT("GET /echo HTTP/9.9\r\n" HOST "\r\n"), 505, false},
	{"chunk size overflow", STR_INIT(CHUNKED "10000000000000003\r\nabc\r\n0\r\n\r\n"), 400,
		false},
	{"chunk size 0x3", STR_INIT(CHUNKED "0x3\r\nabc\r\n0\r\n\r\n"), 400, false},
	{"chunk data longer than its size", STR_INIT(CHUNKED "3\r\nabcd\r\n0\r\n\r\n"), 400, false},
	{"declared body over the limit", STR_INIT(POST "Content-Length: 41943040\r\n\r\n"), 413,
		false},
	{"unknown method", STR_INIT("BREW /echo HTTP/1.1\r\n" HOST "\r\n"), 501, false},
	{"raw bytes in the path", STR_INIT("GET /caf\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n"), 400,
		false},
	{"well-formed chunked", STR_INIT(CHUNKED "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), 200, true},
	{"well-formed GET", STR_INIT("GET /echo HTTP/1.1\r\n" HOST "\r\n"), 200, true},

	/* And more of the same kinds. */
	{"empty Content-Length", STR_INIT(POST "Content-Length:\r\n\r\n"), 400, false},
	{"Content-Length over 64 bits",
		STR_INIT(POST "Content-Length: 18446744073709551619\r\n\r\nabc"), 413, false},
	{"Content-Length in hexadecimal", STR_INIT(POST "Content-Length: 0x3\r\n\r\nabc"), 400,
		false},
	{"Content-Length with a blank inside", STR_INIT(POST "Content-Length: 3 0\r\n\r\nabc"), 400,
		false},
	{"POST without a length", STR_INIT(POST "\r\n"), 411, false},
	{"GET with a body", STR_INIT("GET /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"),
		400, false},
	{"HEAD with a chunked body",
		STR_INIT("HEAD /echo HTTP/1.1\r\n" HOST
			 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
		400, false},
	{"Transfer-Encoding twice",
		STR_INIT(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: "
			      "chunked\r\n\r\n0\r\n\r\n"),
		400, false},
	{"Transfer-Encoding: chunked, chunked",
		STR_INIT(POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"), 501, false},
	{"Transfer-Encoding: chunked, gzip",
		STR_INIT(POST "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"), 501, false},
	{"empty Transfer-Encoding", STR_INIT(POST "Transfer-Encoding:\r\n\r\n0\r\n\r\n"), 400,
		false},
	{"Transfer-Encoding with a vertical tab",
		STR_INIT(POST "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n"), 400, false},
	{"chunked in HTTP/1.0",
		STR_INIT("POST /echo HTTP/1.0\r\n" HOST
			 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
		400, false},
	{"chunk extension", STR_INIT(CHUNKED "3;a=b\r\nabc\r\n0\r\n\r\n"), 400, false},
	{"blank behind a chunk size", STR_INIT(CHUNKED "3 \r\nabc\r\n0\r\n\r\n"), 400, false},
	{"chunk size with bare LF", STR_INIT(CHUNKED "3\nabc\r\n0\r\n\r\n"), 400, false},
	{"empty chunk size", STR_INIT(CHUNKED "\r\nabc\r\n0\r\n\r\n"), 400, false},
	{"negative chunk size", STR_INIT(CHUNKED "-3\r\nabc\r\n0\r\n\r\n"), 400, false},
	{"chunk data shorter than its size", STR_INIT(CHUNKED "4\r\nabc\r\n0\r\n\r\n"), 400, false},
	{"trailer field", STR_INIT(CHUNKED "0\r\nX-A: b\r\n\r\n"), 400, false},
	{"chunk over the limit", STR_INIT(CHUNKED "FFFFFFFFFFFFFFFF\r\nabc\r\n"), 413, false},
	{"folded first header line", STR_INIT("GET /echo HTTP/1.1\r\n Host: a.example\r\n\r\n"),
		400, false},
	{"header without a colon", STR_INIT("GET /echo HTTP/1.1\r\n" HOST "X-A\r\n\r\n"), 400,
		false},
	{"header without a name", STR_INIT("GET /echo HTTP/1.1\r\n" HOST ": b\r\n\r\n"), 400,
		false},
	{"header name with a slash", STR_INIT("GET /echo HTTP/1.1\r\n" HOST "X/A: b\r\n\r\n"), 400,
		false},
	{"CR CR LF", STR_INIT("GET /echo HTTP/1.1\r\r\n" HOST "\r\n"), 400, false},
	{"bare LF in the head's end", STR_INIT("GET /echo HTTP/1.1\r\n" HOST "\n"), 400, false},
	{"DEL in a value", STR_INIT("GET /echo HTTP/1.1\r\n" HOST "X-A: \x7f\r\n\r\n"), 400, false},
	{"empty Host", STR_INIT("GET /echo HTTP/1.1\r\nHost:\r\n\r\n"), 400, false},
	{"Host with a path", STR_INIT("GET /echo HTTP/1.1\r\nHost: a.example/b\r\n\r\n"), 400,
		false},
	{"Host with a user", STR_INIT("GET /echo HTTP/1.1\r\nHost: u@a.example\r\n\r\n"), 400,
		false},
	{"target that is another host",
		STR_INIT("GET http://b.example/echo HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"HTTP/0.9", STR_INIT("GET /echo\r\n"), 400, false},
	{"HTTP/2 preface", STR_INIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505, false},
	{"http/1.1", STR_INIT("GET /echo http/1.1\r\n" HOST "\r\n"), 400, false},
	{"HTTP/1.10", STR_INIT("GET /echo HTTP/1.10\r\n" HOST "\r\n"), 400, false},
	{"two blanks", STR_INIT("GET  /echo HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"blank behind the version", STR_INIT("GET /echo HTTP/1.1 \r\n" HOST "\r\n"), 400, false},
	{"tab for a blank", STR_INIT("GET\t/echo HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"method in small letters", STR_INIT("get /echo HTTP/1.1\r\n" HOST "\r\n"), 501, false},
	{"asterisk", STR_INIT("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"CONNECT", STR_INIT("CONNECT a.example:443 HTTP/1.1\r\n" HOST "\r\n"), 501, false},
	{"two empty lines before", STR_INIT("\r\n\r\nGET /echo HTTP/1.1\r\n" HOST "\r\n"), 400,
		false},
	{"a TLS client", STR_INIT("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), 400, false},
	{"an expectation that is not met",
		STR_INIT(POST "Expect: 200-ok\r\nContent-Length: 3\r\n\r\nabc"), 417, false},
	{"broken escape", STR_INIT("GET /a%2 HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"escaped slash", STR_INIT("GET /a%2fb HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"escaped NUL", STR_INIT("GET /a%00 HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"escaped line end", STR_INIT("GET /a%0d%0aX: HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"dot segments", STR_INIT("GET /a/../b HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"escaped dot segments", STR_INIT("GET /a/%2e%2E/b HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"overlong UTF-8", STR_INIT("GET /%c0%af HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"backslash", STR_INIT("GET /a\\b HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"fragment", STR_INIT("GET /echo#a HTTP/1.1\r\n" HOST "\r\n"), 400, false},
	{"one empty line before", STR_INIT("\r\nGET /echo HTTP/1.1\r\n" HOST "\r\n"), 200, true},
	{"target in absolute form", STR_INIT("GET http://A.example/echo HTTP/1.1\r\n" HOST "\r\n"),
		200, true},
	{"HTTP/1.0", STR_INIT("GET /echo HTTP/1.0\r\n\r\n"), 200, false},
	{"HTTP/1.0 with keep-alive",
		STR_INIT("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), 200, true},
	{"Connection: close",
		STR_INIT("GET /echo HTTP/1.1\r\n" HOST "Connection: x, Close\r\n\r\n"), 200, false},
	{"POST with nothing", STR_INIT(POST "Content-Length: 0\r\n\r\n"), 200, true},
};
#define CASES (sizeof cases / sizeof cases[0])

/* A POST that must be refused holds this behind it: it must never be taken for a request. */
static const struct str smuggled = STR_INIT("GET /smuggled HTTP/1.1\r\n" HOST "\r\n");

static struct serve serve;

static void check(const struct framing *framing, struct client *client, const char *how, size_t at)
{
	const char *to = str_starts(framing->bytes, STR("HEAD")) ? "HEAD" : "GET";
	struct answer answer = client_answer(client, to);
	if (answer.status != framing->status)
		fail_msg("%s, %s %zu: %d instead of %d", framing->name, how, at, answer.status,
			framing->status);
	if (framing->stays) {
		client_say(client, "GET /static HTTP/1.1\r\n" HOST "\r\n");
		answer = client_answer(client, "GET");
		assert_int_equal(answer.status, 200);
		assert_true(str_eq(answer.body, STR("static\n")));
	} else {
		assert_true(str_eq(answer_header(&answer, "Connection"), STR("close")));
		if (!client_at_end(client))
			fail_msg(
				"%s, %s %zu: something follows the answer", framing->name, how, at);
	}
}

static void test_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		struct client *client = client_tcp(&serve);
		client_send(client, cases[i].bytes.p, cases[i].bytes.n);
		check(&cases[i], client, "whole", 0);
		client_free(client);
	}
}

static void test_nothing_behind(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		if (cases[i].stays)
			continue;
		struct client *client = client_tcp(&serve);
		char both[512];
		memcpy(both, cases[i].bytes.p, cases[i].bytes.n);
		memcpy(both + cases[i].bytes.n, smuggled.p, smuggled.n);
		client_send(client, both, cases[i].bytes.n + smuggled.n);
		check(&cases[i], client, "with another behind", 0);
		client_free(client);
	}
}

static void test_cut_everywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		for (size_t at = 1; at < cases[i].bytes.n; at++) {
			struct client *client = client_unix(&serve);
			if (client_send(client, cases[i].bytes.p, at)) {
				client_settle(client);
				client_send(client, cases[i].bytes.p + at, cases[i].bytes.n - at);
			}
			check(&cases[i], client, "cut at", at);
			client_free(client);
		}
	}
}

static void test_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		struct client *client = client_unix(&serve);
		for (size_t at = 0; at < cases[i].bytes.n; at++) {
			if (!client_send(client, cases[i].bytes.p + at, 1))
				break;
			client_settle(client);
		}
		check(&cases[i], client, "byte by byte", 0);
		client_free(client);
	}
}

/* Sends a head with `lines` header lines of `size` bytes each. */
static int status_of(size_t lines, size_t size, size_t target)
{
	static char bytes[512 << 10];
	size_t n = 0;
	n += (size_t)snprintf(bytes, sizeof bytes, "GET /");
	memset(bytes + n, 't', target - 1);
	n += target - 1;
	n += (size_t)snprintf(bytes + n, sizeof bytes - n, " HTTP/1.1\r\n" HOST);
	for (size_t i = 0; i < lines; i++) {
		memset(bytes + n, 'h', size);
		memcpy(bytes + n, "X: ", 3);
		memcpy(bytes + n + size - 2, "\r\n", 2);
		n += size;
	}
	memcpy(bytes + n, "\r\n", 2);
	n += 2;
	struct client *client = client_tcp(&serve);
	client_send(client, bytes, n);
	struct answer answer = client_answer(client, "GET");
	if (answer.status != 200)
		assert_true(client_at_end(client));
	client_free(client);
	return answer.status;
}

#define AROUND (sizeof "GET / HTTP/1.1\r\n" HOST "\r\n" - 1) /* a head without further lines */

static void test_sizes(void **state)
{
	(void)state;
	assert_int_equal(status_of(1, 80 << 10, 1), 431);
	assert_int_equal(status_of(2000, 10, 1), 431);
	assert_int_equal(status_of(2000, 100, 1), 431);
	assert_int_equal(status_of(1, LIMIT_HTTP_HEAD - AROUND - 1, 1), 200);
	assert_int_equal(status_of(1, LIMIT_HTTP_HEAD - AROUND, 1), 200);
	assert_int_equal(status_of(1, LIMIT_HTTP_HEAD - AROUND + 1, 1), 431);
	assert_int_equal(status_of(LIMIT_HTTP_HEADERS - 2, 10, 1), 200);
	assert_int_equal(status_of(LIMIT_HTTP_HEADERS - 1, 10, 1), 200); /* with Host */
	assert_int_equal(status_of(LIMIT_HTTP_HEADERS, 10, 1), 431);
	assert_int_equal(status_of(0, 0, LIMIT_HTTP_TARGET - 1), 200);
	assert_int_equal(status_of(0, 0, LIMIT_HTTP_TARGET), 200);
	assert_int_equal(status_of(0, 0, LIMIT_HTTP_TARGET + 1), 414);
	assert_int_equal(status_of(0, 0, 80 << 10), 414);
}

/* What the handler gets of the ones that are served. */
static void test_received(void **state)
{
	(void)state;
	struct client *client = client_tcp(&serve);
	client_say(client, CHUNKED "3\r\nabc\r\n00002\r\nde\r\n0\r\n\r\n");
	struct answer answer = client_answer(client, "POST");
	assert_true(str_ends(answer.body, STR("headers=2\nbody=abcde")));
	client_say(client, "GET http://A.example:80?x=%zz HTTP/1.1\r\nHost: a.example:80\r\n\r\n");
	answer = client_answer(client, "GET");
	assert_true(str_eq(answer.body, STR("hello world\n")));
	client_say(client, "GET /%65cho?a=b&c HTTP/1.1\r\nHost:\ta.example \t\r\n\r\n");
	answer = client_answer(client, "GET");
	assert_true(str_eq(answer.body,
		STR("method=GET\npath=/"
		    "echo\nquery=a=b&c\nhost=a.example\npeer=127.0.0.1\nheaders=1\nbody=")));
	client_free(client);
}

static int set_up(void **state)
{
	(void)state;
	serve_start(&serve, (struct server_conf){.event_threads = 2, .workers = 2});
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	serve_end(&serve);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_nothing_behind),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_received),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

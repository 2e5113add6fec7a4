/* Requests and answers on a connection: order, bodies, what the answer's head says, peers that go
 * away. */
#include "client.h"

#include "base/limits.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <sys/socket.h>

#include <cmocka.h>

#define HOST "Host: a.example\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" HOST "\r\n"

static struct serve serve;
static char bytes[2u << 20];

static void still_serves(void)
{
	struct client *client = client_tcp(&serve);
	client_say(client, GET("/"));
	struct answer answer = client_answer(client, "GET");
	assert_int_equal(answer.status, 200);
	assert_true(str_eq(answer.body, STR("hello world\n")));
	client_free(client);
}

static void test_head_of_answer(void **state)
{
	(void)state;
	struct client *client = client_tcp(&serve);
	client_say(client, GET("/size/30000"));
	struct answer answer = client_answer(client, "GET");
	assert_int_equal(answer.body.n, 30000);
	struct str date = answer_header(&answer, "Date");
	assert_int_equal(date.n, 29);
	assert_true(str_ends(date, STR(" GMT")));
	assert_true(str_eq(answer_header(&answer, "Content-Type"), STR("text/plain")));
	assert_true(str_absent(answer_header(&answer, "Server")));
	assert_true(str_absent(answer_header(&answer, "Connection")));

	client_say(client, GET("/empty"));
	answer = client_answer(client, "GET");
	assert_int_equal(answer.status, 204);
	assert_true(str_absent(answer_header(&answer, "Content-Length")));

	client_say(client, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	answer = client_answer(client, "GET");
	assert_true(str_eq(answer_header(&answer, "Connection"), STR("keep-alive")));

	client_say(client, GET("/bye"));
	answer = client_answer(client, "GET");
	assert_true(str_eq(answer_header(&answer, "Connection"), STR("close")));
	assert_true(client_at_end(client));
	client_free(client);
}

static void test_head_has_no_body(void **state)
{
	(void)state;
	static const char *const sizes[] = {"12", "30000"};
	struct client *client = client_tcp(&serve);
	for (size_t i = 0; i < 2; i++) {
		char request[100];
		(void)snprintf(request, sizeof request, "HEAD /size/%s HTTP/1.1\r\n" HOST "\r\n",
			sizes[i]);
		client_say(client, request);
		client_say(client, GET("/static"));
		struct answer answer = client_answer(client, "HEAD");
		assert_true(str_eq(answer_header(&answer, "Content-Length"), str_of(sizes[i])));
		answer = client_answer(client, "GET");
		assert_true(str_eq(answer.body, STR("static\n")));
	}
	client_say(client, "HEAD / HTTP/1.1\r\nHost: a b\r\n\r\n");
	struct answer answer = client_answer(client, "HEAD");
	assert_int_equal(answer.status, 400);
	assert_true(client_at_end(client));
	client_free(client);
}

/* Inline, through a worker, small, large, with body: answered in the order they were sent. */
static void test_pipelining(void **state)
{
	(void)state;
	enum { ROUNDS = 300 };
	size_t n = 0;
	for (int i = 0; i < ROUNDS; i++) {
		n += (size_t)snprintf(bytes + n, sizeof bytes - n,
			"GET /echo?n=%d HTTP/1.1\r\n" HOST
			"\r\n" GET("/worker") "POST /echo HTTP/1.1\r\n" HOST
					      "Content-Length: 6\r\n\r\nab%04d"
					      "POST /echo HTTP/1.1\r\n" HOST
					      "Transfer-Encoding: "
					      "chunked\r\n\r\n6\r\ncd%04d\r\n0\r\n\r\n"
					      "GET /size/%d HTTP/1.1\r\n" HOST "\r\n",
			i, i, i, 2000 + i);
	}
	struct client *client = client_tcp(&serve);
	assert_true(client_send(client, bytes, n));
	for (int i = 0; i < ROUNDS; i++) {
		char want[40];
		struct answer answer = client_answer(client, "GET");
		(void)snprintf(want, sizeof want, "query=n=%d\n", i);
		assert_true(str_find(answer.body, str_of(want)) > 0);
		answer = client_answer(client, "GET");
		assert_true(str_eq(answer.body, STR("hello world\n")));
		answer = client_answer(client, "POST");
		(void)snprintf(want, sizeof want, "body=ab%04d", i);
		assert_true(str_ends(answer.body, str_of(want)));
		answer = client_answer(client, "POST");
		(void)snprintf(want, sizeof want, "body=cd%04d", i);
		assert_true(str_ends(answer.body, str_of(want)));
		answer = client_answer(client, "GET");
		assert_int_equal(answer.body.n, 2000 + i);
	}
	client_free(client);
}

/* A large head moves the received bytes to a larger place; what stands behind it comes along. */
static void test_pipelined_large_heads(void **state)
{
	(void)state;
	struct client *client = client_tcp(&serve);
	static const size_t sizes[] = {3000, 4096, 16000, 10, 5000, 16000, 16000, 300};
	size_t n = 0;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		n += (size_t)snprintf(
			bytes + n, sizeof bytes - n, "POST /echo?n=%zu HTTP/1.1\r\n" HOST "X: ", i);
		memset(bytes + n, 'h', sizes[i]);
		n += sizes[i];
		n += (size_t)snprintf(bytes + n, sizeof bytes - n, "\r\n%s",
			i % 2 ? "Content-Length: 3\r\n\r\nabc"
			      : "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
	}
	assert_true(client_send(client, bytes, n));
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		char want[40];
		(void)snprintf(want, sizeof want, "query=n=%zu\nhost=a.example\n", i);
		struct answer answer = client_answer(client, "POST");
		assert_int_equal(answer.status, 200);
		assert_true(str_find(answer.body, str_of(want)) > 0);
		assert_true(str_ends(answer.body, STR("body=abc")));
	}
	client_free(client);
}

static int status_of_body(size_t n, bool chunked)
{
	struct client *client = client_tcp(&serve);
	char head[200];
	if (chunked)
		(void)snprintf(head, sizeof head,
			"POST /echo HTTP/1.1\r\n" HOST
			"Transfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n%zX\r\n",
			n - 16);
	else
		(void)snprintf(head, sizeof head,
			"POST /echo HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n", n);
	client_say(client, head);
	memset(bytes, 'b', n);
	client_send(client, bytes, chunked ? n - 16 : n);
	if (chunked)
		client_send(client, "\r\n0\r\n\r\n", 7);
	struct answer answer = client_answer(client, "POST");
	if (answer.status == 200) {
		ptrdiff_t body = str_find(answer.body, STR("body="));
		assert_int_equal(answer.body.n - (size_t)body - 5, n);
	} else {
		assert_true(client_at_end(client));
	}
	client_free(client);
	return answer.status;
}

static void test_bodies(void **state)
{
	(void)state;
	for (int chunked = 0; chunked < 2; chunked++) {
		assert_int_equal(status_of_body(17, chunked), 200);
		assert_int_equal(status_of_body(5000, chunked), 200);
		assert_int_equal(status_of_body(100000, chunked), 200);
		assert_int_equal(status_of_body(LIMIT_HTTP_BODY - 1, chunked), 200);
		assert_int_equal(status_of_body(LIMIT_HTTP_BODY, chunked), 200);
		assert_int_equal(status_of_body(LIMIT_HTTP_BODY + 1, chunked), 413);
	}
}

/* The answer comes before the body, and arrives although the client goes on sending. */
static void test_early_refusal(void **state)
{
	(void)state;
	int handled = serve.handled;
	struct client *client = client_tcp(&serve);
	client_say(client, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 41943040\r\n\r\n");
	struct answer answer = client_answer(client, "POST");
	assert_int_equal(answer.status, 413);
	assert_true(str_eq(answer.body, STR("refused 413\n")));
	client_free(client);

	client = client_tcp(&serve);
	client_say(client, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 41943040\r\n\r\n");
	for (int i = 0; i < 20; i++)
		assert_true(client_send(client, bytes, sizeof bytes));
	answer = client_answer(client, "POST");
	assert_int_equal(answer.status, 413);
	assert_true(client_at_end(client));
	client_free(client);
	assert_int_equal(serve.handled, handled);
}

static void test_expect(void **state)
{
	(void)state;
	struct client *client = client_tcp(&serve);
	client_say(client,
		"POST /echo HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
	struct answer answer = client_answer(client, "POST");
	assert_int_equal(answer.status, 100);
	client_say(client, "abc");
	answer = client_answer(client, "POST");
	assert_int_equal(answer.status, 200);
	assert_true(str_ends(answer.body, STR("body=abc")));

	/* It has not waited: nothing to tell it. */
	client_say(client, "POST /echo HTTP/1.1\r\n" HOST
			   "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc");
	assert_int_equal(client_answer(client, "POST").status, 200);

	/* Too large: refused instead of asked for. */
	client_say(client, "POST /echo HTTP/1.1\r\n" HOST
			   "Expect: 100-continue\r\nContent-Length: 41943040\r\n\r\n");
	assert_int_equal(client_answer(client, "POST").status, 413);
	assert_true(client_at_end(client));
	client_free(client);
}

static void test_broken_answer(void **state)
{
	(void)state;
	struct client *client = client_tcp(&serve);
	client_say(client, GET("/broken"));
	struct answer answer = client_answer(client, "GET");
	assert_int_equal(answer.status, 500);
	assert_true(str_absent(answer_header(&answer, "Set-Cookie")));
	assert_true(str_eq(answer.body, STR("refused 500\n")));
	client_free(client);

	client = client_tcp(&serve);
	client_say(client, GET("/size/99999999")); /* over LIMIT_PAGE */
	assert_int_equal(client_answer(client, "GET").status, 500);
	client_free(client);
}

/* More than a socket holds, read slowly, in pieces. */
static void test_large_answer(void **state)
{
	(void)state;
	struct client *client = client_unix(&serve);
	for (int i = 0; i < 3; i++)
		client_say(client, GET("/size/2000000"));
	for (int i = 0; i < 3; i++) {
		struct answer answer = client_answer(client, "GET");
		assert_int_equal(answer.body.n, 2000000);
	}
	client_free(client);
}

static void test_peer_goes_away(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++) {
		struct client *client = i % 2 ? client_tcp(&serve) : client_unix(&serve);
		client_say(client, GET("/size/2000000"));
		if (i % 3 == 0)
			assert_int_equal(recv(client->fd, bytes, 1000, 0) > 0, 1);
		client_free(client);
	}
	struct linger now = {.l_onoff = 1};
	for (int i = 0; i < 50; i++) {
		struct client *client = client_tcp(&serve);
		client_say(client, i % 2 ? "POST /echo HTTP/1.1\r\n" HOST
					   "Content-Length: 300\r\n\r\nabc"
					 : "GET / HT");
		setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
		client_free(client);
	}
	still_serves();
}

/* The peer has gone when the worker is done with its request. */
static void test_peer_goes_away_from_worker(void **state)
{
	(void)state;
	struct linger now = {.l_onoff = 1};
	for (int i = 0; i < 6; i++) {
		struct client *client = i % 2 ? client_unix(&serve) : client_tcp(&serve);
		client_say(client, GET("/block"));
		while (sem_wait(&serve.blocked) != 0)
			;
		setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
		client_free(client);
		still_serves();
		serve_release(&serve, 1);
	}
	still_serves();
}

/* A peer that has closed its side still gets its answers. */
static void test_half_closed(void **state)
{
	(void)state;
	struct client *client = client_tcp(&serve);
	client_say(client, GET("/worker") GET("/size/100000") GET("/"));
	assert_int_equal(shutdown(client->fd, SHUT_WR), 0);
	assert_int_equal(client_answer(client, "GET").status, 200);
	assert_int_equal(client_answer(client, "GET").body.n, 100000);
	assert_int_equal(client_answer(client, "GET").status, 200);
	assert_true(client_at_end(client));
	client_free(client);
}

static void test_unix_socket(void **state)
{
	(void)state;
	struct client *client = client_unix(&serve);
	client_say(client, "GET /echo HTTP/1.1\r\n" HOST "X-Real-IP: 192.0.2.7\r\n\r\n");
	struct answer answer = client_answer(client, "GET");
	assert_true(str_find(answer.body, STR("\npeer=unix\n")) > 0); /* not trusted */
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
		cmocka_unit_test(test_head_of_answer),
		cmocka_unit_test(test_head_has_no_body),
		cmocka_unit_test(test_pipelining),
		cmocka_unit_test(test_pipelined_large_heads),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_early_refusal),
		cmocka_unit_test(test_expect),
		cmocka_unit_test(test_broken_answer),
		cmocka_unit_test(test_large_answer),
		cmocka_unit_test(test_peer_goes_away),
		cmocka_unit_test(test_peer_goes_away_from_worker),
		cmocka_unit_test(test_half_closed),
		cmocka_unit_test(test_unix_socket),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

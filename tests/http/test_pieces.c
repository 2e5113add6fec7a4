/* Bodies in pieces, both ways: taken while they come, given while they are sent; with workers and without. */
#include "client.h"

#include "base/limits.h"

#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <sys/socket.h>

#include <cmocka.h>

#define HOST "Host: a.example\r\n"
#define MOST (4u << 20)

static struct serve serve;
static char bytes[MOST + 1];

static void start(unsigned workers, struct http_limits limits)
{
	if (limits.take == 0)
		limits.take = MOST;
	serve_start(&serve, (struct server_conf){.event_threads = 2, .workers = workers, .limits = limits});
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)((i * 7919) >> 3);
}

static uint64_t sum_of(size_t n)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < n; i++)
		sum = sum * 31 + (unsigned char)bytes[i];
	return sum;
}

static void say_head(struct client *client, const char *method, const char *path, size_t n, const char *more)
{
	char head[300];
	(void)snprintf(head, sizeof head, "%s %s HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n%s\r\n", method, path, n, more);
	client_say(client, head);
}

static void expect_taken(struct client *client, size_t n, const char *end)
{
	char wanted[100];
	struct answer answer = client_answer(client, "POST");
	(void)snprintf(wanted, sizeof wanted, "%zu %llu%s", n, (unsigned long long)sum_of(n), end);
	assert_int_equal(answer.status, 200);
	if (!str_eq(answer.body, str_of(wanted)))
		fail_msg("%.*s instead of %s", STR_ARG(answer.body), wanted);
}

/* Every size around a piece, and what follows on the same connection is its own request. */
static void take_sizes(unsigned workers)
{
	static const size_t sizes[] = {1, 100, 4000, 9999, 10000, 10001, 20000, 123456, MOST};
	start(workers, (struct http_limits){.piece = 10000});
	struct client *client = client_tcp(&serve);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		say_head(client, i % 2 ? "PATCH" : "POST", "/take", sizes[i], "");
		assert_true(client_send(client, bytes, sizes[i]));
		client_say(client, "GET /echo HTTP/1.1\r\n" HOST "\r\n");
		expect_taken(client, sizes[i], "");
		assert_int_equal(client_answer(client, "GET").status, 200);
	}
	assert_true(serve.largest <= 17u << 10); /* a piece, or what comes along with the largest head */
	client_free(client);
	serve_end(&serve);
}

static void test_sizes(void **state)
{
	(void)state;
	take_sizes(2);
}

static void test_sizes_inline(void **state)
{
	(void)state;
	take_sizes(0);
}

static void test_byte_by_byte(void **state)
{
	(void)state;
	start(2, (struct http_limits){.piece = 10000});
	struct client *client = client_tcp(&serve);
	say_head(client, "POST", "/take", 300, "");
	for (size_t i = 0; i < 300; i++)
		assert_true(client_send(client, bytes + i, 1));
	expect_taken(client, 300, "");
	client_free(client);
	serve_end(&serve);
}

/* A body without bytes goes to the handler as any other. */
static void test_empty(void **state)
{
	(void)state;
	start(2, (struct http_limits){0});
	struct client *client = client_tcp(&serve);
	say_head(client, "POST", "/take", 0, "");
	struct answer answer = client_answer(client, "POST");
	assert_true(str_eq(answer.body, STR("hello world\n")));
	client_free(client);
	serve_end(&serve);
}

static void test_continue(void **state)
{
	(void)state;
	start(2, (struct http_limits){0});
	struct client *client = client_tcp(&serve);
	say_head(client, "POST", "/take", 50000, "Expect: 100-continue\r\n");
	assert_int_equal(client_answer(client, "POST").status, 100);
	assert_true(client_send(client, bytes, 50000));
	expect_taken(client, 50000, "");
	say_head(client, "POST", "/take/no", 50000, "Expect: 100-continue\r\n");
	assert_int_equal(client_answer(client, "POST").status, 403);
	assert_true(client_at_end(client));
	client_free(client);
	serve_end(&serve);
}

/* The answer comes before the body, and the connection ends with it: nobody takes the body for a request. */
static void test_refused_before(void **state)
{
	(void)state;
	for (unsigned workers = 0; workers < 3; workers += 2) {
		start(workers, (struct http_limits){0});
		struct client *client = client_tcp(&serve);
		say_head(client, "POST", "/take/no", MOST, "");
		struct answer answer = client_answer(client, "POST");
		assert_int_equal(answer.status, 403);
		assert_true(str_eq(answer.body, STR("no to 4194304\n")));
		assert_true(str_eq(answer_header(&answer, "Connection"), STR("close")));
		assert_true(client_at_end(client));
		assert_int_equal(serve.handled, 0);
		client_free(client);
		serve_end(&serve);
	}
}

static void test_refused_within(void **state)
{
	(void)state;
	start(2, (struct http_limits){.piece = 20000});
	struct client *client = client_tcp(&serve);
	say_head(client, "POST", "/take/some", 1000, "");
	assert_true(client_send(client, bytes, 1000));
	expect_taken(client, 1000, "");
	say_head(client, "POST", "/take/some", MOST, "");
	(void)client_send(client, bytes, 60000);
	struct answer answer = client_answer(client, "POST");
	assert_int_equal(answer.status, 200);
	assert_true(str_ends(answer.body, STR(" short")));
	assert_true(client_at_end(client));
	client_free(client);
	serve_end(&serve);
}

static void test_limit(void **state)
{
	(void)state;
	start(2, (struct http_limits){0});
	for (size_t n = MOST; n <= MOST + 1; n++) {
		struct client *client = client_tcp(&serve);
		say_head(client, "POST", "/take", n, "");
		(void)client_send(client, bytes, n);
		assert_int_equal(client_answer(client, "POST").status, n > MOST ? 413 : 200);
		client_free(client);
	}
	/* What is not taken in pieces keeps its own limit. */
	struct client *client = client_tcp(&serve);
	say_head(client, "POST", "/echo", LIMIT_HTTP_BODY + 1, "");
	assert_int_equal(client_answer(client, "POST").status, 413);
	client_free(client);
	client = client_tcp(&serve);
	client_say(client, "POST /take HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
	assert_int_equal(client_answer(client, "POST").status, 411);
	client_free(client);
	serve_end(&serve);
}

/* Who goes away in the middle: what came is handed over, then it is dropped, and the handler is not called. */
static void gone(unsigned workers, size_t sent, bool reset)
{
	start(workers, (struct http_limits){.piece = 20000});
	struct client *client = client_tcp(&serve);
	say_head(client, "POST", "/take", MOST, "");
	assert_true(client_send(client, bytes, sent));
	if (reset) {
		struct linger now = {.l_onoff = 1};
		usleep(50000); /* a reset throws away what was not read yet */
		setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	}
	client_free(client);
	while (sem_wait(&serve.dropped) != 0)
		;
	if (!reset)
		assert_int_equal(serve.dropped_bytes, sent);
	assert_int_equal(serve.handled, 0);
	serve_end(&serve);
}

static void test_gone(void **state)
{
	(void)state;
	for (unsigned workers = 0; workers < 3; workers += 2) {
		gone(workers, 1, false);
		gone(workers, 19999, false);
		gone(workers, 20000, false);
		gone(workers, 70001, false);
		gone(workers, 70001, true);
	}
}

static void test_slow(void **state)
{
	(void)state;
	start(2, (struct http_limits){.take_ms = 200, .take_rate = 1000});
	struct client *client = client_tcp(&serve);
	say_head(client, "POST", "/take", 10000, "");
	assert_true(client_send(client, bytes, 150)); /* less than the 200 bytes of a window */
	assert_int_equal(client_answer(client, "POST").status, 408);
	assert_int_equal(serve.dropped_bytes, 150);
	client_free(client);
	/* Slow, but not too slow: longer than any window in all. */
	client = client_tcp(&serve);
	say_head(client, "POST", "/take", 6000, "");
	for (size_t at = 0; at < 6000; at += 600) {
		assert_true(client_send(client, bytes + at, 600));
		usleep(60000);
	}
	expect_taken(client, 6000, "");
	client_free(client);
	serve_end(&serve);
}

/* The server stops while bodies come: what came is handed over. */
static void test_stop(void **state)
{
	(void)state;
	start(2, (struct http_limits){.stop_ms = 100, .piece = 20000});
	struct client *client = client_tcp(&serve);
	say_head(client, "POST", "/take", MOST, "");
	assert_true(client_send(client, bytes, 30000));
	usleep(50000);
	server_stop(serve.server);
	while (sem_wait(&serve.dropped) != 0)
		;
	assert_int_equal(serve.dropped_bytes, 30000);
	client_free(client);
	serve_end(&serve);
}

/* All of the body is in memory once, whatever its size: fifty at once. */
static void test_many(void **state)
{
	static struct client *many[50];
	(void)state;
	start(4, (struct http_limits){.piece = 10000});
	for (size_t i = 0; i < 50; i++) {
		many[i] = client_tcp(&serve);
		say_head(many[i], "POST", "/take", 200000, "");
	}
	for (size_t at = 0; at < 200000; at += 20000) {
		for (size_t i = 0; i < 50; i++)
			assert_true(client_send(many[i], bytes + at, 20000));
	}
	for (size_t i = 0; i < 50; i++) {
		expect_taken(many[i], 200000, "");
		client_free(many[i]);
	}
	serve_end(&serve);
}

/*
 * Who goes away when no worker has time: the body is dropped in the event thread, and with the pool full its exchange is gone at once. Nothing is
 * written into it afterwards.
 */
static void test_gone_when_all_is_full(void **state)
{
	enum { MANY = 140, QUEUE = 2 }; /* more than a loop keeps ready */
	static struct client *many[MANY];
	struct client *waiting[QUEUE];
	struct server_stats stats;
	(void)state;
	serve_start(&serve, (struct server_conf){.event_threads = 1, .workers = 1, .limits = {.take = MOST, .piece = 20000, .queue = QUEUE}});
	struct client *upload = client_tcp(&serve);
	say_head(upload, "POST", "/take", MOST, "Expect: 100-continue\r\n");
	assert_int_equal(client_answer(upload, "POST").status, 100);
	struct client *working = client_tcp(&serve);
	client_say(working, "GET /block HTTP/1.1\r\n" HOST "\r\n");
	while (sem_wait(&serve.blocked) != 0)
		;
	for (size_t i = 0; i < QUEUE; i++) {
		waiting[i] = client_tcp(&serve);
		client_say(waiting[i], "GET /worker HTTP/1.1\r\n" HOST "\r\n");
	}
	for (size_t i = 0; i < MANY; i++) {
		many[i] = client_tcp(&serve);
		client_say(many[i], "GET /echo HTTP/1.1\r\n" HOST "\r\nGET");
		assert_int_equal(client_answer(many[i], "GET").status, 200);
	}
	for (size_t i = 0; i < MANY; i++)
		client_free(many[i]);
	do {
		server_stats(serve.server, &stats);
		usleep(1000);
	} while (stats.open > 2 + QUEUE || stats.requests < 2 + QUEUE + MANY);
	client_free(upload);
	while (sem_wait(&serve.dropped) != 0)
		;
	assert_int_equal(serve.dropped_bytes, 0);
	serve_release(&serve, 1);
	assert_int_equal(client_answer(working, "GET").status, 200);
	client_free(working);
	for (size_t i = 0; i < QUEUE; i++) {
		assert_int_equal(client_answer(waiting[i], "GET").status, 200);
		client_free(waiting[i]);
	}
	serve_end(&serve);
}

static void expect_pattern(struct str body, size_t n)
{
	assert_int_equal(body.n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal((unsigned char)body.p[i], i % 251);
}

static void test_give(void **state)
{
	static const size_t sizes[] = {0, 1, 1999, 2049, 10000, 10001, 1000000};
	(void)state;
	for (unsigned workers = 0; workers < 3; workers += 2) {
		start(workers, (struct http_limits){0});
		struct client *client = client_tcp(&serve);
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			char ask[100];
			(void)snprintf(ask, sizeof ask, "GET /give?%zu HTTP/1.1\r\n" HOST "\r\nHEAD /give?%zu HTTP/1.1\r\n" HOST "\r\n", sizes[i], sizes[i]);
			client_say(client, ask);
			struct answer answer = client_answer(client, "GET");
			assert_int_equal(answer.status, 200);
			expect_pattern(answer.body, sizes[i]);
			answer = client_answer(client, "HEAD");
			assert_int_equal(answer.status, 200);
			for (int ends = 0; ends < 2; ends++)
				while (sem_wait(&serve.given) != 0)
					;
		}
		client_free(client);
		serve_end(&serve);
	}
}

/* Nothing has been said yet: 500. Something has: the connection is broken off, and nobody takes the part for the whole. */
static void test_give_breaks(void **state)
{
	(void)state;
	start(2, (struct http_limits){0});
	struct client *client = client_tcp(&serve);
	client_say(client, "GET /give/none?100 HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(client_answer(client, "GET").status, 500);
	client_free(client);
	client = client_tcp(&serve);
	client_say(client, "GET /give/part?200000 HTTP/1.1\r\n" HOST "\r\n");
	size_t got = 0;
	char piece[1000];
	for (ssize_t n; (n = recv(client->fd, piece, sizeof piece, 0)) > 0;)
		got += (size_t)n;
	assert_true(got < 200000);
	client_free(client);
	for (int ends = 0; ends < 2; ends++)
		while (sem_wait(&serve.given) != 0)
			;
	serve_end(&serve);
}

static void test_give_to_nobody(void **state)
{
	(void)state;
	start(2, (struct http_limits){.write_ms = 100});
	struct client *client = client_tcp(&serve);
	client_say(client, "GET /give?100000000 HTTP/1.1\r\n" HOST "\r\n");
	client_free(client);
	while (sem_wait(&serve.given) != 0)
		;
	client = client_tcp(&serve); /* it stays, but does not read */
	client_say(client, "GET /give?100000000 HTTP/1.1\r\n" HOST "\r\n");
	while (sem_wait(&serve.given) != 0)
		;
	client_free(client);
	serve_end(&serve);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_sizes_inline),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_continue),
		cmocka_unit_test(test_refused_before),
		cmocka_unit_test(test_refused_within),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_gone_when_all_is_full),
		cmocka_unit_test(test_give),
		cmocka_unit_test(test_give_breaks),
		cmocka_unit_test(test_give_to_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Exchanges that are held: when they are asked again, what of them stays, how they end. */
#include "client.h"

#include "base/limits.h"
#include "base/time.h"

#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <sys/socket.h>

#include <cmocka.h>

#define HOST "Host: a.example\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" HOST "\r\n"
#define NEVER 3600000 /* ms: no regular question in these tests */

static struct serve serve;

static void start(struct http_limits limits)
{
	serve_start(
		&serve, (struct server_conf){.event_threads = 2, .workers = 2, .limits = limits});
}

static void wait_held(uint64_t count)
{
	struct server_stats now;
	do {
		usleep(1000);
		server_stats(serve.server, &now);
	} while (now.held != count);
}

static void wait_asked(int k, int times)
{
	while (serve.asked[k] < times)
		usleep(1000);
}

/* An answer of look() in serve.c. */
static void expect(struct client *client, const char *body)
{
	struct answer answer = client_answer(client, "GET");
	assert_int_equal(answer.status, 200);
	assert_true(str_eq(answer.body, str_of(body)));
}

static void still_serves(struct client *client)
{
	client_say(client, GET("/"));
	expect(client, "hello world\n");
}

static void test_ring(void **state)
{
	(void)state;
	start((struct http_limits){.hold_again_ms = NEVER});
	struct client *one = client_tcp(&serve), *two = client_tcp(&serve),
		      *other = client_tcp(&serve);
	client_say(one, GET("/wait/1"));
	client_say(two, GET("/late/1"));
	client_say(other, GET("/wait/2"));
	wait_held(3);
	serve_happen(&serve, 1);
	expect(one, "yes again=1 path=/wait/1 body=");
	expect(two, "yes again=1 path=/late/1 body=");
	assert_int_equal(serve.asked[1], 4);
	assert_int_equal(serve.asked[2], 1); /* of another key nobody is asked */
	wait_held(1);
	serve_happen(&serve, 2);
	expect(other, "yes again=1 path=/wait/2 body=");
	client_say(one, GET("/wait/1")); /* known already: nobody waits */
	expect(one, "yes again=0 path=/wait/1 body=");
	still_serves(two);
	client_free(one);
	client_free(two);
	client_free(other);
	serve_end(&serve);
}

/* A ring between the handler's look and the wait is not lost. */
static void test_race(void **state)
{
	(void)state;
	start((struct http_limits){.hold_again_ms = NEVER});
	struct client *client = client_tcp(&serve);
	client_say(client, GET("/race/1"));
	expect(client, "yes again=1 path=/race/1 body=");
	client_free(client);
	serve_end(&serve);
}

/* What another process changed rings no bell here. */
static void test_without_ring(void **state)
{
	(void)state;
	start((struct http_limits){.hold_again_ms = 20});
	struct client *one = client_tcp(&serve), *two = client_tcp(&serve);
	client_say(one, GET("/wait/1"));
	client_say(two, GET("/late/1"));
	wait_asked(1, 6);
	serve.facts[1] = true;
	expect(one, "yes again=1 path=/wait/1 body=");
	expect(two, "yes again=1 path=/late/1 body=");
	client_free(one);
	client_free(two);
	serve_end(&serve);
}

/* The one that waits least is answered first, whoever came first. */
static void test_end_of_wait(void **state)
{
	(void)state;
	start((struct http_limits){.hold_again_ms = NEVER});
	struct client *long_one = client_tcp(&serve), *short_one = client_tcp(&serve),
		      *middle = client_tcp(&serve);
	client_say(long_one, GET("/wait/1?3600000"));
	wait_held(1);
	client_say(middle, GET("/late/1?300"));
	wait_held(2);
	client_say(short_one, GET("/wait/1?100"));
	expect(short_one, "no again=1 path=/wait/1 body=");
	expect(middle, "no again=1 path=/late/1 body=");
	wait_held(1);
	assert_int_equal(serve.asked[1], 5);
	serve_happen(&serve, 1);
	expect(long_one, "yes again=1 path=/wait/1 body=");
	client_free(long_one);
	client_free(short_one);
	client_free(middle);
	serve_end(&serve);
}

static void test_stubborn(void **state)
{
	(void)state;
	start((struct http_limits){0});
	struct client *client = client_tcp(&serve);
	client_say(client, GET("/stubborn"));
	assert_int_equal(client_answer(client, "GET").status, 500);
	client_free(client);
	wait_held(0);
	serve_end(&serve);
}

static void test_head(void **state)
{
	(void)state;
	start((struct http_limits){.hold_again_ms = NEVER});
	struct client *client = client_tcp(&serve);
	client_say(client, "HEAD /wait/1 HTTP/1.1\r\n" HOST "\r\n");
	wait_held(1);
	serve_happen(&serve, 1);
	struct answer answer = client_answer(client, "HEAD");
	assert_int_equal(answer.status, 200);
	assert_true(str_eq(answer_header(&answer, "Content-Length"), STR("30")));
	still_serves(client);
	client_free(client);
	serve_end(&serve);
}

/* The request is the same each time: a body that came along, one that came later, a coded one, a
 * long head. */
static void test_what_stays(void **state)
{
	(void)state;
	start((struct http_limits){.hold_again_ms = 10});
	struct client *along = client_unix(&serve), *later = client_unix(&serve),
		      *coded = client_unix(&serve), *long_head = client_unix(&serve);
	client_say(
		along, "POST /wait/1 HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nalong" GET("/"));
	client_say(later, "POST /late/1 HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nla");
	client_settle(later);
	client_say(later, "ter" GET("/"));
	client_say(coded, "POST /wait/1 HTTP/1.1\r\n" HOST
			  "Transfer-Encoding: chunked\r\n\r\n5\r\ncoded\r\n0\r\n\r\n");
	static char head[9000];
	(void)snprintf(head, sizeof head, "GET /wait/1 HTTP/1.1\r\n" HOST "X: %08000d\r\n\r\n", 0);
	client_say(long_head, head);
	wait_held(4);
	wait_asked(1, 24);
	serve_happen(&serve, 1);
	expect(along, "yes again=1 path=/wait/1 body=along");
	expect(later, "yes again=1 path=/late/1 body=later");
	expect(coded, "yes again=1 path=/wait/1 body=coded");
	expect(long_head, "yes again=1 path=/wait/1 body=");
	expect(along, "hello world\n"); /* what was behind it */
	expect(later, "hello world\n");
	client_free(along);
	client_free(later);
	client_free(coded);
	client_free(long_head);
	serve_end(&serve);
}

/* What follows on the connection waits, however it comes, and is served in its order. */
static void test_pipelined(void **state)
{
	(void)state;
	start((struct http_limits){.hold_again_ms = NEVER, .head_ms = 200});
	struct client *client = client_unix(&serve);
	client_say(client, GET("/wait/1") GET("/wait/2") GET("/size/3"));
	wait_held(1);
	client_say(client, GET("/") "GET /ec");
	usleep(300000); /* longer than a head may take: its time begins when it is its turn */
	assert_int_equal(serve.asked[2], 0);
	serve_happen(&serve, 1);
	expect(client, "yes again=1 path=/wait/1 body=");
	wait_asked(2, 1);
	wait_held(1);
	serve_happen(&serve, 2);
	expect(client, "yes again=1 path=/wait/2 body=");
	expect(client, "xxx");
	expect(client, "hello world\n");
	client_say(client, "ho HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(client_answer(client, "GET").status, 200);
	client_free(client);
	serve_end(&serve);
}

/* Clients that go away are not asked for, whichever way they go. */
static void test_gone(void **state)
{
	(void)state;
	start((struct http_limits){.hold_again_ms = NEVER});
	struct linger now = {.l_onoff = 1, .l_linger = 0};
	struct client *closes = client_tcp(&serve), *resets = client_tcp(&serve),
		      *half = client_tcp(&serve), *behind = client_tcp(&serve),
		      *early = client_tcp(&serve);
	client_say(closes, GET("/wait/1"));
	client_say(resets, GET("/late/1"));
	client_say(half, GET("/wait/1"));
	client_say(behind, GET("/wait/1") GET("/"));
	wait_held(4);
	client_free(closes);
	setsockopt(resets->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	client_free(resets);
	shutdown(half->fd, SHUT_WR);
	assert_true(client_at_end(half));
	client_free(behind);
	client_say(early, "GET /wait/1 HTTP/1.1\r\n");
	client_say(early, HOST "\r\n");
	shutdown(early->fd, SHUT_WR);
	assert_true(client_at_end(early));
	wait_held(0);
	client_free(half);
	client_free(early);
	int asked = serve.asked[1];
	serve_happen(&serve, 1);
	struct client *client = client_tcp(&serve);
	still_serves(client);
	assert_int_equal(serve.asked[1], asked);
	client_free(client);
	serve_end(&serve);
}

/* Goes while a worker looks once more. */
static void test_gone_while_asked(void **state)
{
	(void)state;
	enum { CLIENTS = 40 };
	start((struct http_limits){.hold_again_ms = 1});
	for (int i = 0; i < CLIENTS; i++) {
		struct client *client = client_tcp(&serve);
		client_say(client, GET("/late/1"));
		wait_asked(1, serve.asked[1] + 2);
		client_free(client);
	}
	wait_held(0);
	serve_end(&serve);
}

/* One that does not take its answer is cut as ever. */
static void test_takes_nothing(void **state)
{
	(void)state;
	start((struct http_limits){.hold_again_ms = NEVER, .write_ms = 200});
	struct client *client = client_unix(&serve);
	client_say(client, GET("/wait/1") GET("/size/2000000"));
	wait_held(1);
	serve_happen(&serve, 1);
	struct server_stats now;
	do {
		usleep(1000);
		server_stats(serve.server, &now);
	} while (now.slow_cut < 1);
	client_free(client);
	serve_end(&serve);
}

/* Answered at once when the server stops, and once only. */
static void test_stop(void **state)
{
	(void)state;
	start((struct http_limits){.hold_again_ms = NEVER});
	struct client *one = client_tcp(&serve), *two = client_tcp(&serve);
	client_say(one, GET("/wait/1") GET("/"));
	client_say(two, GET("/late/1"));
	wait_held(2);
	server_stop(serve.server);
	struct client *both[] = {one, two};
	for (int i = 0; i < 2; i++) {
		struct answer answer = client_answer(both[i], "GET");
		assert_int_equal(answer.status, 200);
		assert_true(str_starts(answer.body, STR("no again=1")));
		assert_true(str_eq(answer_header(&answer, "Connection"), STR("close")));
		assert_true(client_at_end(both[i]));
		client_free(both[i]);
	}
	serve_end(&serve);
	assert_int_equal(serve.asked[1], 4);
}

enum { THREADS = 6, EACH = 20 };

static void *ring_much(void *arg)
{
	(void)arg;
	for (int i = 0; i < 300; i++)
		server_ring(serve.server, i % 2 ? STR("1") : STR("nobody waits for this"));
	return NULL;
}

/* Rings from many threads, while handlers look and waits begin. */
static void test_many_rings(void **state)
{
	(void)state;
	start((struct http_limits){.hold_again_ms = NEVER});
	struct client *clients[EACH];
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ring_much, NULL), 0);
	for (int i = 0; i < EACH; i++) {
		clients[i] = client_tcp(&serve);
		client_say(clients[i], i % 2 ? GET("/wait/1") : GET("/late/1"));
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	serve_happen(&serve, 1); /* also for those who have not been asked a first time */
	for (int i = 0; i < EACH; i++) {
		struct answer answer = client_answer(clients[i], "GET");
		assert_true(str_starts(answer.body, STR("yes ")));
		client_free(clients[i]);
	}
	wait_held(0);
	serve_end(&serve);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_race),
		cmocka_unit_test(test_without_ring),
		cmocka_unit_test(test_end_of_wait),
		cmocka_unit_test(test_stubborn),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_what_stays),
		cmocka_unit_test(test_pipelined),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_gone_while_asked),
		cmocka_unit_test(test_takes_nothing),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_many_rings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Clients that are slow, on purpose or not: cut at their limits while another one is served. The
 * limits are small here. */
#include "client.h"

#include "base/time.h"

#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <sys/socket.h>

#include <cmocka.h>

#define HOST "Host: a.example\r\n"
#define SLOW 60 /* clients at once */

static struct serve serve;
static struct client *slow[SLOW];
static struct client *ordinary;

static void ask_ordinary(void)
{
	client_say(ordinary, "GET / HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(client_answer(ordinary, "GET").status, 200);
}

/* Sends a byte to each now and then until all have been answered, and asks for the other client in
 * between. */
static void dribble(const char *begin, const char *byte)
{
	for (int i = 0; i < SLOW; i++) {
		slow[i] = client_tcp(&serve);
		client_say(slow[i], begin);
	}
	int open = SLOW;
	while (open > 0) {
		open = 0;
		for (int i = 0; i < SLOW; i++) {
			struct pollfd answer = {.fd = slow[i]->fd, .events = POLLIN};
			if (poll(&answer, 1, 0) == 0) {
				client_send(slow[i], byte, 1);
				open++;
			}
		}
		ask_ordinary();
		usleep(5000);
	}
	for (int i = 0; i < SLOW; i++) {
		struct answer answer = client_answer(slow[i], "GET");
		assert_int_equal(answer.status, 408);
		assert_true(str_eq(answer_header(&answer, "Connection"), STR("close")));
		assert_true(client_at_end(slow[i]));
		client_free(slow[i]);
	}
}

static uint64_t slow_cut(void)
{
	struct server_stats stats;
	server_stats(serve.server, &stats);
	return stats.slow_cut;
}

static void start(struct http_limits limits)
{
	serve_start(
		&serve, (struct server_conf){.event_threads = 2, .workers = 1, .limits = limits});
	ordinary = client_tcp(&serve);
}

static void end(void)
{
	client_free(ordinary);
	serve_end(&serve);
}

static void test_heads(void **state)
{
	(void)state;
	start((struct http_limits){.head_ms = 200});
	dribble("GET /echo HTTP/1.1\r\n" HOST "X: ", "h");
	assert_int_equal(slow_cut(), SLOW);
	dribble("G", "E"); /* not even a method */
	end();
}

/* The time of a head counts from its first byte, also behind another request. */
static void test_heads_behind_a_request(void **state)
{
	(void)state;
	start((struct http_limits){.head_ms = 200});
	struct client *client = client_tcp(&serve);
	client_say(client, "GET / HTTP/1.1\r\n" HOST "\r\nGET /echo HTT");
	assert_int_equal(client_answer(client, "GET").status, 200);
	assert_int_equal(client_answer(client, "GET").status, 408);
	assert_true(client_at_end(client));
	client_free(client);
	end();
}

static void test_bodies(void **state)
{
	(void)state;
	start((struct http_limits){.body_grace_ms = 200, .body_rate = 50000});
	dribble("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 100000\r\n\r\n", "b");
	assert_int_equal(slow_cut(), SLOW);
	dribble("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nFFFF\r\n", "b");
	end();
}

/* Slower than it takes to send at once, faster than the rate: longer than the grace, and served. */
static void test_patient_body(void **state)
{
	(void)state;
	start((struct http_limits){.body_grace_ms = 50, .body_rate = 10});
	struct client *client = client_tcp(&serve);
	client_say(client, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4000\r\n\r\n");
	char piece[100];
	memset(piece, 'b', sizeof piece);
	for (int i = 0; i < 40; i++) {
		assert_true(client_send(client, piece, sizeof piece));
		usleep(10000);
	}
	assert_int_equal(client_answer(client, "POST").status, 200);
	assert_int_equal(slow_cut(), 0);
	client_free(client);
	end();
}

static void test_idle(void **state)
{
	(void)state;
	start((struct http_limits){.idle_ms = 200});
	struct client *client = client_tcp(&serve);
	struct client *silent = client_tcp(&serve);
	client_say(client, "GET / HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(client_answer(client, "GET").status, 200);
	assert_true(client_at_end(client));
	assert_true(client_at_end(silent));
	assert_int_equal(slow_cut(), 0);
	client_free(client);
	client_free(silent);
	end();
}

/* A client that asks for much and takes nothing. */
static void test_readers(void **state)
{
	(void)state;
	start((struct http_limits){.write_ms = 200});
	for (int i = 0; i < SLOW; i++) {
		slow[i] = client_unix(&serve);
		client_say(slow[i], "GET /size/2000000 HTTP/1.1\r\n" HOST "\r\n");
	}
	while (slow_cut() < SLOW) {
		ask_ordinary();
		usleep(5000);
	}
	for (int i = 0; i < SLOW; i++)
		client_free(slow[i]);
	end();
}

/* One that takes it slowly, but takes it: longer than the deadline, and served. */
static void test_patient_reader(void **state)
{
	(void)state;
	enum { SIZE = 2000000, PIECE = 10000 };
	start((struct http_limits){.write_ms = 700, .body_rate = 1000});
	struct client *client = client_unix(&serve);
	client_say(client, "GET /size/2000000 HTTP/1.1\r\n" HOST "\r\n");
	size_t taken = 0;
	static char piece[PIECE];
	while (taken < SIZE) {
		ssize_t n = recv(client->fd, piece, sizeof piece, 0);
		assert_true(n > 0);
		taken += (size_t)n;
		usleep(10000);
	}
	assert_int_equal(slow_cut(), 0);
	client_free(client);
	end();
}

/* After a refusal the connection is read for a while, not for ever. */
static void test_lingering(void **state)
{
	(void)state;
	start((struct http_limits){.linger_ms = 200});
	struct client *client = client_tcp(&serve);
	client_say(client, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 41943040\r\n\r\n");
	assert_int_equal(client_answer(client, "POST").status, 413);
	while (client_send(client, "b", 1))
		usleep(5000);
	client_free(client);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_heads_behind_a_request),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_patient_body),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_readers),
		cmocka_unit_test(test_patient_reader),
		cmocka_unit_test(test_lingering),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

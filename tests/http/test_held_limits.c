/* How many exchanges may be held, what they cost, and who is served beside them. */
#include "client.h"

#include "base/limits.h"
#include "base/time.h"
#include "http/waits.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <sys/resource.h>

#include <cmocka.h>

#define HOST "Host: a.example\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" HOST "\r\n"
#define NEVER 3600000

static struct serve serve;

static uint64_t held(void)
{
	struct server_stats now;
	server_stats(serve.server, &now);
	return now.held;
}

static void wait_held(uint64_t count)
{
	while (held() != count)
		usleep(1000);
}

static struct client *hold(const char *request)
{
	uint64_t before = held();
	struct client *client = client_unix(&serve);
	client_say(client, request);
	wait_held(before + 1);
	return client;
}

/* One too many is asked for its answer at once, and is served afterwards as before. */
static void refused(struct client *client, const char *request)
{
	client_say(client, request);
	struct answer answer = client_answer(client, "GET");
	assert_int_equal(answer.status, 200);
	assert_true(str_starts(answer.body, STR("no again=0")));
	client_say(client, GET("/"));
	assert_int_equal(client_answer(client, "GET").status, 200);
}

static void test_in_all(void **state)
{
	(void)state;
	enum { MOST = 5 };
	serve_start(&serve, (struct server_conf){.event_threads = 2,
				    .workers = 1,
				    .limits = {.held = MOST, .hold_again_ms = NEVER}});
	struct client *clients[MOST], *more = client_unix(&serve);
	for (int i = 0; i < MOST; i++)
		clients[i] = hold(i % 2 ? GET("/wait/1") : GET("/late/1"));
	refused(more, GET("/wait/1"));
	refused(more, GET("/late/1"));
	client_free(clients[0]);
	wait_held(MOST - 1);
	clients[0] = hold(GET("/wait/1")); /* its place is free again */
	refused(more, GET("/wait/1"));
	serve_happen(&serve, 1);
	for (int i = 0; i < MOST; i++) {
		assert_int_equal(client_answer(clients[i], "GET").status, 200);
		client_free(clients[i]);
	}
	wait_held(0);
	client_free(more);
	serve_end(&serve);
}

static void test_per_address(void **state)
{
	(void)state;
	enum { MOST = 3 };
	serve_start(&serve, (struct server_conf){.event_threads = 2,
				    .limits = {.held_per_address = MOST, .hold_again_ms = NEVER}});
	struct client *clients[MOST], *more = client_tcp(&serve), *other = hold(GET("/wait/1"));
	for (int i = 0; i < MOST; i++) {
		clients[i] = client_tcp(&serve);
		client_say(clients[i], GET("/wait/1"));
	}
	wait_held(MOST + 1); /* who comes by a Unix socket has no address to count */
	refused(more, GET("/wait/1"));
	client_free(clients[0]);
	wait_held(MOST);
	client_say(more, GET("/wait/1"));
	wait_held(MOST + 1);
	for (int i = 1; i < MOST; i++)
		client_free(clients[i]);
	client_free(more);
	client_free(other);
	wait_held(0);
	serve_end(&serve);
}

/* Behind our proxy the address that it names is counted, IPv6 by /64. */
static void test_behind_proxy(void **state)
{
	(void)state;
#define FROM(address) "GET /wait/1 HTTP/1.1\r\n" HOST "X-Real-IP: " address "\r\n\r\n"
	serve_start(&serve, (struct server_conf){.event_threads = 1,
				    .trust_forwarded = true,
				    .limits = {.held_per_address = 1, .hold_again_ms = NEVER}});
	struct client *clients[] = {hold(FROM("192.0.2.1")), hold(FROM("192.0.2.2")),
		hold(FROM("2001:db8::1")), hold(FROM("2001:db8:0:1::1")), hold(GET("/wait/1")),
		hold(GET("/wait/1"))};
	struct client *more = client_unix(&serve);
	refused(more, FROM("192.0.2.1"));
	refused(more, FROM("2001:db8::2"));
	serve_happen(&serve, 1);
	for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++) {
		assert_int_equal(client_answer(clients[i], "GET").status, 200);
		client_free(clients[i]);
	}
	client_free(more);
	serve_end(&serve);
}

/* No worker has time: who is held goes on waiting instead of being sent away. */
static void test_full_queue(void **state)
{
	(void)state;
	enum { QUEUE = 2 };
	serve_start(&serve, (struct server_conf){.event_threads = 1,
				    .workers = 1,
				    .limits = {.queue = QUEUE, .hold_again_ms = 20}});
	struct client *waiting = hold(GET("/late/1")), *working[1 + QUEUE];
	for (int i = 0; i < 1 + QUEUE; i++) {
		working[i] = client_unix(&serve);
		client_say(working[i], GET("/block"));
		if (i == 0)
			while (sem_wait(&serve.blocked) != 0)
				;
	}
	usleep(200000);
	assert_int_equal(held(), 1);
	serve_release(&serve, 1 + QUEUE);
	for (int i = 0; i < 1 + QUEUE; i++) {
		int status = client_answer(working[i], "GET").status;
		assert_true(status == 200 ||
			    status == 503); /* the held one may have had the last place */
		client_free(working[i]);
	}
	serve.facts[1] = true;
	assert_int_equal(client_answer(waiting, "GET").status, 200);
	client_free(waiting);
	serve_end(&serve);
}

static long resident(void)
{
	long total, pages;
	FILE *file = fopen("/proc/self/statm", "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld %ld", &total, &pages), 2);
	fclose(file);
	return pages * sysconf(_SC_PAGESIZE);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEASURED false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MEASURED false
#endif
#endif
#ifndef MEASURED
#define MEASURED true
#endif

/* Three hundred that wait take little memory, and nobody else waits because of them. */
static void test_many(void **state)
{
	(void)state;
	enum { MANY = 300, COST = 32 << 10 };
	static struct client *clients[MANY];
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max < 4096 ? files.rlim_max : 4096;
	setrlimit(RLIMIT_NOFILE, &files);
	serve_start(&serve,
		(struct server_conf){
			.event_threads = 2, .workers = 2, .limits = {.hold_again_ms = 100}});
	struct client *ordinary = client_tcp(&serve);
	for (int i = 0; i < MANY; i++)
		clients[i] = client_tcp(&serve);
	long before = resident();
	for (int i = 0; i < MANY; i++)
		client_say(clients[i], i % 2 ? GET("/wait/1") : GET("/late/1"));
	wait_held(MANY);
	for (int i = 0; i < 300; i++) {
		client_say(ordinary, i % 2 ? GET("/") : GET("/worker"));
		assert_int_equal(client_answer(ordinary, "GET").status, 200);
	}
	if (MEASURED)
		assert_true(resident() - before < MANY * COST);
	serve_happen(&serve, 1);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(client_answer(clients[i], "GET").status, 200);
		client_free(clients[i]);
	}
	client_free(ordinary);
	wait_held(0);
	serve_end(&serve);
}

/* The longest wait, whatever a handler asks for. */
static void test_longest(void **state)
{
	(void)state;
	static const int64_t asked[] = {
		-1, 0, 1, LIMIT_HTTP_HOLD_MS - 1, LIMIT_HTTP_HOLD_MS, LIMIT_HTTP_HOLD_MS + 1};
	static const int64_t given[] = {
		1, 1, 1, LIMIT_HTTP_HOLD_MS - 1, LIMIT_HTTP_HOLD_MS, LIMIT_HTTP_HOLD_MS};
	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
		struct response res = {0};
		response_hold(&res, STR("k"), asked[i]);
		assert_int_equal(res.hold_ms, given[i]);
	}
}

/* A later ring is never hidden by an earlier one that was slower. */
static void test_waits(void **state)
{
	(void)state;
	static struct waits waits;
	AUTO_ARENA arena;
	struct http_limits limits = http_limits_filled(&(struct http_limits){.held = 2});
	arena_init(&arena, waits_bytes(&limits) + 4096);
	waits_init(&waits, &arena, &limits);
	unsigned place = waits_place(STR("4J8"));
	assert_true(place < WAITS_KEYS);
	uint64_t asked = waits_now(&waits);
	assert_false(waits_rung(&waits, place, asked));
	waits_ring(&waits, STR("4J8"));
	assert_true(waits_rung(&waits, place, asked));
	assert_false(waits_rung(&waits, place, waits_now(&waits)));
	struct peer peer = {.counted = false};
	assert_true(waits_take(&waits, &peer));
	assert_true(waits_take(&waits, &peer));
	assert_false(waits_take(&waits, &peer));
	waits_return(&waits, &peer);
	assert_true(waits_take(&waits, &peer));
	assert_int_equal(waits_held(&waits), 2);
	waits_release(&waits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_all),
		cmocka_unit_test(test_per_address),
		cmocka_unit_test(test_behind_proxy),
		cmocka_unit_test(test_full_queue),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_waits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

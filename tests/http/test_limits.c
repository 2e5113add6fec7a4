/* What a server does when there is too much of something, and when it is told to stop. */
#include "client.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cmocka.h>

#define HOST "Host: a.example\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" HOST "\r\n"

static struct serve serve;

static struct server_stats stats(void)
{
	struct server_stats now;
	server_stats(serve.server, &now);
	return now;
}

static void wait_blocked(void)
{
	while (sem_wait(&serve.blocked) != 0)
		;
}

static void wait_open(uint64_t count)
{
	while (stats().open != count)
		usleep(1000);
}

static int ask(struct client *client)
{
	client_say(client, GET("/"));
	return client_answer(client, "GET").status;
}

static void test_queue_overflow(void **state)
{
	(void)state;
	enum { QUEUE = 8, MORE = 5 };
	serve_start(&serve,
		(struct server_conf){.event_threads = 2, .workers = 1, .limits = {.queue = QUEUE}});
	struct client *working = client_tcp(&serve), *waiting[QUEUE];
	client_say(working, GET("/block"));
	wait_blocked();
	for (int i = 0; i < QUEUE; i++) {
		waiting[i] = client_tcp(&serve);
		client_say(waiting[i], GET("/worker"));
	}
	while (stats().requests < 1 + QUEUE)
		usleep(1000);
	for (int i = 0; i < MORE; i++) {
		struct client *client = client_tcp(&serve);
		/* Whoever answers has what came: a form is not lost for it. */
		client_say(client, "POST /worker HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\ntyped");
		struct answer answer = client_answer(client, "POST");
		assert_int_equal(answer.status, 503);
		assert_false(str_empty(answer_header(&answer, "Retry-After")));
		assert_true(str_eq(answer.body, STR("busy /worker typed\n")));
		assert_int_equal(ask(client),
			200); /* what needs no worker is served, on the same connection */
		client_free(client);
	}
	assert_int_equal(server_post(serve.server, free, NULL).code, ERR_LIMIT);
	assert_int_equal(stats().queue_full, MORE);
	serve_release(&serve, 1);
	assert_int_equal(client_answer(working, "GET").status, 200);
	client_free(working);
	for (int i = 0; i < QUEUE; i++) {
		assert_int_equal(client_answer(waiting[i], "GET").status, 200);
		client_free(waiting[i]);
	}
	serve_end(&serve);
}

static void post_sem(void *arg)
{
	sem_post(arg);
}

static void test_post(void **state)
{
	(void)state;
	sem_t done;
	sem_init(&done, 0, 0);
	serve_start(&serve, (struct server_conf){.event_threads = 1, .workers = 2});
	for (int i = 0; i < 100; i++)
		assert_int_equal(server_post(serve.server, post_sem, &done).code, OK);
	serve_end(&serve); /* what was taken in is run */
	int count;
	assert_int_equal(sem_getvalue(&done, &count), 0);
	assert_int_equal(count, 100);
	sem_destroy(&done);

	serve_start(&serve, (struct server_conf){.event_threads = 1});
	assert_int_equal(server_post(serve.server, post_sem, &done).code, ERR_UNAVAILABLE);
	struct client *client = client_tcp(&serve);
	client_say(client, GET("/worker")); /* without workers all is inline */
	assert_int_equal(client_answer(client, "GET").status, 200);
	client_free(client);
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
#define PLAIN false /* a sanitizer's own memory grows with ours */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PLAIN false
#endif
#endif
#ifndef PLAIN
#define PLAIN true
#endif

#define IDLE 1000

static void test_idle_connections(void **state)
{
	(void)state;
	serve_start(&serve, (struct server_conf){.event_threads = 2, .workers = 1});
	static struct sockaddr_storage address;
	struct client *first = client_tcp(&serve);
	assert_int_equal(ask(first), 200);
	socklen_t size = sizeof address;
	assert_int_equal(getpeername(first->fd, (struct sockaddr *)&address, &size), 0);

	/* Each asks once, so that each has had all its buffers. */
	static const char request[] = GET("/size/3000");
	struct rlimit files;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
	files.rlim_cur = files.rlim_max; /* two descriptors for each are ours */
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
	long before = resident();
	int fds[IDLE];
	for (int i = 0; i < IDLE; i++) {
		char answer[4000];
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_int_equal(connect(fds[i], (struct sockaddr *)&address, size), 0);
		assert_int_equal(send(fds[i], request, sizeof request - 1, 0), sizeof request - 1);
		assert_true(recv(fds[i], answer, sizeof answer, 0) > 3000);
	}
	long each = (resident() - before) / IDLE;
	if (PLAIN && each > 8 << 10)
		fail_msg("an idle connection takes %ld bytes", each);
	wait_open(IDLE + 1);
	for (int i = 0; i < IDLE; i++) {
		char answer[4000];
		assert_int_equal(send(fds[i], request, sizeof request - 1, 0), sizeof request - 1);
		assert_true(recv(fds[i], answer, sizeof answer, 0) > 3000);
		close(fds[i]);
	}
	wait_open(1);
	client_free(first);
	serve_end(&serve);
}

static void test_connections(void **state)
{
	(void)state;
	serve_start(&serve, (struct server_conf){.event_threads = 2,
				    .limits = {.connections = 6, .per_address = 4}});
	struct client *tcp[4], *unix_[2];
	for (int i = 0; i < 4; i++) {
		tcp[i] = client_tcp(&serve);
		assert_int_equal(ask(tcp[i]), 200);
	}
	/* One more of this address, while others may still come. */
	struct client *more = client_tcp(&serve);
	struct answer answer = client_answer(more, "GET");
	assert_int_equal(answer.status, 503);
	assert_false(str_empty(answer_header(&answer, "Retry-After")));
	assert_true(client_at_end(more));
	client_free(more);
	for (int i = 0; i < 2; i++) {
		unix_[i] = client_unix(&serve);
		assert_int_equal(ask(unix_[i]), 200);
	}
	/* One more in all. */
	more = client_unix(&serve);
	assert_int_equal(client_answer(more, "GET").status, 503);
	client_free(more);
	client_free(tcp[0]);
	wait_open(5);
	tcp[0] = client_tcp(&serve);
	assert_int_equal(ask(tcp[0]), 200);
	for (int i = 0; i < 4; i++)
		client_free(tcp[i]);
	for (int i = 0; i < 2; i++)
		client_free(unix_[i]);
	wait_open(0);
	serve_end(&serve);
}

/* Behind our proxy all come from one address: it counts, and says who they are. */
static void test_trusted_proxy(void **state)
{
	(void)state;
	static const struct {
		const char *headers, *peer;
	} cases[] = {
		{"X-Real-IP: 192.0.2.7\r\n", "\npeer=192.0.2.7\n"},
		{"X-Forwarded-For: 192.0.2.1, 2001:db8::7\r\n", "\npeer=2001:db8::7\n"},
		{"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n",
			"\npeer=192.0.2.2\n"},
		{"X-Forwarded-For: 192.0.2.1, evil\r\n", "\npeer=127.0.0.1\n"},
		{"X-Real-IP: 192.0.2.7:80\r\n", "\npeer=127.0.0.1\n"},
		{"", "\npeer=127.0.0.1\n"},
	};
	serve_start(&serve,
		(struct server_conf){
			.event_threads = 1, .trust_forwarded = true, .limits = {.per_address = 1}});
	struct client *other = client_tcp(&serve), *client = client_tcp(&serve);
	assert_int_equal(ask(other), 200);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		client_say(client, "GET /echo HTTP/1.1\r\n" HOST);
		client_say(client, cases[i].headers);
		client_say(client, "\r\n");
		struct answer answer = client_answer(client, "GET");
		if (str_find(answer.body, str_of(cases[i].peer)) < 0)
			fail_msg("%s: " STR_FMT, cases[i].headers, STR_ARG(answer.body));
	}
	client_free(client);
	client_free(other);
	serve_end(&serve);
}

/* Without descriptors accepting pauses; those who are connected are served, and it goes on by
 * itself. */
static void test_no_descriptors(void **state)
{
	(void)state;
	serve_start(&serve, (struct server_conf){.event_threads = 1});
	struct client *before = client_tcp(&serve), *waiting = NULL;
	assert_int_equal(ask(before), 200);
	struct rlimit old, few;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	int spare = dup(0);
	few = (struct rlimit){.rlim_cur = (rlim_t)spare + 1, .rlim_max = old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	close(spare); /* one left: for the client's end */
	waiting = client_tcp(&serve);
	client_say(waiting, GET("/"));
	for (int i = 0; i < 30; i++) {
		assert_int_equal(ask(before), 200);
		usleep(10000);
	}
	assert_int_equal(stats().connections, 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(client_answer(waiting, "GET").status, 200);
	client_free(waiting);
	client_free(before);
	serve_end(&serve);
}

/* Stopping: idle connections end, what is under way is finished and answered, nothing new is taken.
 */
static void test_stop(void **state)
{
	(void)state;
	serve_start(&serve, (struct server_conf){.event_threads = 2, .workers = 2});
	struct client *idle = client_tcp(&serve), *working = client_tcp(&serve),
		      *sending = client_tcp(&serve);
	assert_int_equal(ask(idle), 200);
	client_say(working, GET("/block"));
	wait_blocked();
	client_say(sending,
		"POST /echo HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
	assert_int_equal(client_answer(sending, "POST").status, 100);
	server_stop(serve.server);
	assert_true(client_at_end(idle));
	client_say(sending, "abc");
	struct answer answer = client_answer(sending, "POST");
	assert_int_equal(answer.status, 200);
	assert_true(str_eq(answer_header(&answer, "Connection"), STR("close")));
	assert_true(client_at_end(sending));
	serve_release(&serve, 1);
	assert_int_equal(client_answer(working, "GET").status, 200);
	assert_true(client_at_end(working));
	client_free(idle);
	client_free(sending);
	client_free(working);
	serve_end(&serve);
}

/* Who does not come to an end is cut. */
static void test_stop_in_time(void **state)
{
	(void)state;
	serve_start(&serve,
		(struct server_conf){.event_threads = 2, .workers = 1, .limits = {.stop_ms = 200}});
	struct client *client = client_tcp(&serve), *working = client_tcp(&serve),
		      *waiting = client_tcp(&serve);
	client_say(client,
		"POST /echo HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
	assert_int_equal(client_answer(client, "POST").status, 100);
	client_say(working, GET("/block"));
	wait_blocked();
	client_say(waiting, GET("/worker"));
	while (stats().requests < 2)
		usleep(1000);
	server_stop(serve.server);
	assert_true(client_at_end(client));
	assert_true(client_at_end(working));
	assert_true(client_at_end(waiting));
	serve_release(&serve, 1); /* a handler that has begun is waited for */
	client_free(client);
	client_free(working);
	client_free(waiting);
	serve_end(&serve);
	assert_int_equal(serve.handled, 1);
}

static void on_signal(int number)
{
	(void)number;
	server_stop(serve.server);
}

static void test_stop_by_signal(void **state)
{
	(void)state;
	serve_start(&serve, (struct server_conf){.event_threads = 2, .workers = 1});
	struct client *client = client_tcp(&serve);
	assert_int_equal(ask(client), 200);
	struct sigaction action = {.sa_handler = on_signal}, old;
	sigaction(SIGTERM, &action, &old);
	kill(getpid(), SIGTERM);
	assert_true(client_at_end(client));
	client_free(client);
	serve_end(&serve);
	sigaction(SIGTERM, &old, NULL);
}

static void test_listen(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "8080", ":8080", "localhost:80", "127.0.0.1",
		"127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "1.2.3:80", "[::1]", "[::1:80",
		"::1:80", "[]:80", "unix:", "unix:relative", "fd:1", "fd:x"};
	struct server_conf conf = {.event_threads = 1};
	struct server *server, *second;
	unsigned port;
	assert_int_equal(server_new(&conf, &server).code, OK);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (server_listen(server, bad[i], &port).code != ERR_INVALID)
			fail_msg("\"%s\" was taken", bad[i]);
	}
	/* A socket that somebody listens on is left alone; one that is left over is replaced. */
	char path[60];
	(void)snprintf(path, sizeof path, "unix:/tmp/http-test-%d-listen.sock", getpid());
	unlink(path + 5);
	assert_int_equal(server_listen(server, path, NULL).code, OK);
	assert_int_equal(server_new(&conf, &second).code, OK);
	assert_int_equal(server_listen(second, path, NULL).code, ERR_CONFLICT);
	server_free(server);
	assert_int_equal(server_listen(second, path, NULL).code, OK);
	char address[40];
	assert_int_equal(server_listen(second, "127.0.0.1:0", &port).code, OK);
	(void)snprintf(address, sizeof address, "127.0.0.1:%u", port);
	assert_int_equal(server_listen(second, address, NULL).code, ERR_CONFLICT);
	server_stop(second); /* before it runs */
	assert_int_equal(server_run(second).code, OK);
	server_free(second);
	assert_int_not_equal(access(path + 5, F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queue_overflow),
		cmocka_unit_test(test_post),
		cmocka_unit_test(test_idle_connections),
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_trusted_proxy),
		cmocka_unit_test(test_no_descriptors),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_stop_in_time),
		cmocka_unit_test(test_stop_by_signal),
		cmocka_unit_test(test_listen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The small parts of the server: deadlines, the workers' queue, the counting of connections,
 * addresses. */
#include "http/admit.h"
#include "http/conn.h"
#include "http/queue.h"
#include "http/timer.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct peer peer_of(const char *text)
{
	struct sockaddr_storage address = {0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)&address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)&address;
	struct peer peer;
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1)
		address.ss_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1)
		address.ss_family = AF_INET6;
	else
		address.ss_family = AF_UNIX;
	peer_read(&address, &peer);
	return peer;
}

static void test_timers(void **state)
{
	(void)state;
	struct http_limits limits = http_limits_filled(
		&(struct http_limits){.idle_ms = 100, .head_ms = 10, .linger_ms = 50});
	struct timers timers;
	struct timer a = {0}, b = {0}, c = {0};
	timers_init(&timers, &limits);
	assert_int_equal(timers_wait(&timers, 1000), -1);
	assert_null(timers_due(&timers, INT64_MAX));
	timer_clear(&a); /* in no list: nothing */
	timer_set(&timers, &a, TIMER_IDLE, 1000);
	timer_set(&timers, &b, TIMER_IDLE, 1005);
	timer_set(&timers, &c, TIMER_HEAD, 1007);
	assert_int_equal(timers_wait(&timers, 1010), 7);
	assert_int_equal(timers_wait(&timers, 5000), 0);
	assert_null(timers_due(&timers, 1016));
	assert_ptr_equal(timers_due(&timers, 1017), &c);
	timer_set(&timers, &c, TIMER_WORKER, 1017); /* never */
	assert_int_equal(timers_wait(&timers, 1017), 83);
	assert_ptr_equal(timers_due(&timers, 1105), &a);
	timer_set(&timers, &a, TIMER_IDLE, 1105); /* behind b */
	assert_ptr_equal(timers_first(&timers, TIMER_IDLE), &b);
	assert_ptr_equal(timers_due(&timers, 1105), &b);
	timer_clear(&b);
	timer_clear(&b);
	assert_null(timers_due(&timers, 1105));
	timer_clear(&a);
	assert_int_equal(timers_wait(&timers, 1105), -1);
	assert_ptr_equal(timers_first(&timers, TIMER_WORKER), &c);
}

static void nothing(void *arg)
{
	(void)arg;
}

static void test_queue(void **state)
{
	(void)state;
	struct arena arena;
	struct queue queue;
	struct task task;
	int marks[10];
	arena_init(&arena, 1u << 20);
	queue_init(&queue, &arena, 3);
	for (int round = 0; round < 3; round++) { /* the ring turns */
		for (int i = 0; i < 3; i++)
			assert_int_equal(
				queue_push(&queue, (struct task){.fn = nothing, .arg = &marks[i]})
					.code,
				OK);
		assert_int_equal(queue_push(&queue, (struct task){.fn = nothing}).code, ERR_LIMIT);
		for (int i = 0; i < 2 + (round < 2); i++) {
			assert_true(queue_take(&queue, &task));
			assert_ptr_equal(task.arg, &marks[i]);
		}
	}
	queue_close(&queue);
	assert_int_equal(queue_push(&queue, (struct task){.fn = nothing}).code, ERR_UNAVAILABLE);
	assert_true(queue_take(&queue, &task)); /* what was taken in is handed out */
	assert_false(queue_take(&queue, &task));
	queue_release(&queue);
	arena_release(&arena);
}

/* Many addresses come and go; a plain count of each is what it must agree with. */
static void test_admit(void **state)
{
	(void)state;
	enum { ADDRESSES = 300, MOST = 200, EACH = 3 };
	struct http_limits limits =
		http_limits_filled(&(struct http_limits){.connections = MOST, .per_address = EACH});
	struct admit admit;
	admit_init(&admit, &limits);
	struct conn *conns[MOST];
	int owner[MOST], counts[ADDRESSES] = {0};
	size_t open = 0;
	uint32_t dice = 1;
	for (int i = 0; i < 100000; i++) {
		dice = dice * 1664525 + 1013904223;
		int address = (int)(dice >> 8) % ADDRESSES;
		if ((dice >> 28) < (i / 10000 % 2 ? 5 : 11)) {
			char text[64];
			(void)snprintf(text, sizeof text,
				address % 2 ? "192.0.%d.%d" : "2001:db8:%d:%d::1",
				address / 200 + 1, address % 200 + 1);
			struct peer peer = peer_of(text);
			struct conn *conn = admit_take(&admit, &peer);
			assert_int_equal(conn != NULL, open < MOST && counts[address] < EACH);
			if (conn) {
				assert_string_equal(conn->peer.text, text);
				counts[address]++;
				owner[open] = address;
				conns[open++] = conn;
			}
		} else if (open > 0) {
			size_t at = dice % open;
			admit_return(&admit, conns[at]);
			counts[owner[at]]--;
			open--;
			conns[at] = conns[open];
			owner[at] = owner[open];
		}
		assert_int_equal(admit_open(&admit), open);
	}
	admit_release(&admit);
}

static void test_peers(void **state)
{
	(void)state;
	struct peer a = peer_of("192.0.2.1"), mapped = peer_of("::ffff:192.0.2.1"),
		    other = peer_of("192.0.2.2");
	assert_string_equal(mapped.text, "192.0.2.1");
	assert_memory_equal(a.key, mapped.key, sizeof a.key);
	assert_memory_not_equal(a.key, other.key, sizeof a.key);
	struct peer x = peer_of("2001:db8:1:2:3::4"), y = peer_of("2001:db8:1:2:ffff::"),
		    z = peer_of("2001:db8:1:3::");
	assert_memory_equal(x.key, y.key, sizeof x.key); /* one customer */
	assert_memory_not_equal(x.key, z.key, sizeof x.key);
	assert_true(peer_of("127.3.2.1").local && peer_of("::1").local && peer_of("unix").local);
	assert_false(a.local || x.local);
	assert_true(a.counted && x.counted && !peer_of("unix").counted);
	assert_string_equal(peer_of("unix").text, "unix");

	static const char *const numbers[] = {"1.2.3.4", "::1", "2001:db8::1", "::ffff:1.2.3.4"};
	static const struct str others[] = {STR_INIT(""), STR_INIT("1.2.3"), STR_INIT("1.2.3.4 "),
		STR_INIT("[::1]"), STR_INIT("1.2.3.4:80"), STR_INIT("a.example"), STR_INIT("::1\0"),
		STR_INIT("1.2.3.256"),
		STR_INIT("1111:1111:1111:1111:1111:1111:1111:1111:1111:1111")};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		assert_true(address_is_number(str_of(numbers[i])));
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_false(address_is_number(others[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_admit),
		cmocka_unit_test(test_peers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

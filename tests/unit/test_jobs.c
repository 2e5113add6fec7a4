#include "jobs/backoff.h"
#include "jobs/bell.h"

#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>

/* The parts of jobs/ that need no database; the whole is tested in tests/smtp/outbox.test.mjs. */

static void waits_double_within_a_quarter_and_have_an_end(void **state)
{
	static const struct backoff mail = {.first_ms = TIME_MINUTE, .longest_ms = 4 * TIME_HOUR};
	static const int64_t want[] = {1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240};

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		int64_t least = INT64_MAX, most = 0;
		for (int k = 0; k < 500; k++) {
			int64_t ms = backoff_ms(&mail, (int64_t)i + 1);
			least = ms < least ? ms : least;
			most = ms > most ? ms : most;
		}
		assert_true(least >= want[i] * TIME_MINUTE * 3 / 4);
		assert_true(most <= want[i] * TIME_MINUTE * 5 / 4);
		assert_true(most > least);
	}
}

static void odd_counts_do_no_harm(void **state)
{
	static const struct backoff backoff = {.first_ms = 1000, .longest_ms = 60000};

	(void)state;
	assert_true(backoff_ms(&backoff, 0) <= 1250);
	assert_true(backoff_ms(&backoff, -5) <= 1250);
	assert_true(backoff_ms(&backoff, INT64_MAX) >= 45000);
	assert_true(backoff_ms(&backoff, INT64_MAX) <= 75000);
}

struct listener {
	struct bell bell;
	atomic_int woken;
};

static void *listen_once(void *arg)
{
	struct listener *listener = arg;

	bell_wait(&listener->bell, 0, 60000);
	atomic_fetch_add(&listener->woken, 1);
	return NULL;
}

static void a_ring_wakes_all(void **state)
{
	struct listener listener = {.woken = 0};
	pthread_t threads[4];

	(void)state;
	bell_init(&listener.bell);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, listen_once, &listener), 0);
	bell_ring(&listener.bell);
	for (size_t i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(listener.woken, 4);
	bell_release(&listener.bell);
}

/* Whoever looked for work before the ring does not wait. */
static void a_ring_before_the_wait_is_not_lost(void **state)
{
	struct bell bell;

	(void)state;
	bell_init(&bell);
	uint64_t seen = bell_rings(&bell);
	bell_ring(&bell);
	bell_wait(&bell, seen, 600000);
	assert_int_equal(bell_rings(&bell), seen + 1);
	bell_wait(&bell, bell_rings(&bell), 1); /* nobody rings: the time ends it */
	bell_release(&bell);
}

static void the_end_is_for_all_and_for_ever(void **state)
{
	struct listener listener = {.woken = 0};
	pthread_t thread;

	(void)state;
	bell_init(&listener.bell);
	assert_int_equal(bell_stopped_at(&listener.bell), 0);
	assert_int_equal(pthread_create(&thread, NULL, listen_once, &listener), 0);
	bell_stop(&listener.bell);
	pthread_join(thread, NULL);
	int64_t at = bell_stopped_at(&listener.bell);
	assert_true(at > 0);
	bell_wait(&listener.bell, bell_rings(&listener.bell), 600000);
	bell_stop(&listener.bell);
	assert_int_equal(bell_stopped_at(&listener.bell), at);
	bell_release(&listener.bell);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_double_within_a_quarter_and_have_an_end),
		cmocka_unit_test(odd_counts_do_no_harm),
		cmocka_unit_test(a_ring_wakes_all),
		cmocka_unit_test(a_ring_before_the_wait_is_not_lost),
		cmocka_unit_test(the_end_is_for_all_and_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

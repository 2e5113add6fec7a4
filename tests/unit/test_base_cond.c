/* base/cond: deadlines, and waits that end at them. */
#include "base/cond.h"

#include "base/time.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_a_deadline_lies_ahead_by_what_was_asked(void **state)
{
	static const int64_t waits[] = {0, 1, 999, 1000, 1001, 86400000, INT64_C(1) << 40};
	(void)state;
	/* All places in a second, among them those where the nanoseconds carry over. */
	for (int round = 0; round < 2000; round++) {
		int64_t ms = waits[(size_t)round % (sizeof waits / sizeof *waits)];
		int64_t before = time_monotonic_us();
		struct timespec at = cond_deadline(ms);
		int64_t after = time_monotonic_us();
		int64_t us = (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
		assert_in_range(at.tv_nsec, 0, 999999999);
		assert_true(us >= before + ms * 1000 && us <= after + ms * 1000);
	}
}

static void test_who_is_not_woken_wakes_at_the_deadline(void **state)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t cond;
	int64_t began = time_monotonic_us();
	int rc;
	(void)state;
	cond_init(&cond);
	pthread_mutex_lock(&lock);
	struct timespec deadline = cond_deadline(20);
	do
		rc = pthread_cond_timedwait(&cond, &lock, &deadline);
	while (rc == 0);
	pthread_mutex_unlock(&lock);
	pthread_cond_destroy(&cond);
	assert_int_equal(rc, ETIMEDOUT);
	assert_true(time_monotonic_us() - began >= 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_deadline_lies_ahead_by_what_was_asked),
		cmocka_unit_test(test_who_is_not_woken_wakes_at_the_deadline),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

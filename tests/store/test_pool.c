/* The bounded set of connections (store/pool.h): taking, and letting all come to rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/pool.h"

#include <stdatomic.h>

#define COUNT 3

static void *items[COUNT];
static int things[COUNT];
static struct pool pool;

static int fresh(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		items[i] = &things[i];
	pool_init(&pool, items, COUNT);
	return 0;
}

static int done(void **state)
{
	(void)state;
	pool_release(&pool);
	return 0;
}

static void *taken(void)
{
	void *item = NULL;
	assert_int_equal(pool_take(&pool, &item).code, OK);
	return item;
}

static void what_came_back_last_goes_first(void **state)
{
	(void)state;
	void *one = taken(), *other = taken();
	pool_give(&pool, one);
	pool_give(&pool, other);
	assert_ptr_equal(taken(), other);
}

/* Somebody has one: it is waited for, then given up, and all goes on as before. */
static void draining_gives_up(void **state)
{
	(void)state;
	void *one = taken();
	assert_false(pool_drain(&pool, 1));
	void *other = taken();
	pool_give(&pool, other);
	pool_give(&pool, one);
	assert_true(pool_drain(&pool, 1));
	pool_resume(&pool);
	pool_give(&pool, taken());
}

struct taker {
	pthread_t thread;
	_Atomic bool got;
};

static void *take_and_give(void *arg)
{
	struct taker *taker = arg;
	void *item;
	if (failed(pool_take(&pool, &item)))
		return NULL;
	taker->got = true;
	pool_give(&pool, item);
	return NULL;
}

static void *drain_and_tell(void *arg)
{
	_Atomic bool *drained = arg;
	*drained = pool_drain(&pool, POOL_WAIT_MS);
	return NULL;
}

/* Who has one gives it back; who wants one then waits, and gets it afterwards. */
static void nobody_gets_one_while_it_rests(void **state)
{
	(void)state;
	struct taker taker = {.got = false};
	_Atomic bool drained = false;
	pthread_t drainer;
	void *one = taken();
	assert_int_equal(pthread_create(&drainer, NULL, drain_and_tell, &drained), 0);
	pool_give(&pool, one);
	pthread_join(drainer, NULL);
	assert_true(drained);
	assert_int_equal(pthread_create(&taker.thread, NULL, take_and_give, &taker), 0);
	struct timespec moment = {.tv_nsec = 20000000};
	nanosleep(&moment, NULL);
	assert_false(taker.got);
	pool_resume(&pool);
	pthread_join(taker.thread, NULL);
	assert_true(taker.got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_came_back_last_goes_first, fresh, done),
		cmocka_unit_test_setup_teardown(draining_gives_up, fresh, done),
		cmocka_unit_test_setup_teardown(nobody_gets_one_while_it_rests, fresh, done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#ifndef STORE_POOL_H
#define STORE_POOL_H

#include "base/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

/*
 * A bounded set of connections. What was given back last is taken first, because its caches are
 * warm; who waits is woken alone. Taking waits POOL_WAIT_MS at most, then answers RETRY.
 *
 * pool_drain waits until nobody has one, `ms` at most; meanwhile, and if it succeeds until pool_resume, nobody gets one.
 */

#define POOL_WAIT_MS 5000

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t freed, drained;
	void **free; /* a stack */
	size_t n, size;
	bool draining;
};

/* items: room for all of them, filled by the caller; the pool keeps using the array. */
void pool_init(struct pool *pool, void **items, size_t count);
void pool_release(struct pool *pool);
err pool_take(struct pool *pool, void **out);
void pool_give(struct pool *pool, void *item);
bool pool_drain(struct pool *pool, int ms); /* by one thread at a time */
void pool_resume(struct pool *pool);

#endif

#include "store/pool.h"

#include "base/cond.h"

void pool_init(struct pool *pool, void **items, size_t count)
{
	pool->free = items;
	pool->n = pool->size = count;
	pool->draining = false;
	pthread_mutex_init(&pool->lock, NULL);
	cond_init(&pool->freed);
	cond_init(&pool->drained);
}

void pool_release(struct pool *pool)
{
	pthread_cond_destroy(&pool->drained);
	pthread_cond_destroy(&pool->freed);
	pthread_mutex_destroy(&pool->lock);
}

err pool_take(struct pool *pool, void **out)
{
	struct timespec deadline = {0};
	int rc = 0;
	pthread_mutex_lock(&pool->lock);
	while ((pool->n == 0 || pool->draining) && rc == 0) {
		if (deadline.tv_sec == 0)
			deadline = cond_deadline(POOL_WAIT_MS);
		rc = pthread_cond_timedwait(&pool->freed, &pool->lock, &deadline);
	}
	bool got = pool->n > 0 && !pool->draining;
	if (got)
		*out = pool->free[--pool->n];
	pthread_mutex_unlock(&pool->lock);
	return got ? ok()
		   : fail(ERR_RETRY, "no database connection became free in %d ms", POOL_WAIT_MS);
}

void pool_give(struct pool *pool, void *item)
{
	pthread_mutex_lock(&pool->lock);
	pool->free[pool->n++] = item;
	if (!pool->draining)
		pthread_cond_signal(&pool->freed);
	else if (pool->n == pool->size)
		pthread_cond_signal(&pool->drained);
	pthread_mutex_unlock(&pool->lock);
}

bool pool_drain(struct pool *pool, int ms)
{
	struct timespec deadline = cond_deadline(ms);
	int rc = 0;
	pthread_mutex_lock(&pool->lock);
	pool->draining = true;
	while (pool->n < pool->size && rc == 0)
		rc = pthread_cond_timedwait(&pool->drained, &pool->lock, &deadline);
	bool all = pool->n == pool->size;
	pthread_mutex_unlock(&pool->lock);
	if (!all)
		pool_resume(pool);
	return all;
}

void pool_resume(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->draining = false;
	pthread_cond_broadcast(&pool->freed);
	pthread_mutex_unlock(&pool->lock);
}

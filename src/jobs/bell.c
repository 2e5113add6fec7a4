#include "jobs/bell.h"

#include "base/cond.h"
#include "base/time.h"

void bell_init(struct bell *bell)
{
	*bell = (struct bell){.rings = 0};
	pthread_mutex_init(&bell->lock, NULL);
	cond_init(&bell->changed);
	cond_init(&bell->ended);
}

void bell_release(struct bell *bell)
{
	pthread_cond_destroy(&bell->ended);
	pthread_cond_destroy(&bell->changed);
	pthread_mutex_destroy(&bell->lock);
}

void bell_ring(struct bell *bell)
{
	pthread_mutex_lock(&bell->lock);
	bell->rings++;
	pthread_cond_broadcast(&bell->changed);
	pthread_mutex_unlock(&bell->lock);
}

void bell_stop(struct bell *bell)
{
	pthread_mutex_lock(&bell->lock);
	if (!bell->stopped_at)
		bell->stopped_at = time_monotonic();
	pthread_cond_broadcast(&bell->changed);
	pthread_cond_broadcast(&bell->ended);
	pthread_mutex_unlock(&bell->lock);
}

uint64_t bell_rings(struct bell *bell)
{
	pthread_mutex_lock(&bell->lock);
	uint64_t rings = bell->rings;
	pthread_mutex_unlock(&bell->lock);
	return rings;
}

int64_t bell_stopped_at(struct bell *bell)
{
	pthread_mutex_lock(&bell->lock);
	int64_t at = bell->stopped_at;
	pthread_mutex_unlock(&bell->lock);
	return at;
}

void bell_wait(struct bell *bell, uint64_t seen, int64_t ms)
{
	struct timespec until = cond_deadline(ms);

	pthread_mutex_lock(&bell->lock);
	while (bell->rings == seen && !bell->stopped_at)
		if (pthread_cond_timedwait(&bell->changed, &bell->lock, &until) != 0)
			break;
	pthread_mutex_unlock(&bell->lock);
}

void bell_sleep(struct bell *bell, int64_t ms)
{
	struct timespec until = cond_deadline(ms);

	pthread_mutex_lock(&bell->lock);
	while (!bell->stopped_at)
		if (pthread_cond_timedwait(&bell->ended, &bell->lock, &until) != 0)
			break;
	pthread_mutex_unlock(&bell->lock);
}

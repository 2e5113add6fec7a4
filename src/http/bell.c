#include "http/bell.h"

size_t bell_bytes(const struct http_limits *limits)
{
	return census_bytes(limits->held);
}

void bell_init(struct bell *bell, struct arena *arena, const struct http_limits *limits)
{
	bell->most = limits->held;
	pthread_mutex_init(&bell->mutex, NULL);
	census_init(&bell->census, arena, limits->held, limits->held_per_address);
}

void bell_release(struct bell *bell)
{
	pthread_mutex_destroy(&bell->mutex);
}

/* FNV-1a; keys are short, and nobody gains by a collision. */
unsigned bell_place(struct str key)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < key.n; i++)
		hash = (hash ^ (unsigned char)key.p[i]) * UINT64_C(0x100000001b3);
	return (unsigned)((hash >> 32 ^ hash) % BELL_KEYS);
}

void bell_ring(struct bell *bell, struct str key)
{
	_Atomic uint64_t *last = &bell->last[bell_place(key)];
	uint64_t number = atomic_fetch_add(&bell->rings, 1) + 1;
	uint64_t before = atomic_load(last);
	while (before < number && !atomic_compare_exchange_weak(last, &before, number))
		;
}

uint64_t bell_now(const struct bell *bell)
{
	return atomic_load(&bell->rings);
}

bool bell_rung(const struct bell *bell, unsigned place, uint64_t since)
{
	return atomic_load(&bell->last[place]) > since;
}

bool bell_take(struct bell *bell, const struct peer *peer)
{
	pthread_mutex_lock(&bell->mutex);
	bool taken =
		bell->held < bell->most && (!peer->counted || census_add(&bell->census, peer->key));
	if (taken)
		bell->held++;
	pthread_mutex_unlock(&bell->mutex);
	return taken;
}

void bell_return(struct bell *bell, const struct peer *peer)
{
	pthread_mutex_lock(&bell->mutex);
	if (peer->counted)
		census_remove(&bell->census, peer->key);
	bell->held--;
	pthread_mutex_unlock(&bell->mutex);
}

size_t bell_held(struct bell *bell)
{
	pthread_mutex_lock(&bell->mutex);
	size_t held = bell->held;
	pthread_mutex_unlock(&bell->mutex);
	return held;
}

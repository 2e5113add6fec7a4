#include "http/waits.h"

size_t waits_bytes(const struct http_limits *limits)
{
	return census_bytes(limits->held);
}

void waits_init(struct waits *waits, struct arena *arena, const struct http_limits *limits)
{
	waits->most = limits->held;
	pthread_mutex_init(&waits->mutex, NULL);
	census_init(&waits->census, arena, limits->held, limits->held_per_address);
}

void waits_release(struct waits *waits)
{
	pthread_mutex_destroy(&waits->mutex);
}

/* FNV-1a; keys are short, and nobody gains by a collision. */
unsigned waits_place(struct str key)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < key.n; i++)
		hash = (hash ^ (unsigned char)key.p[i]) * UINT64_C(0x100000001b3);
	return (unsigned)((hash >> 32 ^ hash) % WAITS_KEYS);
}

void waits_ring(struct waits *waits, struct str key)
{
	_Atomic uint64_t *last = &waits->last[waits_place(key)];
	uint64_t number = atomic_fetch_add(&waits->rings, 1) + 1;
	uint64_t before = atomic_load(last);
	while (before < number && !atomic_compare_exchange_weak(last, &before, number))
		;
}

uint64_t waits_now(const struct waits *waits)
{
	return atomic_load(&waits->rings);
}

bool waits_rung(const struct waits *waits, unsigned place, uint64_t since)
{
	return atomic_load(&waits->last[place]) > since;
}

bool waits_take(struct waits *waits, const struct peer *peer)
{
	pthread_mutex_lock(&waits->mutex);
	bool taken = waits->held < waits->most &&
		     (!peer->counted || census_add(&waits->census, peer->key));
	if (taken)
		waits->held++;
	pthread_mutex_unlock(&waits->mutex);
	return taken;
}

void waits_return(struct waits *waits, const struct peer *peer)
{
	pthread_mutex_lock(&waits->mutex);
	if (peer->counted)
		census_remove(&waits->census, peer->key);
	waits->held--;
	pthread_mutex_unlock(&waits->mutex);
}

size_t waits_held(struct waits *waits)
{
	pthread_mutex_lock(&waits->mutex);
	size_t held = waits->held;
	pthread_mutex_unlock(&waits->mutex);
	return held;
}

#ifndef HTTP_BELL_H
#define HTTP_BELL_H

#include "http/address.h"
#include "http/census.h"
#include "http/limits.h"

#include "base/str.h"

#include <pthread.h>
#include <stdatomic.h>

/*
 * What held exchanges wait for, and how many may. Any thread.
 *
 * Every ring has a number, and the number of its last ring is kept for each of BELL_KEYS places
 * that keys fall into by their hash. Whoever asks a handler takes the number of that moment before
 * (bell_now) and sees afterwards whether the key was rung since (bell_rung): so no ring is lost
 * between the handler's look and the wait that follows it, and nothing is ever allocated or full.
 * Two keys in one place only cost a question that was not needed.
 */

#define BELL_KEYS 1024 /* 8 KiB; with 200 held at once one ring in five asks one too many */

struct bell {
	_Atomic uint64_t rings;
	_Atomic uint64_t last[BELL_KEYS];
	pthread_mutex_t mutex; /* of what follows */
	size_t held;
	size_t most;
	struct census census;
};

void bell_init(struct bell *bell, struct arena *arena, const struct http_limits *limits);
void bell_release(struct bell *bell);
size_t bell_bytes(const struct http_limits *limits); /* that bell_init takes of its arena */

unsigned bell_place(struct str key);
void bell_ring(struct bell *bell, struct str key);
uint64_t bell_now(const struct bell *bell);
bool bell_rung(const struct bell *bell, unsigned place, uint64_t since);

/* A place among the held; false: there are too many, in all or of that address. An address that is
 * not counted takes part in the first only. */
bool bell_take(struct bell *bell, const struct peer *peer);
void bell_return(struct bell *bell, const struct peer *peer);
size_t bell_held(struct bell *bell);

#endif

#ifndef HTTP_WAITS_H
#define HTTP_WAITS_H

#include "http/address.h"
#include "http/census.h"
#include "http/limits.h"

#include "base/str.h"

#include <pthread.h>
#include <stdatomic.h>

/*
 * What held exchanges wait for, and how many may. Any thread.
 *
 * Every ring has a number, and the number of its last ring is kept for each of WAITS_KEYS places
 * that keys fall into by their hash. Whoever asks a handler takes the number of that moment before
 * (waits_now) and sees afterwards whether the key was rung since (waits_rung): so no ring is lost
 * between the handler's look and the wait that follows it, and nothing is ever allocated or full.
 * Two keys in one place only cost a question that was not needed.
 */

#define WAITS_KEYS 1024 /* 8 KiB; with 200 held at once one ring in five asks one too many */

struct waits {
	_Atomic uint64_t rings;
	_Atomic uint64_t last[WAITS_KEYS];
	pthread_mutex_t mutex; /* of what follows */
	size_t held;
	size_t most;
	struct census census;
};

void waits_init(struct waits *waits, struct arena *arena, const struct http_limits *limits);
void waits_release(struct waits *waits);
size_t waits_bytes(const struct http_limits *limits); /* that waits_init takes of its arena */

unsigned waits_place(struct str key);
void waits_ring(struct waits *waits, struct str key);
uint64_t waits_now(const struct waits *waits);
bool waits_rung(const struct waits *waits, unsigned place, uint64_t since);

/* A place among the held; false: there are too many, in all or of that address. An address that is
 * not counted takes part in the first only. */
bool waits_take(struct waits *waits, const struct peer *peer);
void waits_return(struct waits *waits, const struct peer *peer);
size_t waits_held(struct waits *waits);

#endif

#ifndef WEB_RATE_H
#define WEB_RATE_H

#include "base/err.h"
#include "base/str.h"
#include "web/route.h"

#include <pthread.h>

/*
 * How many requests of a class (routes.def) one address may make: the first, cheap line of defence, in memory and per process. The rules that
 * count per account or mailbox are the domain's (domain/account/throttle.h). A fixed table: two addresses that fall on one
 * place share it, so it errs on the strict side under attack and never grows.
 */

#define RATE_PLACES 4096

struct rates {
	pthread_mutex_t lock;
	uint32_t seed;
	int64_t next_ms[RATE_COUNT][RATE_PLACES]; /* when the place is free again (monotonic) */
};

void rates_init(struct rates *rates);
void rates_release(struct rates *rates);

/* LIMIT: too many. `now`: time_monotonic(). */
err rates_take(struct rates *rates, enum rate_class class, struct str address, int64_t now);

#endif

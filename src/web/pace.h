#ifndef WEB_PACE_H
#define WEB_PACE_H

#include "base/str.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * How often a waiting page asks: RFC 8628 3.5 in spirit. Whoever asks again sooner than its interval three times in a row is sent away for once, and
 * its interval becomes longer. Who asks with a later `seq` than before has just been told something, and is not early. A table of fixed size, per process: two pages that fall on one place forget each other, so it errs on
 * the mild side and never grows. Any thread.
 */

#define PACE_PLACES 1024
#define PACE_LEAST 2 /* seconds */
#define PACE_MORE 2
#define PACE_MOST 10
#define PACE_STRIKES 3

struct pace {
	uint64_t key;
	int64_t at; /* of the last question, monotonic ms */
	int64_t seq; /* that it knew */
	unsigned strikes;
	unsigned interval;
};

struct paces {
	pthread_mutex_t lock;
	struct pace places[PACE_PLACES];
};

void paces_init(struct paces *paces);
void paces_release(struct paces *paces);

/* Notes a question about `id` by who knows `seq`, no later one than there is. False: too fast; *interval is then the seconds to wait now. */
bool paces_take(struct paces *paces, struct str id, int64_t seq, int64_t now, unsigned *interval);

#endif

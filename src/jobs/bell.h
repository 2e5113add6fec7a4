#ifndef JOBS_BELL_H
#define JOBS_BELL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What idle workers wait for: a ring (there is work), the end (stop), or the time. A ring while a
 * worker is busy is not lost: it compares the number of rings it had seen before it looked for
 * work.
 *
 * All functions may be called from any thread; none from a signal handler.
 */

struct bell {
	pthread_mutex_t lock;
	pthread_cond_t changed, ended; /* ended: not told of rings */
	uint64_t rings;
	int64_t stopped_at; /* monotonic; 0: not stopped */
};

void bell_init(struct bell *bell);
void bell_release(struct bell *bell);

void bell_ring(struct bell *bell);
/* From now on nobody waits. */
void bell_stop(struct bell *bell);

uint64_t bell_rings(struct bell *bell);
/* Monotonic ms of bell_stop; 0: not stopped. */
int64_t bell_stopped_at(struct bell *bell);
/* Until there are more rings than `seen`, the bell is stopped, or `ms` are over. */
void bell_wait(struct bell *bell, uint64_t seen, int64_t ms);
/* Until the bell is stopped or `ms` are over, whoever rings. */
void bell_sleep(struct bell *bell, int64_t ms);

#endif

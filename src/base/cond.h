#ifndef BASE_COND_H
#define BASE_COND_H

#include <pthread.h>
#include <stdint.h>

/*
 * Condition variables that are waited for with a limit: by the clock that nobody sets (CLOCK_MONOTONIC), so that a change of the
 * system's time neither ends a wait nor prolongs it. Ended with pthread_cond_destroy.
 */
void cond_init(pthread_cond_t *cond);

/* The time `ms` from now, for pthread_cond_timedwait on one of these. */
struct timespec cond_deadline(int64_t ms);

#endif

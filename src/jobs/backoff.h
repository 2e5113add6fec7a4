#ifndef JOBS_BACKOFF_H
#define JOBS_BACKOFF_H

#include <stdint.h>

/*
 * How long to wait before the next try: `first_ms` after the first failure, doubling to
 * `longest_ms`, and each time a quarter more or less by chance, so that what failed together does
 * not come back together.
 */

struct backoff {
	int64_t first_ms;
	int64_t longest_ms;
};

/* `failures` from 1. */
int64_t backoff_ms(const struct backoff *backoff, int64_t failures);

#endif

#include "jobs/backoff.h"

#include "base/random.h"

int64_t backoff_ms(const struct backoff *backoff, int64_t failures)
{
	int64_t ms = backoff->first_ms;

	for (int64_t i = 1; i < failures && ms < backoff->longest_ms; i++)
		ms *= 2;
	if (ms > backoff->longest_ms)
		ms = backoff->longest_ms;
	/* 0.75 to 1.25 of it, in thousandths. */
	return ms * (750 + (int64_t)random_below(501)) / 1000;
}

#ifndef FILES_WATCH_H
#define FILES_WATCH_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Whether files have to wait because what looks at them is away, and telling so: nobody else sees it, as each person is told that the file
 * waits, and nothing is broken. Lines of the log (docs/operations.md):
 *
 *   files_wait       when the first one has to, and each WATCH_AGAIN_MS while it lasts: for what, why, how many minutes by now
 *   files_wait_over  when there was an answer again, if the waiting was told
 *
 * Where the one comes and goes, as under load, there is one such pair of lines in WATCH_QUIET_MS.
 *
 * One for a process, shared by all its threads. Times are of time_monotonic().
 */

enum watch_for { WATCH_CHECKER, WATCH_SCANNER, WATCH_COUNT };

#define WATCH_AGAIN_MS INT64_C(600000)
#define WATCH_QUIET_MS INT64_C(60000)

struct watch {
	pthread_mutex_t lock;
	struct spell {
		int64_t since;  /* 0: nobody waits */
		int64_t spoken; /* the last line; 0: none yet */
		bool told;      /* this waiting */
	} spells[WATCH_COUNT];
};

void watch_init(struct watch *watch);

/* NULL is allowed: then nobody is told. `why`: words without personal data. */
void watch_waits(struct watch *watch, enum watch_for what, const char *why, int64_t now);
void watch_answers(struct watch *watch, enum watch_for what, int64_t now);

#endif

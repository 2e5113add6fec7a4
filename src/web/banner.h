#ifndef WEB_BANNER_H
#define WEB_BANNER_H

#include "base/arena.h"
#include "domain/notice.h"

#include <pthread.h>

/*
 * The maintenance window that every page tells of. All threads share what one of them has read within the last second, so that a page that
 * needs nothing else from the store does not ask it.
 */

struct banner {
	pthread_mutex_t lock;
	int64_t every_ms; /* how old it may be */
	int64_t read_at;  /* monotonic, ms; 0: not read yet */
	bool told;
	struct maintenance window; /* its words stand in memory */
	struct arena memory;
};

void banner_init(struct banner *banner);
void banner_release(struct banner *banner);

/*
 * False: there is nothing to tell. Words are copied into cx->arena. What was told before is still told when the store cannot answer: it
 * would cost the page otherwise.
 */
bool banner_find(struct banner *banner, struct cx *cx, struct maintenance *out);

#endif

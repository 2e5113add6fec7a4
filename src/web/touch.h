#ifndef WEB_TOUCH_H
#define WEB_TOUCH_H

#include "domain/account/session.h"

#include <pthread.h>

/*
 * Sessions that have been used and whose time must be noted. A page view runs in a read-only transaction, often in an event thread, and must not
 * wait for the disk: it leaves a note here, and a worker writes all that have gathered in one transaction. A note that is lost costs a minute of
 * idle time.
 */

#define TOUCH_NOTES 512

struct web;

struct touches {
	pthread_mutex_t lock;
	int64_t notes[TOUCH_NOTES]; /* ids of sessions */
	size_t n;
};

void touches_init(struct touches *touches);
void touches_release(struct touches *touches);

/* Drops the note when the list is full or already holds the session. */
void touch_note(struct web *web, const struct session *session);

#endif

#ifndef WEB_TOUCH_H
#define WEB_TOUCH_H

#include "domain/session.h"

#include <pthread.h>

/*
 * Sessions that have been used and whose time must be noted. A page view runs in a read-only transaction, often in an event thread, and must not
 * wait for the disk: it leaves a note here, and a worker writes the notes afterwards. A note that is lost costs a minute of idle time.
 */

#define TOUCH_NOTES 512

struct web;

struct touches {
	pthread_mutex_t lock;
	struct touch_note {
		int64_t session_id, account_id, seen_at, idle_until, total_until;
	} notes[TOUCH_NOTES];
	size_t n;
};

void touches_init(struct touches *touches);
void touches_release(struct touches *touches);

/* Drops the note when the list is full or already holds the session. */
void touch_note(struct web *web, const struct session *session);

#endif

#ifndef HTTP_TIMER_H
#define HTTP_TIMER_H

#include "http/limits.h"

#include <stdint.h>

/*
 * Deadlines of connections. All deadlines of one kind have the same length, so a list for each kind
 * is ordered by appending: setting, moving and clearing cost a few pointers, and only the heads are
 * looked at. Only those of TIMER_HELD differ, and mostly little: their place is sought from the
 * end.
 *
 * Every open connection is in exactly one list; the lists are thus also the register of a loop's
 * connections. One thread.
 */

enum timer_kind {
	TIMER_NONE,       /* in no list */
	TIMER_IDLE,       /* waiting for a request */
	TIMER_HEAD,       /* a head has begun */
	TIMER_BODY_GRACE, /* a body has begun: no rate is asked yet */
	TIMER_BODY_RATE,  /* looked at once a second */
	TIMER_TAKE,       /* a body that is taken in pieces */
	TIMER_WORKER,     /* with a worker: no deadline */
	TIMER_HELD,       /* its answer waits for something to happen */
	TIMER_WRITE,      /* the peer does not take its answer */
	TIMER_LINGER,     /* answered for the last time, reading what still comes */
	TIMER_ACCEPT,     /* the acceptor's pause */
	TIMER_KIND_COUNT
};

struct timer {
	struct timer *prev, *next;
	int64_t due;
	enum timer_kind kind;
};

struct timers {
	struct timer lists[TIMER_KIND_COUNT]; /* heads of rings */
	int64_t spans[TIMER_KIND_COUNT];
};

void timers_init(struct timers *timers, const struct http_limits *limits);

/* Sets or moves; `now` is time_monotonic(). */
void timer_set(struct timers *timers, struct timer *timer, enum timer_kind kind, int64_t now);
/* The same for a deadline of its own. */
void timer_set_due(struct timers *timers, struct timer *timer, enum timer_kind kind, int64_t due);
void timer_clear(struct timer *timer);

/* One that is due, NULL when there is none. It stays in its list: the caller sets, clears or
 * closes. */
struct timer *timers_due(struct timers *timers, int64_t now);

/* The first of a kind; NULL: none. */
struct timer *timers_first(struct timers *timers, enum timer_kind kind);
/* The one behind it in its list; NULL: none. */
struct timer *timers_next(struct timers *timers, const struct timer *timer);

/* Milliseconds until the first is due, for epoll_wait: -1 when there is none. */
int timers_wait(const struct timers *timers, int64_t now);

#endif

#ifndef HTTP_LOOP_H
#define HTTP_LOOP_H

#include "http/conn.h"
#include "http/server.h"
#include "http/timer.h"

#include <pthread.h>
#include <stdatomic.h>

/*
 * An event thread: waits, lets each ready connection do its share, looks at deadlines, takes in
 * what other threads left.
 *
 * Other threads touch only the inbox (under its mutex), the counters (atomic) and `wake`.
 */

enum loop_count {
	COUNT_REQUESTS,
	COUNT_REFUSED,
	COUNT_CONNECTIONS,
	COUNT_QUEUE_FULL,
	COUNT_SLOW_CUT,
	LOOP_COUNT_COUNT
};

#define LOOP_SCRATCH (16u << 10)
#define LOOP_DATE 64

struct loop {
	struct watch wake_watch;
	struct server *server;
	int epoll;
	int wake;        /* eventfd; edge-triggered, never read */
	int64_t now;     /* time_monotonic() of this round */
	int64_t wall;    /* time_now() of this round: a round is some milliseconds at most */
	int64_t stop_at; /* 0: not stopping */
	struct timers timers;
	struct arena arena;

	struct exchange *pool;
	size_t pool_count;
	struct conn *ready, *ready_last;
	struct conn *closed; /* in this round; given back at its end, when no event can name them */
	uint64_t rings;      /* waits_now() when the held ones were last looked through */
	size_t pushed;       /* requests given to the workers in this round */
	_Atomic size_t open;

	pthread_mutex_t mutex;
	struct exchange *replies;
	struct conn *arrivals;

	uint64_t next_id;
	int64_t date_second;
	struct buf date;
	char *scratch; /* for bytes that nobody wants */
	_Atomic uint64_t counts[LOOP_COUNT_COUNT];
};

err loop_init(struct loop *loop, struct server *server, unsigned index);
void loop_release(struct loop *loop);

/* Runs until the server stops and its connections are done, or the time for that is over. */
void loop_run(struct loop *loop);

/* From any thread. */
void loop_wake(struct loop *loop); /* safe in a signal handler */
void loop_arrive(struct loop *loop, struct conn *conn);
void loop_reply(struct loop *loop, struct exchange *exchange);

/* From its own thread. */
struct exchange *loop_exchange(struct loop *loop);
void loop_give_back(struct loop *loop, struct exchange *exchange);
void loop_again(struct loop *loop, struct conn *conn); /* in the next round */
struct str loop_date(struct loop *loop);               /* now, for the Date header */
void loop_count(struct loop *loop, enum loop_count what);
bool loop_watch(struct loop *loop, int fd, struct watch *watch, uint32_t events);
bool loop_rewatch(struct loop *loop, int fd, struct watch *watch, uint32_t events);

/* Asks those of the held whose key was rung; all of them, for the last time. */
void loop_rung(struct loop *loop);
void loop_hold_no_more(struct loop *loop);

static inline bool loop_stopping(const struct loop *loop)
{
	return loop->stop_at != 0;
}

#endif

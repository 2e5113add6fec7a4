#ifndef HTTP_CONN_H
#define HTTP_CONN_H

#include "http/address.h"
#include "http/exchange.h"
#include "http/timer.h"

#include <stddef.h>

/*
 * One connection. It belongs to the thread of its loop from conn_open until the loop gives it back;
 * while a worker has its exchange the worker touches the exchange only.
 *
 *   IDLE ──byte──▶ HEAD ──▶ BODY ──▶ (inline) ──▶ WRITE ──▶ IDLE, HEAD (pipelined) or LINGER
 *                    │        │  └─▶ WORKER ─────▶ │
 *                    └────────┴── refused ─────────┘            any ──▶ CLOSED
 *
 * A handler may say "not yet" instead: (inline) or WORKER ──▶ HELD ──▶ (inline) or WORKER.
 *
 * A body may be taken in pieces (http/stream.h): HEAD ──▶ WORKER ──▶ TAKE ──▶ WORKER ──▶ TAKE … ──▶ WORKER ──▶ WRITE; and an
 * answer may be given in pieces: WRITE ──▶ WORKER ──▶ WRITE …
 *
 * Readiness is edge-triggered: `readable` is remembered until a read comes back short, so nothing
 * is asked of epoll while a request is handled.
 */

struct loop;

/* What epoll hands back: whose turn it is. */
struct watch {
	void (*ready)(struct watch *watch, uint32_t events);
};

enum conn_state {
	CONN_IDLE,
	CONN_HEAD,
	CONN_BODY,
	CONN_TAKE,
	CONN_WORKER,
	CONN_HELD,
	CONN_WRITE,
	CONN_LINGER,
	CONN_CLOSED,
	CONN_STATE_COUNT
};

struct conn {
	struct watch watch; /* first: epoll's pointer is the connection */
	struct timer timer;
	struct loop *loop;
	struct conn *next;       /* free, arriving, or closed in this round */
	struct conn *next_ready; /* has more to do than its share of a round */
	struct exchange *exchange;
	int fd; /* -1: gone while a worker had the request */
	enum conn_state state;
	bool readable;    /* a read may bring something */
	bool half_closed; /* the peer will send no more; seen by reading 0 bytes */
	bool waits_write; /* epoll tells when the peer takes more */
	bool queued;      /* in the list of next_ready */
	bool close;       /* after this answer */
	int64_t body_started;
	size_t written; /* since the write deadline was set */
	struct peer peer;
};

static inline struct conn *conn_of_timer(struct timer *timer)
{
	return (struct conn *)(void *)((char *)timer - offsetof(struct conn, timer));
}

/* Begins to serve a connected socket; closes it when that is not possible. */
void conn_open(struct conn *conn);
/* Goes on with what can be done now. */
void conn_drive(struct conn *conn);
/* Its deadline has come. */
void conn_expired(struct conn *conn);
/* The worker has filled the answer. */
void conn_replied(struct conn *conn);
void conn_close(struct conn *conn);

/* Among conn.c, dispatch.c, hold.c, take.c, loop.c and answer.c. */
bool conn_receive(struct conn *conn, char *to, size_t room, size_t *received);
bool conn_say_continue(struct conn *conn);
void conn_busy(struct conn *conn);     /* no room in the queue: 503 */
void conn_number(struct conn *conn);   /* a request has come */
void conn_identify(struct conn *conn); /* who asks, and when */
bool conn_to_worker(struct conn *conn, enum work work); /* false: there is none, or no room for it */
bool conn_takes(struct conn *conn);    /* the head is complete: whether its body is taken in pieces */
void conn_take(struct conn *conn);     /* then so */
bool conn_take_step(struct conn *conn);
void conn_take_drop(struct conn *conn, int cut); /* the rest will not come */
void conn_take_expired(struct conn *conn);
void conn_took(struct conn *conn);     /* a worker has begun, taken or dropped */
bool conn_give(struct conn *conn);     /* a step: the next piece of the answer */
void conn_gave(struct conn *conn);
void conn_reset(struct conn *conn);    /* the answer cannot be ended */
void conn_dispatch(struct conn *conn); /* a complete request: to the handler or to a worker */
void conn_refuse(struct conn *conn, int status); /* what is no request: an answer, then the end */
void conn_answer(struct conn *conn);             /* res is filled: makes the bytes */
void conn_ask(struct conn *conn);                /* calls the handler, or gives it to a worker */
void conn_hold(struct conn *conn);               /* the handler said "not yet" */
bool conn_hold_on(struct conn *conn);            /* no worker had time; false: it is not held */
void conn_unhold(struct conn *conn);             /* gives up its place among the held */
void conn_ask_again(struct conn *conn, bool last);
bool conn_send(struct conn *conn); /* a step: sends what it can */

#endif

#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "http/address.h"
#include "http/chunk.h"
#include "http/http.h"
#include "http/parse.h"

#include <sys/uio.h>

/*
 * One request and its answer, with the memory they need. A connection has one from a request's
 * first byte to its answer's last; an idle connection has none. Loops keep some that are ready for
 * use.
 *
 * The bytes that were received stand in `in` from `from` to `filled`: the head, then for a body
 * that came along the body, then perhaps the next request. The request's strings point in there.
 *
 * One thread at a time: the loop's, or the worker's while the request is handled.
 */

struct conn;

#define EXCHANGE_IN 4096    /* the first place for received bytes; nearly every request fits */
#define EXCHANGE_LEAST 1024 /* read no smaller pieces */

/* What a held exchange waits for. */
struct hold {
	bool placed; /* has a place among the held */
	bool again;  /* as in the request */
	bool final;
	unsigned key;   /* waits_place() */
	uint64_t asked; /* waits_now() before the handler was asked */
	int64_t since;  /* when the request came, by the loop's clock */
	int64_t until;
	struct peer peer; /* whose place it is */
};

/* What a worker does with it. */
enum work {
	WORK_HANDLE, /* the request is complete: the handler */
	WORK_BEGIN,  /* its head is: who takes the body? */
	WORK_TAKE,   /* a piece of it; with the last one the handler too */
	WORK_DROP,   /* the last piece, and there will be no more */
	WORK_GIVE,   /* the next piece of the answer */
	WORK_COUNT
};

/* A body that is taken in pieces. */
struct taking {
	struct taker taker;
	bool on;           /* there is a taker, and it has been neither dropped nor handled */
	bool answered;     /* the handler has been called */
	int cut;           /* it is dropped, and this is the answer; 0: none */
	struct buf piece;  /* being filled */
	uint64_t received; /* of the body */
	size_t window;     /* since the deadline was set */
};

struct exchange {
	struct exchange *next; /* in a pool, or on its way back from a worker */
	struct conn *conn;
	struct arena home;  /* holds this struct and `large` */
	struct arena arena; /* of the request */

	char *in; /* `first` or `large` */
	size_t in_size;
	size_t from;   /* where this request begins */
	size_t end;    /* what is taken of it; the next one begins here */
	size_t filled; /* what has come */
	char *large;   /* for large heads, made when needed */

	struct parse parse;
	struct chunked chunked;
	struct buf body; /* unless the body came along with the head */
	struct request req;
	struct response res;

	struct hold hold;
	enum work work;
	struct taking taking;
	struct str given;    /* the piece of the answer that a worker has fetched */
	bool give_failed;
	uint64_t give_left;  /* bytes of it that are still to come, without `given` */

	struct iovec out[2]; /* what is still to be sent of the answer */
	unsigned out_count;
	char first[EXCHANGE_IN];
};

struct exchange *exchange_new(void);
void exchange_free(struct exchange *exchange);

/* Forgets the request; memory beyond the usual goes back to the system. */
void exchange_clear(struct exchange *exchange, bool hot);

/* Makes room for EXCHANGE_LEAST bytes behind `filled`. What was received may move: only before
 * exchange_request. */
void exchange_make_room(struct exchange *exchange, const struct http_limits *limits);

/* Gives back what is not needed while the answer waits; exchange_request makes it anew. */
void exchange_rest(struct exchange *exchange);

/* Goes on to what was received behind this request. False: nothing; the exchange is then clear. */
bool exchange_advance(struct exchange *exchange);

/* Fills `req` from a complete head, all but body, peer, time and id. INVALID: the target. */
err exchange_request(struct exchange *exchange);

/* In a worker, or in the event thread where there are none. */
struct server;
void exchange_work(struct server *server, struct exchange *exchange);

/* An empty answer. */
void exchange_answer(struct exchange *exchange, int status);

#endif

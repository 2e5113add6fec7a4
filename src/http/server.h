#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/http.h"
#include "http/limits.h"

/*
 * A small strict HTTP/1.1 server (docs/decisions/0001): event threads parse and answer what cannot
 * block; what may block goes through a bounded queue to workers. It refuses every ambiguous framing
 * (docs/http.md lists the cases), ends slow headers and slow bodies at the limits of base/limits.h,
 * and answers the queue's overflow with 503 and Retry-After.
 *
 * The handler is called once for each complete request, in an event thread or a worker as `where`
 * says, and fills the response; it returns nothing because it always has an answer. `refuse` writes
 * the body of an answer to something that is no request (400, 408, 411, 413, 414, 417, 431, 501,
 * 503, 505). `busy` answers (503) a request for which there is no room in the workers' queue: what
 * came with it is there, but for a body that is taken in pieces, and must not be lost.
 *
 * A handler that has no answer yet may have its exchange held (response_hold in http/http.h).
 *
 * `where` and inline handlers run in the event thread: nothing there may block. `refuse` and `busy` too. The
 * arena of a request lives until its answer is sent. A response that is broken or over its ceiling
 * becomes a 500 from `refuse`.
 *
 * Life: server_new → server_listen… → server_run (returns after server_stop, when open exchanges
 * are done or 30 s are over) → server_free. A handler that has begun is always waited for.
 * server_stop may be called from a signal handler and from any thread, also before server_run. The
 * threads that server_run starts block all signals: they come to the thread that called it.
 */

struct server;

enum http_where { HTTP_INLINE, HTTP_WORKER };

struct server_conf {
	unsigned event_threads; /* 0: one per core */
	unsigned workers; /* threads for what may block; writers wait here for their common commit.
			     0: all is inline */
	struct http_limits limits; /* what is 0 is filled from base/limits.h */
	bool trust_forwarded;      /* peer address from X-Forwarded-For / X-Real-IP: only behind our
				      proxy on a Unix socket or loopback */
	enum http_where (*where)(void *arg, const struct request *req);
	void (*handle)(void *arg, const struct request *req, struct response *res);
	/* Whether the body of a request with this head is taken in pieces (http/stream.h): in the event thread.
	   NULL: none is. Such a body has a Content-Length, else 411. */
	bool (*takes)(void *arg, const struct request *req);
	/* In a worker. False: the response is the answer. */
	bool (*begin)(void *arg, const struct request *req, uint64_t length, struct response *res,
		struct taker *taker);
	void (*refuse)(void *arg, int status, struct response *res);
	void (*busy)(void *arg, const struct request *req, struct response *res); /* NULL: `refuse` */
	void *arg;
};

/* Since the start, but for `open` and `held`. */
struct server_stats {
	uint64_t requests, refused, connections, queue_full, slow_cut;
	uint64_t open; /* connections now */
	uint64_t held; /* exchanges now */
};

err server_new(const struct server_conf *conf, struct server **out);
void server_free(struct server *server);

/*
 * "127.0.0.1:8080", "[::1]:8080", "unix:/run/x.sock", "fd:3" (passed by the service manager); port
 * 0 picks one. *out_port (may be NULL): the real one (0 for Unix). Up to 8 times, before
 * server_run. INVALID: no address; CONFLICT: in use; UNAVAILABLE: the system refuses; LIMIT: too
 * many.
 */
err server_listen(struct server *server, const char *address, unsigned *out_port);
err server_run(struct server *server);
void server_stop(struct server *server);

/*
 * Something has changed that exchanges may be held for (response_hold): those that wait for the key
 * are asked again at once. From any thread; after what has changed can be seen by a handler. It
 * reaches this process only: in others the held ones look for themselves each two seconds.
 */
void server_ring(struct server *server, struct str key);

/*
 * Runs fn in a worker, later; LIMIT when the queue is full, UNAVAILABLE without workers or after
 * the end. For work that no answer waits for; what was taken in is run before server_run returns.
 */
err server_post(struct server *server, void (*fn)(void *arg), void *arg);
void server_stats(struct server *server, struct server_stats *out);

#endif

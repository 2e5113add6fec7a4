#ifndef TESTS_HTTP_SERVE_H
#define TESTS_HTTP_SERVE_H

#include "http/server.h"

#include <pthread.h>
#include <semaphore.h>

/*
 * A server inside the test's process, with a handler that has a path for each thing to be tried:
 *
 *   /            "hello world\n"                 /echo    what was received, as text
 *   /worker      the same, from a worker         /block   from a worker that waits until
 * serve_release() /size/N      N bytes                         /static  bytes that are not copied
 *   /take        (with a limit for it) what was taken in pieces: how much, and a sum; /take/no is refused before, /take/some
 *                wants no more than 1000 bytes
 *   /give?N      N bytes in pieces; /give/none breaks off before the first, /give/part behind 50000
 *   /empty       204                             /broken  a header with CR LF in its value
 *   /bye         an answer that ends the connection
 *   /wait/K      held until fact K (0 to 9) is true; from a worker: /late/K. The query is the
 * longest wait in milliseconds (absent: LIMIT_HTTP_HOLD_MS). Answers "yes" or "no", whether it was
 * asked again, the request's path and body /race/K      the same, but the first call makes the fact
 * true and rings behind its own look /stubborn    held even when it is the last time
 */

struct serve {
	struct server *server;
	pthread_t thread;
	unsigned port;
	char path[100]; /* of the Unix socket */
	sem_t blocked;  /* posted when a worker begins to wait */
	sem_t release;
	sem_t dropped;  /* posted when a body that was being taken is dropped */
	sem_t given;    /* posted when an answer in pieces is over, whatever its end */
	_Atomic uint64_t dropped_bytes, largest;
	_Atomic int handled;
	_Atomic bool facts[10];
	_Atomic int asked[10]; /* how often a handler looked */
	err result;            /* of server_run */
};

/* conf: limits, workers and so on; the callbacks are set here. Listens on 127.0.0.1 and on a Unix
 * socket. */
void serve_start(struct serve *serve, struct server_conf conf);
/* Stops, waits, frees. */
void serve_end(struct serve *serve);
/* Makes fact k true and rings for it. */
void serve_happen(struct serve *serve, int k);
/* Lets n blocked workers go on. */
void serve_release(struct serve *serve, int n);

#endif

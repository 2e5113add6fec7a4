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
 *   /empty       204                             /broken  a header with CR LF in its value
 *   /bye         an answer that ends the connection
 */

struct serve {
	struct server *server;
	pthread_t thread;
	unsigned port;
	char path[100]; /* of the Unix socket */
	sem_t blocked;  /* posted when a worker begins to wait */
	sem_t release;
	_Atomic int handled;
	err result; /* of server_run */
};

/* conf: limits, workers and so on; the callbacks are set here. Listens on 127.0.0.1 and on a Unix
 * socket. */
void serve_start(struct serve *serve, struct server_conf conf);
/* Stops, waits, frees. */
void serve_end(struct serve *serve);
/* Lets n blocked workers go on. */
void serve_release(struct serve *serve, int n);

#endif

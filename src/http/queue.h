#ifndef HTTP_QUEUE_H
#define HTTP_QUEUE_H

#include "base/arena.h"
#include "base/err.h"

#include <pthread.h>
#include <stdbool.h>

/*
 * What waits for a worker: first come, first served, with a ceiling. Any thread may push, any may
 * take.
 */

struct exchange;

struct task {
	struct exchange *exchange; /* a request to handle, or NULL */
	void (*fn)(void *arg);     /* then this is called */
	void *arg;
};

struct queue {
	pthread_mutex_t mutex;
	pthread_cond_t filled;
	struct task *ring;
	size_t size;
	size_t first;
	size_t count;
	size_t waiting; /* threads in queue_take */
	bool closed;
};

void queue_init(struct queue *queue, struct arena *arena, size_t size);
void queue_release(struct queue *queue);

/* LIMIT: full; UNAVAILABLE: closed. Nobody is woken yet. */
err queue_push(struct queue *queue, struct task task);

/*
 * Wakes up to n threads that wait, after n pushes. Apart from queue_push, because to wake costs
 * more than to push: a round of an event thread wakes one at its first push and the others at its
 * end.
 */
void queue_wake(struct queue *queue, size_t n);

/* Waits. False: closed and empty. */
bool queue_take(struct queue *queue, struct task *out);

/* Nothing more is taken in; what is there is still handed out. */
void queue_close(struct queue *queue);

#endif

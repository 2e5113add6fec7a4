#include "http/queue.h"

void queue_init(struct queue *queue, struct arena *arena, size_t size)
{
	*queue = (struct queue){.ring = arena_array(arena, struct task, size), .size = size};
	pthread_mutex_init(&queue->mutex, NULL);
	pthread_cond_init(&queue->filled, NULL);
}

void queue_release(struct queue *queue)
{
	pthread_cond_destroy(&queue->filled);
	pthread_mutex_destroy(&queue->mutex);
}

err queue_push(struct queue *queue, struct task task)
{
	pthread_mutex_lock(&queue->mutex);
	bool closed = queue->closed;
	bool full = queue->count == queue->size;
	if (!closed && !full) {
		queue->ring[(queue->first + queue->count) % queue->size] = task;
		queue->count++;
	}
	pthread_mutex_unlock(&queue->mutex);
	if (closed)
		return fail(ERR_UNAVAILABLE, "the server has stopped");
	if (full)
		return fail(ERR_LIMIT, "the workers' queue is full");
	return ok();
}

void queue_wake(struct queue *queue, size_t n)
{
	pthread_mutex_lock(&queue->mutex);
	if (n > queue->waiting)
		n = queue->waiting;
	pthread_mutex_unlock(&queue->mutex);
	while (n-- > 0)
		pthread_cond_signal(&queue->filled);
}

bool queue_take(struct queue *queue, struct task *out)
{
	pthread_mutex_lock(&queue->mutex);
	while (queue->count == 0 && !queue->closed) {
		queue->waiting++;
		pthread_cond_wait(&queue->filled, &queue->mutex);
		queue->waiting--;
	}
	bool taken = queue->count > 0;
	if (taken) {
		*out = queue->ring[queue->first];
		queue->first = (queue->first + 1) % queue->size;
		queue->count--;
	}
	pthread_mutex_unlock(&queue->mutex);
	return taken;
}

void queue_close(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	queue->closed = true;
	pthread_mutex_unlock(&queue->mutex);
	pthread_cond_broadcast(&queue->filled);
}

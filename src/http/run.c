#include "http/inside.h"

#include "base/limits.h"

#include <signal.h>

/* Threads of one server_run. They are as many as configured, so their list is too. */
struct crew {
	pthread_t *threads;
	unsigned count;
};

static void *work(void *arg)
{
	struct server *server = arg;
	struct task task;
	while (queue_take(&server->queue, &task)) {
		if (!task.exchange) {
			task.fn(task.arg);
			continue;
		}
		struct exchange *exchange = task.exchange;
		exchange_work(server, exchange);
		loop_reply(exchange->conn->loop, exchange);
	}
	return NULL;
}

static void *serve(void *arg)
{
	loop_run(arg);
	return NULL;
}

static err start(struct crew *crew, const pthread_attr_t *attr, void *(*body)(void *), void *arg,
	const char *name)
{
	int error = pthread_create(&crew->threads[crew->count], attr, body, arg);
	if (error != 0)
		return fail(ERR_UNAVAILABLE, "thread: %s", strerrorname_np(error));
	pthread_setname_np(crew->threads[crew->count], name);
	crew->count++;
	return ok();
}

static void join(struct crew *crew)
{
	for (unsigned i = 0; i < crew->count; i++)
		pthread_join(crew->threads[i], NULL);
	crew->count = 0;
}

static err start_all(struct server *server, struct crew *loops, struct crew *workers)
{
	pthread_attr_t attr;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, LIMIT_HTTP_WORKER_STACK);
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err error = ok();
	for (unsigned i = 1; i < server->loop_count && !failed(error); i++)
		error = start(loops, &attr, serve, &server->loops[i], "http");
	for (unsigned i = 0; i < server->conf.workers && !failed(error); i++)
		error = start(workers, &attr, work, server, "worker");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return error;
}

err server_run(struct server *server)
{
	AUTO_ARENA arena;
	arena_init(&arena, (server->loop_count + server->conf.workers) * sizeof(pthread_t) + 4096);
	struct crew loops = {.threads = arena_array(&arena, pthread_t, server->loop_count)};
	struct crew workers = {.threads = arena_array(&arena, pthread_t, server->conf.workers)};
	err error = start_all(server, &loops, &workers);
	if (failed(error))
		server_stop(server);
	else
		accept_start(server);
	loop_run(&server->loops[0]);
	join(&loops);
	queue_close(
		&server->queue); /* not earlier: the loops' last requests are still handed out */
	join(&workers);
	return error;
}

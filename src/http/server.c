#include "http/inside.h"

#include "base/limits.h"

#include <sched.h>
#include <sys/stat.h>

static unsigned cores(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 1;
	int count = CPU_COUNT(&set);
	return count > 0 ? (unsigned)count : 1;
}

err server_new(const struct server_conf *conf, struct server **out)
{
	struct http_limits limits = http_limits_filled(&conf->limits);
	unsigned loops = conf->event_threads > 0 ? conf->event_threads : cores();
	struct arena home;
	arena_init(&home, sizeof(struct server) + loops * sizeof(struct loop) +
				  limits.queue * sizeof(struct task) + waits_bytes(&limits) + 4096);
	struct server *server = arena_new(&home, struct server);
	server->conf = *conf;
	server->conf.limits = limits;
	if (conf->takes && limits.take == 0)
		server->conf.limits.take = LIMIT_HTTP_TAKE;
	server->loop_count = loops;
	server->loops = arena_array(&home, struct loop, loops);
	queue_init(&server->queue, &home, limits.queue);
	admit_init(&server->admit, &limits);
	waits_init(&server->waits, &home, &limits);
	server->home = home;
	for (unsigned i = 0; i < loops; i++)
		server->loops[i].epoll = server->loops[i].wake = -1;
	for (unsigned i = 0; i < loops; i++) {
		err error = loop_init(&server->loops[i], server, i);
		if (failed(error)) {
			server->loop_count = i + 1;
			server_free(server);
			return error;
		}
	}
	*out = server;
	return ok();
}

void server_free(struct server *server)
{
	if (!server)
		return;
	accept_stop(server); /* nothing is left to do after server_run */
	for (unsigned i = 0; i < server->loop_count; i++)
		loop_release(&server->loops[i]);
	admit_release(&server->admit);
	waits_release(&server->waits);
	queue_release(&server->queue);
	struct arena home = server->home;
	arena_release(&home);
}

err server_listen(struct server *server, const char *address, unsigned *out_port)
{
	if (server->listener_count == SERVER_LISTENERS)
		return fail(ERR_LIMIT, "more than %d addresses to listen on", SERVER_LISTENERS);
	struct listener made = {.server = server};
	TRY(address_listen(str_of(address), &made.socket));
	struct stat there;
	if (made.socket.path[0] && lstat(made.socket.path, &there) == 0)
		made.inode = there.st_ino;
	server->listeners[server->listener_count++] = made;
	if (out_port)
		*out_port = made.socket.port;
	return ok();
}

void server_stop(struct server *server)
{
	atomic_store(&server->stopping, true);
	for (unsigned i = 0; i < server->loop_count; i++)
		loop_wake(&server->loops[i]);
}

void server_ring(struct server *server, struct str key)
{
	waits_ring(&server->waits, key);
	for (unsigned i = 0; i < server->loop_count; i++)
		loop_wake(&server->loops[i]);
}

err server_post(struct server *server, void (*fn)(void *arg), void *arg)
{
	if (server->conf.workers == 0)
		return fail(ERR_UNAVAILABLE, "the server has no workers");
	TRY(queue_push(&server->queue, (struct task){.fn = fn, .arg = arg}));
	queue_wake(&server->queue, 1);
	return ok();
}

static uint64_t sum(const struct server *server, enum loop_count what)
{
	uint64_t total = 0;
	for (unsigned i = 0; i < server->loop_count; i++)
		total += atomic_load_explicit(&server->loops[i].counts[what], memory_order_relaxed);
	return total;
}

void server_stats(struct server *server, struct server_stats *out)
{
	uint64_t open = 0;
	for (unsigned i = 0; i < server->loop_count; i++)
		open += atomic_load_explicit(&server->loops[i].open, memory_order_relaxed);
	*out = (struct server_stats){
		.requests = sum(server, COUNT_REQUESTS),
		.refused = sum(server, COUNT_REFUSED),
		.connections = sum(server, COUNT_CONNECTIONS),
		.queue_full = sum(server, COUNT_QUEUE_FULL),
		.slow_cut = sum(server, COUNT_SLOW_CUT),
		.open = open,
		.held = waits_held(&server->waits),
	};
}

#include "http/inside.h"

#include "base/log.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/stat.h>

#define ACCEPTS 64 /* of one round */

static struct loop *accepting_loop(struct server *server)
{
	return &server->loops[0];
}

/* Tells a connection that is one too many; what it has sent is taken away, or the end would
 * overtake the answer. */
static void turn_away(struct server *server, int fd)
{
	static const char busy[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n"
				   "Content-Length: 0\r\nConnection: close\r\n\r\n";
	struct loop *loop = accepting_loop(server);
	loop_count(loop, COUNT_REFUSED);
	if (send(fd, busy, sizeof busy - 1, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		shutdown(fd, SHUT_WR);
	recv(fd, loop->scratch, LOOP_SCRATCH, MSG_DONTWAIT);
	close(fd);
}

static struct loop *least_busy(struct server *server)
{
	struct loop *best = &server->loops[0];
	size_t fewest = atomic_load_explicit(&best->open, memory_order_relaxed);
	for (unsigned i = 1; i < server->loop_count; i++) {
		size_t open = atomic_load_explicit(&server->loops[i].open, memory_order_relaxed);
		if (open < fewest) {
			fewest = open;
			best = &server->loops[i];
		}
	}
	return best;
}

static void admit(struct server *server, int fd, const struct sockaddr_storage *address)
{
	struct peer peer;
	peer_read(address, &peer);
	if (peer.local && server->conf.trust_forwarded)
		peer.counted = false; /* our proxy, which counts addresses itself */
	struct conn *conn = admit_take(&server->admit, &peer);
	if (!conn) {
		turn_away(server, fd);
		return;
	}
	struct loop *loop = least_busy(server);
	atomic_fetch_add_explicit(&loop->open, 1, memory_order_relaxed);
	loop_count(accepting_loop(server), COUNT_CONNECTIONS);
	conn->fd = fd;
	conn->loop = loop;
	if (loop == accepting_loop(server))
		conn_open(conn);
	else
		loop_arrive(loop, conn);
}

static void watch_all(struct server *server, uint32_t events)
{
	struct loop *loop = accepting_loop(server);
	for (size_t i = 0; i < server->listener_count; i++) {
		struct listener *listener = &server->listeners[i];
		loop_rewatch(loop, listener->socket.fd, &listener->watch, events);
	}
}

/* Connections wait in the kernel until descriptors or memory are there again. */
static void pause_all(struct server *server, int why)
{
	struct loop *loop = accepting_loop(server);
	if (!server->accept_short)
		log_event(LOG_WARN, "accept_paused", LOG_C("error", strerrorname_np(why)));
	server->accept_short = true;
	watch_all(server, 0);
	timer_set(&loop->timers, &server->accept_timer, TIMER_ACCEPT, loop->now);
}

void accept_resume(struct server *server)
{
	timer_clear(&server->accept_timer);
	watch_all(server, EPOLLIN);
}

static void on_ready(struct watch *watch, uint32_t events)
{
	struct listener *listener = (struct listener *)(void *)watch;
	struct server *server = listener->server;
	(void)events;
	for (int i = 0; i < ACCEPTS; i++) {
		struct sockaddr_storage address = {0};
		socklen_t size = sizeof address;
		int fd = accept4(listener->socket.fd, (struct sockaddr *)&address, &size,
			SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			server->accept_short = false;
			admit(server, fd, &address);
		} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
			   errno == ENOMEM) {
			pause_all(server, errno);
			return;
		} else if (errno == EAGAIN) {
			return;
		}
		/* Anything else concerns the one connection that is gone already: accept(2). */
	}
}

void accept_start(struct server *server)
{
	struct loop *loop = accepting_loop(server);
	for (size_t i = 0; i < server->listener_count; i++) {
		struct listener *listener = &server->listeners[i];
		listener->watch.ready = on_ready;
		loop_watch(loop, listener->socket.fd, &listener->watch, EPOLLIN);
	}
}

void accept_stop(struct server *server)
{
	timer_clear(&server->accept_timer);
	for (size_t i = 0; i < server->listener_count; i++) {
		struct listener_socket *socket = &server->listeners[i].socket;
		struct stat there;
		if (socket->path[0] && lstat(socket->path, &there) == 0 &&
			there.st_ino == server->listeners[i].inode)
			unlink(socket->path);
		close(socket->fd);
	}
	server->listener_count = 0;
}

/*
 * The limit that servers are measured against: an epoll loop that answers whatever it reads with
 * the same bytes, without looking at what it read. One thread; one read and one write for each
 * request.
 *
 *   raw_loop ADDRESS BYTES      ADDRESS: 127.0.0.1:8080 (port 0 picks one) or unix:/path; BYTES: of
 * the body
 *
 * Prints "port=N" when it listens, and runs until it is killed.
 */

#include "http/address.h"

#include <errno.h>
#include <sys/epoll.h>

#define EVENTS 64

static char answer[8u << 20];
static size_t answer_size;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "raw_loop: %s\n", what);
	exit(1);
}

static void watch(int epoll, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		die("epoll_ctl");
}

static void accept_all(int epoll, int listener)
{
	int fd;
	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
		watch(epoll, fd);
}

/* A client of the load program always takes its answer, so what does not fit at once is waited for.
 */
static void answer_one(int fd)
{
	static char in[64 << 10];
	ssize_t n = read(fd, in, sizeof in);
	if (n <= 0) {
		if (n == 0 || errno != EAGAIN)
			close(fd);
		return;
	}
	for (size_t at = 0; at < answer_size; at += (size_t)n) {
		n = send(fd, answer + at, answer_size - at, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN)
			n = 0;
		if (n < 0) {
			close(fd);
			return;
		}
	}
}

int main(int argc, char **argv)
{
	uint64_t size;
	struct listener_socket listener;
	if (argc != 3 || !str_to_u64(str_of(argv[2]), &size) || size > sizeof answer - 256)
		die("usage: raw_loop ADDRESS BYTES");
	if (failed(address_listen(str_of(argv[1]), &listener)))
		die(err_detail());
	int head = snprintf(answer, sizeof answer,
		"HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 00:00:00 GMT\r\nContent-Length: %zu\r\n"
		"Content-Type: text/html; charset=utf-8\r\n\r\n",
		(size_t)size);
	memset(answer + head, 'x', size);
	answer_size = (size_t)head + size;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll < 0)
		die("epoll_create1");
	watch(epoll, listener.fd);
	printf("port=%u\n", listener.port);
	fflush(stdout);
	for (;;) {
		struct epoll_event events[EVENTS];
		int n = epoll_wait(epoll, events, EVENTS, -1);
		for (int i = 0; i < n; i++) {
			if (events[i].data.fd == listener.fd)
				accept_all(epoll, listener.fd);
			else
				answer_one(events[i].data.fd);
		}
	}
}

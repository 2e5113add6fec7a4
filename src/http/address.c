#include "http/address.h"

#include "base/auto.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/un.h>

#define BACKLOG 1024

/* strerror() is not safe from many threads. */
static err refused(const char *call)
{
	return fail(errno == EADDRINUSE ? ERR_CONFLICT : ERR_UNAVAILABLE, "%s: %s", call,
		strerrorname_np(errno));
}

static void read_v4(const struct in_addr *address, struct peer *out)
{
	memcpy(out->key + 12, address, 4);
	out->key[10] = out->key[11] = 0xff;
	out->local = (ntohl(address->s_addr) >> 24) == 127;
	inet_ntop(AF_INET, address, out->text, sizeof out->text);
}

static void read_v6(const struct in6_addr *address, struct peer *out)
{
	if (IN6_IS_ADDR_V4MAPPED(address)) {
		struct in_addr v4;
		memcpy(&v4, address->s6_addr + 12, sizeof v4);
		read_v4(&v4, out);
		return;
	}
	memcpy(out->key, address, 8);
	out->local = IN6_IS_ADDR_LOOPBACK(address);
	inet_ntop(AF_INET6, address, out->text, sizeof out->text);
}

void peer_read(const struct sockaddr_storage *address, struct peer *out)
{
	*out = (struct peer){.text = "unix"};
	out->counted = address->ss_family == AF_INET || address->ss_family == AF_INET6;
	out->local = !out->counted;
	if (address->ss_family == AF_INET)
		read_v4(&((const struct sockaddr_in *)(const void *)address)->sin_addr, out);
	else if (address->ss_family == AF_INET6)
		read_v6(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, out);
}

bool peer_from_number(struct str text, struct peer *out)
{
	char copy[INET6_ADDRSTRLEN];
	struct sockaddr_storage address = {0};
	if (text.n == 0 || text.n >= sizeof copy || str_find_byte(text, '\0') >= 0)
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	if (inet_pton(AF_INET, copy, &((struct sockaddr_in *)(void *)&address)->sin_addr) == 1)
		address.ss_family = AF_INET;
	else if (inet_pton(AF_INET6, copy, &((struct sockaddr_in6 *)(void *)&address)->sin6_addr) ==
		 1)
		address.ss_family = AF_INET6;
	else
		return false;
	peer_read(&address, out);
	return true;
}

bool address_is_number(struct str text)
{
	struct peer peer;
	return peer_from_number(text, &peer);
}

/* The port that was given or picked. */
static err read_port(int fd, unsigned *port)
{
	struct sockaddr_storage bound = {0};
	socklen_t size = sizeof bound;
	if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0)
		return refused("getsockname");
	*port = 0;
	if (bound.ss_family == AF_INET)
		*port = ntohs(((const struct sockaddr_in *)(const void *)&bound)->sin_port);
	else if (bound.ss_family == AF_INET6)
		*port = ntohs(((const struct sockaddr_in6 *)(const void *)&bound)->sin6_port);
	return ok();
}

static err open_socket(const struct sockaddr *address, socklen_t size, int *out)
{
	AUTO_FD int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return refused("socket");
	int one = 1;
	if (address->sa_family != AF_UNIX) {
		/* Accepted sockets inherit TCP_NODELAY: an answer leaves in one write and must not
		 * wait for more. */
		if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0)
			return refused("setsockopt");
	}
	if (address->sa_family == AF_INET6 &&
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) != 0)
		return refused("setsockopt");
	if (bind(fd, address, size) != 0)
		return refused("bind");
	if (listen(fd, BACKLOG) != 0)
		return refused("listen");
	*out = fd_take(&fd);
	return ok();
}

/* Somebody answers there. */
static bool is_alive(const struct sockaddr_un *address, socklen_t size)
{
	AUTO_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return fd >= 0 &&
	       (connect(fd, (const struct sockaddr *)address, size) == 0 || errno == EAGAIN);
}

static err listen_unix(struct str path, struct listener_socket *out)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (str_empty(path) || path.n >= sizeof address.sun_path || path.p[0] != '/')
		return fail(ERR_INVALID,
			"a Unix socket needs an absolute path of less than %zu bytes",
			sizeof address.sun_path);
	memcpy(address.sun_path, path.p, path.n);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path.n + 1);

	struct stat there;
	if (lstat(address.sun_path, &there) == 0 && S_ISSOCK(there.st_mode)) {
		if (is_alive(&address, size))
			return fail(ERR_CONFLICT, "another process listens on this socket");
		if (unlink(address.sun_path) != 0)
			return refused("unlink");
	}
	struct listener_socket made = {.fd = -1};
	TRY(open_socket((const struct sockaddr *)&address, size, &made.fd));
	memcpy(made.path, address.sun_path, sizeof made.path);
	*out = made;
	return ok();
}

/* A descriptor that was listened on before we were started. */
static err listen_passed(struct str number, struct listener_socket *out)
{
	uint64_t fd;
	if (!str_to_u64(number, &fd) || fd < 3 || fd > 1023)
		return fail(ERR_INVALID, "fd: needs a number from 3 to 1023");
	int listens = 0;
	socklen_t size = sizeof listens;
	if (getsockopt((int)fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens)
		return fail(ERR_INVALID, "descriptor %d is no listening socket", (int)fd);
	int one = 1;
	unsigned port;
	TRY(read_port((int)fd, &port));
	if (port != 0 && setsockopt((int)fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0)
		return refused("setsockopt");
	if (fcntl((int)fd, F_SETFL, O_NONBLOCK) != 0 || fcntl((int)fd, F_SETFD, FD_CLOEXEC) != 0)
		return refused("fcntl");
	*out = (struct listener_socket){.fd = (int)fd, .port = port};
	return ok();
}

/* "1.2.3.4:80" or "[::1]:80" into a socket address. */
static bool read_internet(struct str text, struct sockaddr_storage *out, socklen_t *size)
{
	char host[INET6_ADDRSTRLEN];
	bool v6 = str_starts(text, STR("["));
	ptrdiff_t end = str_find_byte(text, v6 ? ']' : ':');
	if (end < 0)
		return false;
	struct str number = str_sub(text, v6, (size_t)end - v6);
	struct str port_text = str_skip(text, (size_t)end + v6);
	uint64_t port;
	if (number.n >= sizeof host || !str_starts(port_text, STR(":")) ||
		!str_to_u64(str_skip(port_text, 1), &port) || port > 65535)
		return false;
	memcpy(host, number.p, number.n);
	host[number.n] = '\0';

	*out = (struct sockaddr_storage){0};
	if (v6) {
		struct sockaddr_in6 *address = (struct sockaddr_in6 *)(void *)out;
		address->sin6_family = AF_INET6;
		address->sin6_port = htons((uint16_t)port);
		*size = sizeof *address;
		return inet_pton(AF_INET6, host, &address->sin6_addr) == 1;
	}
	struct sockaddr_in *address = (struct sockaddr_in *)(void *)out;
	address->sin_family = AF_INET;
	address->sin_port = htons((uint16_t)port);
	*size = sizeof *address;
	return inet_pton(AF_INET, host, &address->sin_addr) == 1;
}

err address_listen(struct str address, struct listener_socket *out)
{
	if (str_starts(address, STR("unix:")))
		return listen_unix(str_skip(address, 5), out);
	if (str_starts(address, STR("fd:")))
		return listen_passed(str_skip(address, 3), out);
	struct sockaddr_storage internet;
	socklen_t size;
	if (!read_internet(address, &internet, &size))
		return fail(ERR_INVALID,
			"an address is 127.0.0.1:8080, [::1]:8080, unix:/path or fd:3");
	AUTO_FD int fd = -1;
	TRY(open_socket((const struct sockaddr *)&internet, size, &fd));
	struct listener_socket made = {.fd = -1};
	TRY(read_port(fd, &made.port));
	made.fd = fd_take(&fd);
	*out = made;
	return ok();
}

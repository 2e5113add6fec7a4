#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

static struct client *dial(const struct sockaddr *address, socklen_t size)
{
	struct client *client = calloc(1, sizeof *client);
	assert_non_null(client);
	client->fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(client->fd >= 0);
	struct timeval patience = {.tv_sec = 20};
	setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	assert_int_equal(connect(client->fd, address, size), 0);
	return client;
}

struct client *client_tcp(const struct serve *serve)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)serve->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct client *client = dial((const struct sockaddr *)&address, sizeof address);
	int one = 1;
	setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return client;
}

struct client *client_unix(const struct serve *serve)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	memcpy(address.sun_path, serve->path, sizeof serve->path);
	return dial((const struct sockaddr *)&address, sizeof address);
}

void client_free(struct client *client)
{
	close(client->fd);
	free(client);
}

bool client_send(struct client *client, const void *p, size_t n)
{
	const char *at = p;
	while (n > 0) {
		ssize_t sent = send(client->fd, at, n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		at += sent;
		n -= (size_t)sent;
	}
	return true;
}

void client_say(struct client *client, const char *text)
{
	assert_true(client_send(client, text, strlen(text)));
}

void client_settle(struct client *client)
{
	int waiting = 1;
	while (ioctl(client->fd, SIOCOUTQ, &waiting) == 0 && waiting > 0)
		sched_yield();
}

/* False: the end. */
static bool receive(struct client *client)
{
	assert_true(client->n < sizeof client->in);
	ssize_t n = recv(client->fd, client->in + client->n, sizeof client->in - client->n, 0);
	if (n < 0 && errno == EAGAIN)
		fail_msg("nothing came for 20 s");
	if (n <= 0)
		return false;
	client->n += (size_t)n;
	return true;
}

static void take(struct client *client, size_t n, char **out)
{
	/* What was taken by the call before is overwritten here. */
	static char taken[sizeof client->in];
	memcpy(taken, client->in, n);
	memmove(client->in, client->in + n, client->n - n);
	client->n -= n;
	*out = taken;
}

struct str answer_header(const struct answer *answer, const char *name)
{
	struct str rest = answer->head, line;
	while (str_next(&rest, '\n', &line)) {
		ptrdiff_t colon = str_find_byte(line, ':');
		if (colon > 0 && str_eq_nocase(str_sub(line, 0, (size_t)colon), str_of(name)))
			return str_trim(str_skip(line, (size_t)colon + 1));
	}
	return (struct str){NULL, 0};
}

struct answer client_answer(struct client *client, const char *to)
{
	ptrdiff_t head;
	while ((head = str_find(str_make(client->in, client->n), STR("\r\n\r\n"))) < 0) {
		if (!receive(client)) {
			assert_int_equal(client->n, 0); /* half an answer */
			return (struct answer){0};
		}
	}
	size_t size = (size_t)head + 4;
	struct answer answer = {.head = {client->in, size}};
	assert_true(str_starts(answer.head, STR("HTTP/1.1 ")));
	uint64_t status, body = 0;
	assert_true(str_to_u64(str_sub(answer.head, 9, 3), &status));
	struct str length = answer_header(&answer, "Content-Length");
	bool bare = strcmp(to, "HEAD") == 0 || status == 204 || status == 304 || status < 200;
	if (!bare)
		assert_true(str_to_u64(length, &body));
	while (client->n < size + body)
		assert_true(receive(client));
	char *bytes;
	take(client, size + body, &bytes);
	return (struct answer){
		.status = (int)status, .head = {bytes, size}, .body = {bytes + size, body}};
}

bool client_at_end(struct client *client)
{
	while (client->n == 0) {
		if (!receive(client))
			return true;
	}
	return false;
}

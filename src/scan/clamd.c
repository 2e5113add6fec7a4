#include "scan/clamd.h"

#include "base/auto.h"
#include "base/time.h"

#include <errno.h>
#include <endian.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#define CHUNK ((size_t)16 << 10)
#define ANSWER_MAX 1024

struct talk {
	int socket;
	int64_t until; /* of time_monotonic() */
	struct scan *out;
};

static bool no_verdict(struct talk *talk, const char *what)
{
	(void)snprintf(talk->out->why, sizeof talk->out->why, "%s", what);
	return false;
}

static bool wait_for(struct talk *talk, short events)
{
	for (;;) {
		int64_t left = talk->until - time_monotonic();
		struct pollfd wait = {.fd = talk->socket, .events = events};
		int ready = left > 0 ? poll(&wait, 1, (int)left) : 0;
		if (ready > 0)
			return true;
		if (ready == 0)
			return no_verdict(talk, "no answer in time");
		if (errno != EINTR)
			return no_verdict(talk, "poll failed");
	}
}

static bool reach(struct talk *talk, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t n = strlen(path);
	if (n == 0 || n >= sizeof address.sun_path)
		return no_verdict(talk, "the path of the socket is too long");
	memcpy(address.sun_path, path, n);
	/* A connection waits while the other side's queue is full; this ends that too. */
	int64_t left = talk->until - time_monotonic();
	struct timeval most = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};
	if (talk->socket < 0 || left <= 0 ||
		setsockopt(talk->socket, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most) != 0 ||
		connect(talk->socket, (const struct sockaddr *)&address, sizeof address) != 0)
		return no_verdict(talk, "not reached");
	talk->out->outcome = SCAN_UNDECIDED;
	return true;
}

static bool send_all(struct talk *talk, const void *p, size_t n)
{
	for (size_t done = 0; done < n;) {
		if (!wait_for(talk, POLLOUT))
			return false;
		ssize_t sent = send(talk->socket, (const char *)p + done, n - done,
			MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (sent <= 0)
			return no_verdict(talk, "it stopped listening");
		done += (size_t)sent;
	}
	return true;
}

static bool send_chunk(struct talk *talk, const void *p, size_t n)
{
	uint32_t length = htobe32((uint32_t)n);
	return send_all(talk, &length, sizeof length) && (n == 0 || send_all(talk, p, n));
}

/* A clamd whose own limit is lower than ours breaks off. */
static bool send_file(struct talk *talk, int fd)
{
	uint8_t piece[CHUNK];
	off_t at = 0;
	if (!send_all(talk, "zINSTREAM", sizeof "zINSTREAM"))
		return false;
	for (;;) {
		ssize_t n = pread(fd, piece, sizeof piece, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return no_verdict(talk, "the file cannot be read");
		if (!send_chunk(talk, piece, (size_t)n))
			return false;
		if (n == 0)
			return true;
		at += n;
	}
}

/* Up to its NUL, or the end of the connection. */
static bool hear(struct talk *talk, char *answer, size_t *n)
{
	*n = 0;
	for (;;) {
		if (!wait_for(talk, POLLIN))
			return false;
		ssize_t got = recv(talk->socket, answer + *n, ANSWER_MAX - *n, MSG_DONTWAIT);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			return no_verdict(talk, "no whole answer");
		const char *end = memchr(answer + *n, '\0', (size_t)got);
		*n += (size_t)got;
		if (end) {
			*n = (size_t)(end - answer);
			return true;
		}
		if (*n == ANSWER_MAX)
			return no_verdict(talk, "the answer is too long");
	}
}

/* Names of signatures and words about errors come from outside; only plain signs reach the log. */
static void keep_plain(struct str words, char *out, size_t size)
{
	size_t n = 0;
	for (size_t i = 0; i < words.n && n < size - 1; i++) {
		char c = words.p[i];
		bool plain =
			isalnum((unsigned char)c) || c == '.' || c == '_' || c == '-' || c == '/';
		out[n++] = plain ? c : '_';
	}
	out[n] = '\0';
}

static void understand(struct talk *talk, struct str answer)
{
	static const struct str begin = STR_INIT("stream: "), found = STR_INIT(" FOUND"), error = STR_INIT(" ERROR");
	struct str rest = str_skip(answer, begin.n);
	if (str_eq(answer, STR("stream: OK"))) {
		talk->out->outcome = SCAN_CLEAN;
	} else if (str_starts(answer, begin) && str_ends(rest, found) && rest.n > found.n) {
		talk->out->outcome = SCAN_FOUND;
		keep_plain(str_sub(rest, 0, rest.n - found.n), talk->out->name, sizeof talk->out->name);
	} else if (str_ends(answer, error)) {
		char words[SCAN_NAME_MAX], plain[SCAN_NAME_MAX - 32];
		keep_plain(str_sub(answer, 0, answer.n - error.n), plain, sizeof plain);
		(void)snprintf(words, sizeof words, "it answered with an error: %s", plain);
		no_verdict(talk, words);
	} else {
		no_verdict(talk, "an unknown answer");
	}
}

void scan_clamd(const char *socket_path, int fd, int timeout_ms, struct scan *out)
{
	char answer[ANSWER_MAX];
	size_t n;
	*out = (struct scan){.outcome = SCAN_UNAVAILABLE};
	AUTO_FD int socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct talk talk = {socket_fd, time_monotonic() + timeout_ms, out};
	if (reach(&talk, socket_path) && send_file(&talk, fd) && hear(&talk, answer, &n))
		understand(&talk, str_make(answer, n));
}

#include "sim/card/reader.h"

#include "base/auto.h"
#include "base/time.h"
#include "sim/card/apdu.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define MESSAGE_MAX 65535u
#define PAUSE_US 100000
#define LENGTH_BYTES 2

enum control { POWER_OFF = 0, POWER_ON = 1, RESET = 2, ATR = 4 };

const struct str reader_atr = STR_INIT("\x3B\xE0\x00\xFF\x81\x31\xFE\x45\x14");

static int try_connect(const struct addrinfo *where)
{
	for (; where; where = where->ai_next) {
		AUTO_FD int fd = socket(
			where->ai_family, where->ai_socktype | SOCK_CLOEXEC, where->ai_protocol);

		if (fd >= 0 && connect(fd, where->ai_addr, where->ai_addrlen) == 0)
			return fd_take(&fd);
	}
	return -1;
}

err reader_connect(const char *host, const char *port, int64_t wait_ms, int *fd)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	int64_t end = time_monotonic() + wait_ms;
	struct addrinfo *where;
	int why = getaddrinfo(host, port, &hints, &where);

	if (why != 0)
		return fail(ERR_INVALID, "%s port %s: %s", host, port, gai_strerror(why));
	int got = try_connect(where);

	while (got < 0 && time_monotonic() < end) {
		usleep(PAUSE_US);
		got = try_connect(where);
	}
	freeaddrinfo(where);
	if (got < 0)
		return fail(ERR_UNAVAILABLE, "no virtual reader at %s port %s", host, port);
	*fd = got;
	return ok();
}

enum piece { PIECE_WHOLE, PIECE_END, PIECE_BROKEN };

/* The reader sends the length by itself and what it counts only after our kernel's word that it
 * came; that word would wait for 40 ms. The wish lasts for one time only. */
static void acknowledge_at_once(int fd)
{
	int yes = 1;

	/* Without it everything is slower, nothing else. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes);
}

static enum piece receive(int fd, char *into, size_t n, const volatile int *stop)
{
	size_t done = 0;

	while (done < n) {
		acknowledge_at_once(fd);
		ssize_t got = recv(fd, into + done, n - done, 0);

		if (*stop)
			return PIECE_END;
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0 && done == 0 ? PIECE_END : PIECE_BROKEN;
		done += (size_t)got;
	}
	return PIECE_WHOLE;
}

static err send_message(int fd, struct str message)
{
	char head[LENGTH_BYTES] = {(char)(message.n >> 8 & 0xFF), (char)(message.n & 0xFF)};
	struct iovec parts[] = {{head, sizeof head}, {(void *)(uintptr_t)message.p, message.n}};
	struct msghdr whole = {.msg_iov = parts, .msg_iovlen = 2};

	/* One call: the reader waits for the whole of it, and the kernel's buffer holds the most.
	 */
	ssize_t put = sendmsg(fd, &whole, MSG_NOSIGNAL);

	if (put != (ssize_t)(sizeof head + message.n))
		return fail(ERR_UNAVAILABLE, "the reader takes no answer");
	return ok();
}

static err answer(int fd, struct card *card, struct str message, struct arena *arena)
{
	struct buf out;

	if (message.n == 1) {
		switch ((enum control)message.p[0]) {
		case POWER_OFF:
		case POWER_ON:
		case RESET:
			card_reset(card);
			return ok();
		case ATR:
			return send_message(fd, reader_atr);
		}
	}
	buf_init(&out, arena, APDU_ANSWER_MAX);
	card_transmit(card, message, &out);
	/* A message has no longer one; no file of a card is that long. */
	return send_message(fd, str_sub(buf_view(&out), 0, MESSAGE_MAX));
}

err reader_serve(int fd, struct card *card, const volatile int *stop)
{
	AUTO_ARENA arena;
	unsigned char head[LENGTH_BYTES];

	arena_init(&arena, 1u << 20);
	for (;;) {
		arena_reset(&arena);
		enum piece piece = receive(fd, (char *)head, sizeof head, stop);

		if (piece == PIECE_END)
			return ok();
		size_t n = (size_t)head[0] << 8 | head[1];

		if (piece == PIECE_WHOLE && n == 0)
			return fail(ERR_INVALID, "the reader sends an empty message");
		char *bytes = arena_alloc(&arena, n);

		if (piece == PIECE_WHOLE)
			piece = receive(fd, bytes, n, stop);
		if (*stop)
			return ok();
		if (piece != PIECE_WHOLE)
			return fail(ERR_UNAVAILABLE, "the reader breaks off in a message");
		err told = answer(fd, card, str_make(bytes, n), &arena);

		if (*stop)
			return ok();
		TRY(told);
	}
}

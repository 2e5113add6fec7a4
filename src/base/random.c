#include "base/random.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/random.h>

/*
 * Nonces, tokens and numbers are drawn a few bytes at a time, several for each page, and a call to the kernel costs as much as 300 bytes from it. So
 * each thread fetches a piece ahead. What was given out is wiped at once: whoever sees the memory later learns nothing that was drawn before. A child
 * that goes on after fork() begins with a piece of its own.
 */
#define AHEAD 256
#define SMALL 64 /* more is fetched as it is */

struct ahead {
	unsigned char bytes[AHEAD];
	size_t left; /* the last so many */
	unsigned forks;
};

static _Thread_local struct ahead ahead;
static unsigned forks; /* written in a child only, by its one thread */
static pthread_once_t watched = PTHREAD_ONCE_INIT;

static void forked(void)
{
	forks++;
}

static void watch_forks(void)
{
	if (pthread_atfork(NULL, NULL, forked) != 0)
		abort();
}

static void fetch(void *out, size_t n)
{
	unsigned char *p = out;
	while (n) {
		ssize_t got = getrandom(p, n, 0);
		if (got < 0) {
			if (errno == EINTR)
				continue;
			fputs("random: getrandom failed\n", stderr);
			abort();
		}
		p += got;
		n -= (size_t)got;
	}
}

void random_bytes(void *out, size_t n)
{
	if (n == 0)
		return;
	if (n > SMALL) {
		fetch(out, n);
		return;
	}
	pthread_once(&watched, watch_forks);
	if (ahead.left < n || ahead.forks != forks) {
		fetch(ahead.bytes, AHEAD);
		ahead.left = AHEAD;
		ahead.forks = forks;
	}
	unsigned char *from = ahead.bytes + AHEAD - ahead.left;
	memcpy(out, from, n);
	explicit_bzero(from, n);
	ahead.left -= n;
}

uint32_t random_below(uint32_t bound)
{
	if (bound == 0)
		abort();
	/* The first 2^32 mod bound values would make some results likelier: drawn again. */
	uint32_t uneven = (uint32_t)(0 - bound) % bound;
	uint32_t draw;
	do
		random_bytes(&draw, sizeof draw);
	while (draw < uneven);
	return draw % bound;
}

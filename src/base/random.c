#include "base/random.h"

#include <errno.h>
#include <sys/random.h>

void random_bytes(void *out, size_t n)
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

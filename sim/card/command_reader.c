#include "sim/card/commands.h"

#include "base/auto.h"
#include "sim/card/reader.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

#define WAIT_MAX_S 3600u

static volatile sig_atomic_t stop;
static int connection = -1; /* set before signals are caught */

/* Ends the connection too: a signal that comes just before the waiting for the reader would otherwise not end that. */
static void on_signal(int number)
{
	int before = errno;

	(void)number;
	stop = 1;
	(void)shutdown(connection, SHUT_RDWR);
	errno = before;
}

static void catch_signals(int fd)
{
	struct sigaction action = {.sa_handler = on_signal};

	connection = fd;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

err command_reader(struct arena *arena, const struct options *options)
{
	struct str host = options->v[OPT_HOST], port = options->v[OPT_PORT];
	uint64_t wait = 0;
	struct card card;
	AUTO_FD int fd = -1;

	if (!str_absent(options->v[OPT_WAIT]) &&
		(!str_to_u64(options->v[OPT_WAIT], &wait) || wait > WAIT_MAX_S))
		return fail(ERR_INVALID, "--wait wants 0 to %u seconds", WAIT_MAX_S);
	TRY(card_open(arena, options->word, &card));
	TRY(reader_connect(str_absent(host) ? READER_HOST : str_c(arena, host),
		str_absent(port) ? READER_PORT : str_c(arena, port), (int64_t)wait * 1000, &fd));
	catch_signals(fd);
	printf("the card is on the reader\n");
	fflush(stdout);
	return reader_serve(fd, &card, &stop);
}

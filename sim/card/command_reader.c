#include "sim/card/commands.h"

#include "base/auto.h"
#include "sim/card/reader.h"

#include <signal.h>

#define WAIT_MAX_S 3600u

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

/* Without SA_RESTART: the waiting for the reader shall end. */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

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
	catch_signals();
	printf("the card is on the reader\n");
	fflush(stdout);
	return reader_serve(fd, &card, &stop);
}

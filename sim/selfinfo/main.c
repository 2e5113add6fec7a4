#include "sim/selfinfo/selfinfo.h"

#include "base/limits.h"
#include "crypto/init.h"
#include "http/server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* simselfinfo --redirect URL --secret-file FILE [--client-id NAME] [--listen ADDRESS:PORT] [--delay SECONDS]: man/simselfinfo.1 */

static struct server *running; /* for the signal handler alone */

static void on_stop(int signal)
{
	(void)signal;
	server_stop(running);
}

static const char usage[] = "usage: simselfinfo --redirect URL --secret-file FILE [--client-id NAME] [--listen ADDRESS:PORT] [--delay SECONDS]\n"
			    "A simulated self-information service; nobody's real information is in it.\n";

static int bad(const char *words, const char *what)
{
	fprintf(stderr, "simselfinfo: %s%s%s\n%s", what, *what ? ": " : "", words, usage);
	return EX_USAGE;
}

static enum http_where where(void *arg, const struct request *req)
{
	(void)arg;
	(void)req;
	return HTTP_INLINE;
}

/* One line; a newline at its end is not part of it. */
static bool secret_read(struct arena *arena, const char *path, struct str *out)
{
	char text[256];
	FILE *file = fopen(path, "re");

	if (!file)
		return false;
	bool read = fgets(text, sizeof text, file) != NULL;

	fclose(file);
	*out = read ? str_dup(arena, str_trim(str_of(text))) : (struct str){0};
	return out->n > 0;
}

struct options {
	const char *listen, *client_id, *secret_file, *redirect, *delay;
};

static const char *options_read(int argc, char **argv, struct options *out)
{
	const struct {
		const char *name;
		const char **to;
	} known[] = {
		{"--listen", &out->listen},
		{"--client-id", &out->client_id},
		{"--secret-file", &out->secret_file},
		{"--redirect", &out->redirect},
		{"--delay", &out->delay},
	};

	for (int i = 1; i < argc; i += 2) {
		size_t k = 0;

		while (k < sizeof known / sizeof *known && strcmp(argv[i], known[k].name) != 0)
			k++;
		if (k == sizeof known / sizeof *known || i + 1 == argc)
			return argv[i];
		*known[k].to = argv[i + 1];
	}
	return NULL;
}

static int serve(struct selfinfo_sim *sim, const char *listen)
{
	const struct server_conf conf = {
		.event_threads = 1, .where = where, .handle = selfinfo_handle, .refuse = selfinfo_refuse, .arg = sim};
	struct sigaction stop = {.sa_handler = on_stop}, ignore = {.sa_handler = SIG_IGN};
	unsigned port = 0;

	if (failed(server_new(&conf, &running)) || failed(server_listen(running, listen, &port))) {
		fprintf(stderr, "simselfinfo: %s\n", err_detail());
		return EX_UNAVAILABLE;
	}
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	ptrdiff_t colon = str_find_byte(str_of(listen), ':');

	printf("listening on http://" STR_FMT ":%u\n", STR_ARG(str_sub(str_of(listen), 0, (size_t)colon)), port);
	fflush(stdout);
	err e = server_run(running);

	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	server_free(running);
	return failed(e) ? EX_OSERR : EX_OK;
}

int main(int argc, char **argv)
{
	struct options options = {.listen = "127.0.0.1:8090", .client_id = "madoguchi", .delay = "4"};
	static struct selfinfo_sim sim;
	int64_t delay;
	AUTO_ARENA arena;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		printf("%s", usage);
		return EX_OK;
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("simselfinfo " MADOGUCHI_VERSION "\n");
		return EX_OK;
	}
	const char *wrong = options_read(argc, argv, &options);

	if (wrong)
		return bad("is no option, or has no value", wrong);
	if (!options.redirect || !options.secret_file)
		return bad("--redirect and --secret-file are needed", "");
	if (!str_to_i64(str_of(options.delay), &delay) || delay < 0 || delay > 3600)
		return bad("must be a number of seconds up to 3600", "--delay");
	if (strncmp(options.listen, "127.0.0.1:", 10) != 0)
		return bad("must be 127.0.0.1:PORT: it is for this machine only", "--listen");
	arena_init(&arena, LIMIT_REQUEST_ARENA);
	sim = (struct selfinfo_sim){.client_id = str_of(options.client_id), .redirect = str_of(options.redirect), .delay_ms = delay * 1000};
	if (!secret_read(&arena, options.secret_file, &sim.secret))
		return bad("holds no secret in its first line", options.secret_file);
	if (failed(crypto_init()))
		return EX_SOFTWARE;
	pthread_mutex_init(&sim.lock, NULL);
	return serve(&sim, options.listen);
}

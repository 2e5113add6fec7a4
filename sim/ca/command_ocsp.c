#include "sim/ca/commands.h"

#include "sim/ca/ocsp.h"
#include "sim/ca/options.h"

/* ocsp, ocsp-mode: the responder, and how it behaves. */

#define LISTEN "127.0.0.1:8888"

static void tell(void *arg, unsigned port)
{
	struct str address = *(const struct str *)arg;
	size_t colon = address.n;
	while (colon > 0 && address.p[colon - 1] != ':')
		colon--;
	if (port == 0 || colon == 0)
		printf("listening on " STR_FMT "\n", STR_ARG(address));
	else
		printf("listening on http://" STR_FMT "%u\n", STR_ARG(str_sub(address, 0, colon)),
			port);
	fflush(stdout);
}

int command_ocsp(struct arena *arena, int argc, char **argv)
{
	struct option listen = {"listen"};
	struct words words;
	struct ca ca;
	if (failed(options_read(argc, argv, &listen, 1, &words)))
		return complain_usage(err_detail());
	if (words.n != 1)
		return complain_usage("ocsp wants a folder");
	err opened = ca_open(arena, words.v[0], &ca);
	if (failed(opened))
		return complain(opened);
	struct str address = str_absent(listen.value) ? STR(LISTEN) : listen.value;
	err served = ocsp_serve(&ca, str_c(arena, address), tell, &address);
	if (!failed(served))
		return EX_OK;
	complain(served);
	return served.code == ERR_INVALID ? EX_USAGE : EX_UNAVAILABLE;
}

static err change(const struct ca *ca, const struct words *words)
{
	enum ocsp_mode mode;
	if (words->n == 2) {
		TRY(ocsp_mode_of(str_of(words->v[1]), &mode));
		return ocsp_mode_write(ca, mode);
	}
	TRY(ocsp_mode_read(ca, &mode));
	printf("%s\n", ocsp_mode_name(mode));
	return ok();
}

int command_ocsp_mode(struct arena *arena, int argc, char **argv)
{
	struct words words;
	struct ca ca;
	if (failed(options_read(argc, argv, NULL, 0, &words)))
		return complain_usage(err_detail());
	if (words.n < 1 || words.n > 2)
		return complain_usage("ocsp-mode wants a folder, and perhaps a mode");
	err done = ca_open(arena, words.v[0], &ca);
	if (!failed(done))
		done = change(&ca, &words);
	return failed(done) ? complain(done) : EX_OK;
}

#include "sim/ca/commands.h"

/*
 * simca SUBCOMMAND FOLDER …: the simulated authority for demonstrations and tests. What each does
 * is in man/simca.1.
 */

#define COMMAND_ARENA (64u << 20) /* a list of all certificates, with its text */

static const struct command {
	const char *name, *words, *help;
	int (*run)(struct arena *arena, int argc, char **argv);
} commands[] = {
	{"init", "FOLDER", "make an authority with its roots and keys", command_init},
	{"issue", "FOLDER auth|sign --cert FILE --key FILE [--name NAME] [--birth YYYYMMDD] …",
		"issue a certificate and its key, print the serial number", command_issue},
	{"revoke", "FOLDER SERIAL REASON",
		"revoke: affiliationChanged, cessationOfOperation, keyCompromise, superseded, "
		"unspecified",
		command_revoke},
	{"crl", "FOLDER", "write all lists of revoked certificates to FOLDER/anchors", command_crl},
	{"ocsp", "FOLDER [--listen ADDRESS:PORT]", "answer OCSP requests over HTTP", command_ocsp},
	{"ocsp-mode", "FOLDER [MODE]",
		"good, unknown, try_later, stale, wrong_signer, wrong_delegate, wrong_certid, "
		"no_nonce, silent, garbage",
		command_ocsp_mode},
	{"show", "FOLDER [SERIAL]", "list what was issued", command_show},
};

#define COMMANDS (sizeof commands / sizeof *commands)

static void print_help(FILE *out)
{
	fprintf(out, "simca " MADOGUCHI_VERSION ": a simulated authority for My Number Cards; "
		     "nothing it issues is real\n\nusage:\n");
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  simca %s %s\n      %s\n", commands[i].name, commands[i].words,
			commands[i].help);
	fprintf(out, "\nenvironment:\n  SIMCA_PRIMES  for tests: a folder of primes that keys are "
		     "made of; see simca(1)\n");
	fprintf(out, "\nsimca --help prints this, simca --version the version.\n");
}

int complain_usage(const char *words)
{
	fprintf(stderr, "simca: %s\nsimca --help tells the usage.\n", words);
	return EX_USAGE;
}

int complain(err e)
{
	static const int codes[ERR_COUNT] = {
		[ERR_NOT_FOUND] = EX_NOINPUT,
		[ERR_DENIED] = EX_NOPERM,
		[ERR_INVALID] = EX_DATAERR,
		[ERR_CONFLICT] = EXIT_AS_IT_IS,
		[ERR_LIMIT] = EX_DATAERR,
		[ERR_RETRY] = EX_TEMPFAIL,
		[ERR_UNAVAILABLE] = EX_IOERR,
		[ERR_INTERNAL] = EX_SOFTWARE,
	};
	fprintf(stderr, "simca: %s\n", err_detail());
	return codes[e.code];
}

static int run(int argc, char **argv)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name) == 0) {
			AUTO_ARENA arena;
			arena_init(&arena, COMMAND_ARENA);
			return commands[i].run(&arena, argc - 2, argv + 2);
		}
	}
	fprintf(stderr, "simca: there is no subcommand %s\n", argv[1]);
	return complain_usage("the first word is a subcommand");
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return EX_USAGE;
	}
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			print_help(stdout);
			return EX_OK;
		}
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("simca " MADOGUCHI_VERSION);
		return EX_OK;
	}
	int code = run(argc, argv);
	/* A full disk shows when the last of the output is written. */
	if (code == EX_OK && fflush(stdout) != 0) {
		fprintf(stderr, "simca: the output cannot be written\n");
		return EX_IOERR;
	}
	return code;
}

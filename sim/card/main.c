#include "sim/card/commands.h"

#include "crypto/init.h"

#include <sysexits.h>

/* softcard COMMAND FOLDER …: the table of commands, and help. */

#define PROGRAM_ARENA (16u << 20)

#define HOLDER                                                                          \
	(OPTION(OPT_NAME) | OPTION(OPT_ADDRESS) | OPTION(OPT_BIRTH) | OPTION(OPT_SEX) | \
		OPTION(OPT_PREFECTURE) | OPTION(OPT_MUNICIPALITY))
#define SECRETS (OPTION(OPT_PIN) | OPTION(OPT_PASSWORD) | OPTION(OPT_TEXT_PIN))

static const struct command {
	const char *name, *words, *help;
	err (*run)(struct arena *arena, const struct options *options);
	unsigned needed, allowed;
} commands[] = {
	{"make",
		"CARD --ca DIR --name TEXT --address TEXT --birth YYYYMMDD --sex 1|2|3\n"
		"      --prefecture NAME --municipality NAME [--pin 1234] [--password PASS1234] "
		"[--text-pin 5678]\n"
		"      [--expires YYYYMMDD] [--issued YYYYMMDD] [--no-sign] [--no-text] [--root "
		"1|2|p384]\n"
		"      [--token LABEL] [--label TEXT] [--security-code 2285]",
		"a card for one person", command_make, OPTION(OPT_CA) | HOLDER,
		SECRETS | OPTION(OPT_EXPIRES) | OPTION(OPT_ISSUED) | OPTION(OPT_NO_SIGN) |
			OPTION(OPT_NO_TEXT) | OPTION(OPT_ROOT) | OPTION(OPT_TOKEN) |
			OPTION(OPT_LABEL) | OPTION(OPT_SECURITY_CODE)},
	{"cast", "FOLDER --ca DIR [--only NAME,NAME]",
		"the cards of demonstrations and tests, each in a folder of its own", command_cast,
		OPTION(OPT_CA), OPTION(OPT_ONLY)},
	{"list", "FOLDER", "the cards in a folder, one in a line", command_list, 0, 0},
	{"show", "CARD", "what stands on a card, and the tries left", command_show, 0, 0},
	{"unlock", "CARD [--pin NEW] [--password NEW] [--text-pin NEW]",
		"the city hall gives all tries back, and sets new secrets", command_unlock, 0,
		SECRETS},
	{"renew", "CARD --ca DIR [--expires YYYYMMDD]",
		"an extension of stay: both certificates are revoked and issued anew",
		command_renew, OPTION(OPT_CA), OPTION(OPT_EXPIRES)},
	{"move", "CARD --ca DIR --address TEXT --prefecture NAME --municipality NAME",
		"a new address: the signing certificate is revoked", command_move,
		OPTION(OPT_CA) | OPTION(OPT_ADDRESS) | OPTION(OPT_PREFECTURE) |
			OPTION(OPT_MUNICIPALITY),
		0},
	{"reader", "CARD [--host 127.0.0.1] [--port 35963] [--wait SECONDS]",
		"puts the card on pcscd's virtual reader, until that ends or a signal comes",
		command_reader, 0, OPTION(OPT_HOST) | OPTION(OPT_PORT) | OPTION(OPT_WAIT)},
};

static void print_help(FILE *out)
{
	fprintf(out, "softcard " MADOGUCHI_VERSION
		     ": My Number cards in software, for demonstrations and tests\n\nusage:\n");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fprintf(out, "  softcard %s %s\n      %s\n", commands[i].name, commands[i].words,
			commands[i].help);
	fprintf(out, "\nsoftcard --help prints this, softcard --version the version.\n");
}

static int exit_of(enum err_code code)
{
	switch (code) {
	case OK:
		return EX_OK;
	case ERR_NOT_FOUND:
		return EX_NOINPUT;
	case ERR_INVALID:
	case ERR_LIMIT:
	case ERR_SHUT:
		return EX_DATAERR;
	case ERR_CONFLICT:
		return EX_CANTCREAT;
	case ERR_UNAVAILABLE:
		return EX_UNAVAILABLE;
	case ERR_DENIED:
		return EX_NOPERM;
	case ERR_RETRY:
		return EX_TEMPFAIL;
	case ERR_INTERNAL:
	case ERR_COUNT:
		break;
	}
	return EX_SOFTWARE;
}

static int run(const struct command *command, int argc, char **argv)
{
	AUTO_ARENA arena;
	struct options options;

	arena_init(&arena, PROGRAM_ARENA);
	if (!options_read(argc, argv, command->needed, command->allowed, &options)) {
		fprintf(stderr, "usage: softcard %s %s\n", command->name, command->words);
		return EX_USAGE;
	}
	err e = crypto_init();

	if (!failed(e))
		e = command->run(&arena, &options);
	if (failed(e))
		fprintf(stderr, "softcard %s: %s\n", command->name, err_detail());
	else if (fflush(stdout) != 0)
		return EX_IOERR;
	return exit_of(e.code);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return EX_USAGE;
	}
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			print_help(stdout);
			return EX_OK;
		}
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("softcard " MADOGUCHI_VERSION);
		return EX_OK;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return run(&commands[i], argc - 2, argv + 2);
	}
	fprintf(stderr, "softcard: there is no command %s\n", argv[1]);
	print_help(stderr);
	return EX_USAGE;
}

#include "net/init.h"
#include "sim/phone/commands.h"
#include "sim/phone/exits.h"

#include <locale.h>
#include <signal.h>

/*
 * simphone SUBCOMMAND …: the simulated phone of man/simphone.1.
 */

#define ARENA_BYTES (64u << 20) /* a picture, and a scan; 8 MiB of it in practice */

static const struct command {
	const char *name, *words, *help;
	int (*run)(struct arena *arena, struct options *options);
} commands[] = {
	{"scan", "URL|IMAGE|- --card DIR [--pin PIN] [--password PASSWORD] …",
		"scans a code, and answers with a card", command_scan},
	{"serve", "[--listen ADDRESS:PORT] [--cards DIR]",
		"the app as a page for a browser on this machine", command_serve},
	{"trust", "ORIGIN --id rp:NAME [--thumbprint THUMBPRINT]",
		"puts a portal on the list of known ones", command_trust},
	{"tampers", "", "lists what a hostile phone can do", command_tampers},
};

static void print_help(FILE *out)
{
	fprintf(out, "simphone " MADOGUCHI_VERSION
		     ": a simulated phone with the app for My Number Cards\n\nusage:\n");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fprintf(out, "  simphone %s %s\n      %s\n", commands[i].name, commands[i].words,
			commands[i].help);
	fprintf(out, "\nAll options are in simphone(1). For tests and demonstrations: this is not "
		     "the real app.\n");
}

int complain(err e)
{
	fprintf(stderr, "simphone: %s\n", err_detail());
	switch (e.code) {
	case ERR_NOT_FOUND:
		return EXIT_NO_INPUT;
	case ERR_DENIED:
		return EXIT_NO_PERMISSION;
	case ERR_INVALID:
	case ERR_LIMIT:
		return EXIT_DATA;
	case ERR_UNAVAILABLE:
		return EXIT_UNAVAILABLE;
	default:
		return EXIT_SOFTWARE;
	}
}

static int run(const struct command *command, int argc, char **argv)
{
	AUTO_ARENA arena;
	struct options options;
	arena_init(&arena, ARENA_BYTES);
	int code = options_read(&arena, argc, argv, &options);
	if (code == EXIT_DONE)
		code = command->run(&arena, &options);
	options_release(&options);
	return code;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help(stdout);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("simphone " MADOGUCHI_VERSION);
		return EXIT_DONE;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	if (failed(net_init())) {
		fprintf(stderr, "simphone: %s\n", err_detail());
		return EXIT_OS;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return run(&commands[i], argc - 1, argv + 1);
	}
	fprintf(stderr, "simphone: there is no subcommand %s\n", argv[1]);
	print_help(stderr);
	return EXIT_USAGE;
}

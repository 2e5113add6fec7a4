#include <malloc.h>

#include "cmd/commands.h"

/*
 * madoguchi SUBCOMMAND …: the table of subcommands, and help. What each does is in man/madoguchi.1.
 */

static const struct command {
	const char *name, *words, *help;
	enum exit_code (*run)(int argc, char **argv);
} commands[] = {
	{"run", "[--data DIR] [--listen ADDRESS:PORT]", "the whole counter in one process: pages and background work", command_run},
	{"serve", "[--config FILE] [--listen ADDRESS:PORT]", "pages only; background work runs elsewhere", command_serve},
	{"work", "[--config FILE]", "background work only: mails, time limits", command_work},
	{"admin", "COMMAND", "the operator's commands, each with [--config FILE] or settings:", command_admin},
	{"check-config", "[--config FILE]", "says what is wrong with a configuration, or nothing", command_check_config},
	{"dump-config", "[example] [--config FILE] [--json]", "prints every setting with its source", command_dump_config},
};

static void print_help(FILE *out)
{
	fprintf(out, "madoguchi " MADOGUCHI_VERSION ": an online counter for public applications\n\nusage:\n");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		fprintf(out, "  madoguchi %s %s\n      %s\n", commands[i].name, commands[i].words, commands[i].help);
		if (commands[i].run == command_admin)
			command_admin_help(out);
	}
	fprintf(out, "\nSettings are --key=value with the keys of madoguchi.conf(5), or lines of --config FILE.\n"
		     "madoguchi --help prints this, madoguchi --version the version.\n");
}

/*
 * One heap for all threads, in large steps. With a heap for each, SQLite's pages make it grow and shrink by single pages, a system
 * call each; and requests have arenas of their own (base/arena.h), so that threads seldom meet there.
 */
static void set_up_heap(void)
{
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_TOP_PAD, 1 << 20);
	mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

int main(int argc, char **argv)
{
	set_up_heap();
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			print_help(stdout);
			return EXIT_DONE;
		}
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("madoguchi " MADOGUCHI_VERSION);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return (int)commands[i].run(argc - 2, argv + 2);
	}
	fprintf(stderr, "madoguchi: there is no subcommand %s\n", argv[1]);
	print_help(stderr);
	return EXIT_USAGE;
}

#ifndef CMD_PROGRAM_H
#define CMD_PROGRAM_H

#include "cmd/conf.h"
#include "cmd/exits.h"
#include "i18n/locale.h"

/*
 * What every subcommand begins with: the command line, the configuration made of it, and the folder of data. Messages go to standard
 * error in plain words; the answer of a program is one of cmd/exits.h.
 */

struct program {
	struct arena *arena;       /* lives as long as the program */
	struct conf conf;
	struct conf_input input;   /* where it came from, for SIGHUP */
	const char *const *words;  /* what stands on the command line besides options: "procedure", "check", "DIR" */
	size_t word_count;
	bool json;
	/* Options that are no settings, as they were given; NULL: not given. */
	const char *note, *status;
	const char *open;          /* what may be modified */
	const char *from, *until, *announce; /* times */
	const char *title[LANG_COUNT], *text[LANG_COUNT];
};

/*
 * Options are --key=value or --key value with the keys of madoguchi.conf(5), --config FILE, --json, and those that are no settings:
 * a table in program.c. EXIT_DONE: go on.
 */
enum exit_code program_begin(struct arena *arena, int argc, char **argv, const char *default_data, struct program *out);

/* The same for a command that needs no secrets of other services: those that only the service manager passes may be missing. */
enum exit_code program_begin_by_hand(struct arena *arena, int argc, char **argv, const char *default_data, struct program *out);

/*
 * What a command does not know is not passed over: who wrote it meant something by it. EXIT_USAGE, with words on standard error: there are more than
 * `most` words, or an option that is no setting and does not stand in `options`, which is the command's line of the help ("[--json] --from TIME").
 */
enum exit_code program_takes(const struct program *program, size_t most, const char *options);

/* The folder of data, made when it is not there (mode 0700). */
enum exit_code program_data(const struct program *program);

/* "madoguchi: words: the detail of the last error". */
void program_complain(const char *words, err e);
enum exit_code program_exit_of(err e);

#endif

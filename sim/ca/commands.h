#ifndef SIM_CA_COMMANDS_H
#define SIM_CA_COMMANDS_H

#include "base/arena.h"
#include "base/err.h"
#include "sim/ca/ca.h"

#include <sysexits.h>

/*
 * The subcommands of simca. Each gets the words behind its name and answers with an exit code of
 * sysexits(3), or with EXIT_AS_IT_IS: what is wanted is so already, and nothing was changed.
 */

#define EXIT_AS_IT_IS 1

int command_init(struct arena *arena, int argc, char **argv);
int command_issue(struct arena *arena, int argc, char **argv);
int command_revoke(struct arena *arena, int argc, char **argv);
int command_crl(struct arena *arena, int argc, char **argv);
int command_show(struct arena *arena, int argc, char **argv);
int command_ocsp(struct arena *arena, int argc, char **argv);
int command_ocsp_mode(struct arena *arena, int argc, char **argv);

/* "simca: the detail of the last error" on standard error, and the exit code that belongs to it. */
int complain(err e);
/* The same for a wrong command line. */
int complain_usage(const char *words);

#endif

#ifndef SIM_PHONE_COMMANDS_H
#define SIM_PHONE_COMMANDS_H

#include "sim/phone/options.h"

/* The subcommands; each answers an exit code of exits.h and has said on standard error what is
 * wrong. */

int command_scan(struct arena *arena, struct options *options);
int command_serve(struct arena *arena, struct options *options);
int command_trust(struct arena *arena, struct options *options);
int command_tampers(struct arena *arena, struct options *options);

/* The exit code of an error, after its words on standard error. */
int complain(err e);

#endif

#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "cmd/program.h"

/* The subcommands; argv begins behind their name. */

enum exit_code command_run(int argc, char **argv);
enum exit_code command_serve(int argc, char **argv);
enum exit_code command_work(int argc, char **argv);
enum exit_code command_admin(int argc, char **argv);
void command_admin_help(FILE *out); /* a line for each of the operator's commands */
enum exit_code command_check_config(int argc, char **argv);
enum exit_code command_dump_config(int argc, char **argv);

#endif

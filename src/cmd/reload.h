#ifndef CMD_RELOAD_H
#define CMD_RELOAD_H

#include "cmd/program.h"

/*
 * SIGHUP: reads the configuration anew and takes over what may change while running. A thread of its own waits for the signal,
 * which is blocked everywhere else: call this before any other thread is started. It ends with the process.
 */
enum exit_code reload_begin(struct program *program);

#endif

#ifndef CMD_BACKGROUND_H
#define CMD_BACKGROUND_H

#include "cmd/start.h"
#include "jobs/jobs.h"

/* Starts the background work of jobs/ with what the configuration says of mail. Everything wrong is said on standard error. */
enum exit_code background_start(struct start *start, struct jobs **out);

#endif

#ifndef CMD_ADMIN_QUEUE_H
#define CMD_ADMIN_QUEUE_H

#include "cmd/exits.h"
#include "cmd/start.h"

/*
 * "admin queue": the mails and jobs that wait or have failed, one a line with tabs between the
 * columns; with
 * --json one object. Of a recipient only the domain is shown: that tells which relay is the
 * trouble.
 */
enum exit_code admin_queue(struct start *start);

#endif

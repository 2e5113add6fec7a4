#ifndef CMD_DEMO_H
#define CMD_DEMO_H

#include "cmd/start.h"

/*
 * Invented people and notices, for trying the counter out. They are registered through the same doors as everybody; only the link is
 * taken from the outbox instead of from a mail. Prints who can log in, and how.
 */
enum exit_code demo_make(struct start *start);

#endif

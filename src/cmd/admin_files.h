#ifndef CMD_ADMIN_FILES_H
#define CMD_ADMIN_FILES_H

#include "cmd/start.h"

/* admin files verify: whether all that was attached can still be read; see man/madoguchi.1. */
enum exit_code admin_files(struct start *start);

#endif

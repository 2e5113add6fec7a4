#ifndef CMD_ADMIN_VERSION_H
#define CMD_ADMIN_VERSION_H

#include "cmd/exits.h"
#include "cmd/start.h"

/* "admin procedure versions": what was ever in force here, with tabs: procedure, version, since when, "present" or "earlier". */
enum exit_code admin_versions(struct start *start);

#endif

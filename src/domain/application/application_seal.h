#ifndef DOMAIN_APPLICATION_APPLICATION_SEAL_H
#define DOMAIN_APPLICATION_APPLICATION_SEAL_H

#include "base/str.h"

/* What submit.c and application.c must agree on: under which name an application's answers are
 * sealed. */
struct str application_purpose(struct arena *arena, int64_t account_id, int64_t id);

#endif

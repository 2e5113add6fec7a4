#ifndef DOMAIN_APPLICATION_APPLICATION_SEAL_H
#define DOMAIN_APPLICATION_APPLICATION_SEAL_H

#include "base/str.h"

/* What several files must agree on: under which name the answers of an application or a draft are
 * sealed. */
struct str application_purpose(struct arena *arena, int64_t account_id, int64_t id);
struct str draft_purpose(struct arena *arena, int64_t account_id, int64_t id);

#endif

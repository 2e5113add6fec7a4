#ifndef DOMAIN_APPLICATION_APPLICATION_SEAL_H
#define DOMAIN_APPLICATION_APPLICATION_SEAL_H

#include "base/str.h"

/* What several files must agree on: under which name the answers of an application or a draft are
 * sealed. */
struct str application_purpose(struct arena *arena, int64_t account_id, int64_t id);
struct str draft_purpose(struct arena *arena, int64_t account_id, int64_t id);
/* Those before a modification are sealed under another, so that nobody can put them back in the place of the present ones. */
struct str application_before_purpose(struct arena *arena, int64_t account_id, int64_t id, int64_t revision);

#endif

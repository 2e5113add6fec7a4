#ifndef DOMAIN_APPLICATION_AUTHZ_H
#define DOMAIN_APPLICATION_AUTHZ_H

#include "domain/application/lifecycle.h"

/* Who may do what with an application: one table. There is no way to get one without naming the
 * right (application_require). */

enum right {
	RIGHT_VIEW,
	RIGHT_CHANGE, /* what the table of transitions allows */
	RIGHT_COUNT
};

/* The party of the actor towards something of that account; 0: none. */
unsigned authz_party(const struct actor *actor, int64_t owner_id);

/* NOT_FOUND: the actor may not even know that it exists; DENIED: may see it, not do this. */
err authz_require(const struct actor *actor, int64_t owner_id, enum right right);

#endif

#ifndef WEB_OIDC_STEP_H
#define WEB_OIDC_STEP_H

#include "domain/identity/identity.h"
#include "web/exchange.h"

/* Leads the browser to the OpenID provider, with a new transaction; see oidc_begin. Too many, or no provider: the page that says so. */
err oidc_lead(struct exchange *ex, const struct idv_begin *begin);

#endif

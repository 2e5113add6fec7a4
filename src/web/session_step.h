#ifndef WEB_SESSION_STEP_H
#define WEB_SESSION_STEP_H

#include "web/exchange.h"

/*
 * Who asks: the session of the cookie, as every page shows it. A step of the router, and what the page of an error does when that
 * step had not been reached.
 */

/*
 * OK also without a session. INVALID, LIMIT: the cookie, with ex->refusal; others: the store, and then ex has the form token of that
 * session all the same.
 */
err session_step(struct exchange *ex);

#endif

#ifndef WEB_IDV_AGAIN_H
#define WEB_IDV_AGAIN_H

#include "web/exchange.h"

/*
 * Behind a proof the session has a new token. The answer that brings it can get lost: the line breaks, or a second press is faster. Then the browser
 * comes with the old one, which is no session's any more; but as long as it asks for the proof itself, it is told the way on and the
 * new token again (idv_proceed_again). For all other pages the old token is dead at once.
 */

/* For who has no session, before he is led to the login. *answered: this was it. */
err idv_again(struct exchange *ex, bool *answered);

#endif

#ifndef WEB_ANSWER_H
#define WEB_ANSWER_H

#include "web/exchange.h"

/* The parts of an answer that are the same on every page. The answers themselves are in exchange.h. */

/* Allow, for 405; a bit for each method. */
void answer_allow(struct exchange *ex, unsigned methods);

#endif

#ifndef WEB_RETURNED_VIEW_H
#define WEB_RETURNED_VIEW_H

#include "identity/returned.h"
#include "web/exchange.h"

/*
 * The way back from another service. It comes as a GET, and a GET changes nothing here (docs/decisions/0011): its page has a form with what
 * came, which is sent by itself where there is script, and by a button where there is none.
 */

/* The page of what came in the query; its form leads to `finish`. */
err returned_page(struct exchange *ex, enum route_id finish);

/* What that form has sent. */
struct returned returned_sent(const struct exchange *ex);

#endif

#ifndef WEB_LAYOUT_H
#define WEB_LAYOUT_H

#include "web/exchange.h"

/* Writes the whole document into the response: ex->body inside templates/layout/base.html. */
void layout_write(struct exchange *ex, struct str title, bool wrong);

#endif

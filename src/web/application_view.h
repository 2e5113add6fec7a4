#ifndef WEB_APPLICATION_VIEW_H
#define WEB_APPLICATION_VIEW_H

#include "web/exchange.h"

/* The office's name in the reader's language; an unknown code as it is. */
struct str office_name(struct exchange *ex, struct str code);

#endif

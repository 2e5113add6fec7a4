#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "web/exchange.h"

/* Every handler, from the one list of routes: err page_<name>(struct exchange *ex). */

#define ROUTE(name, ...) err page_##name(struct exchange *ex);
#include "web/routes.def"
#undef ROUTE

#endif

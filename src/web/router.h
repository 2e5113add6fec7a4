#ifndef WEB_ROUTER_H
#define WEB_ROUTER_H

#include "web/exchange.h"
#include "web/web.h"

/* web_where, web_handle and web_refuse of web/web.h: the steps of every request, in one order. */

#endif

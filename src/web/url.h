#ifndef WEB_URL_H
#define WEB_URL_H

#include "web/exchange.h"

/*
 * Addresses of our own pages, for redirects and for views. The pattern comes from the table of routes; parameters are percent-encoded,
 * so what a person typed can never become another path.
 */

struct str url_route(struct arena *arena, enum route_id route, const struct str *params, size_t count);
struct str url_1(struct arena *arena, enum route_id route, struct str a);
struct str url_2(struct arena *arena, enum route_id route, struct str a, struct str b);
struct str url_id(struct arena *arena, enum route_id route, int64_t id);
struct str url_id_str(struct arena *arena, enum route_id route, int64_t id, struct str b);

/* The login page that leads back to `next` and says why: "ended", "needed". */
struct str url_login(struct exchange *ex, struct str next, const char *why);

#endif

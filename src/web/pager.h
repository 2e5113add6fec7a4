#ifndef WEB_PAGER_H
#define WEB_PAGER_H

#include "web/exchange.h"
#include "web/url.h"

/* Lists that are cut into pages: which page is asked for, and the address of another with the same question. */

struct pager {
	int64_t page; /* from 0 */
	int64_t size; /* 10, 20 or 50 */
};

/* From the parameters page and size; what makes no sense there is the first page of 20. */
struct pager pager_read(const struct exchange *ex);

struct str pager_url(struct exchange *ex, enum route_id route, int64_t page);

#endif

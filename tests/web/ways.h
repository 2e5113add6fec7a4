#ifndef WEB_TEST_WAYS_H
#define WEB_TEST_WAYS_H

#include "site.h"

/* For each line of web/routes.def: a request that is carried out, and one that is not. A line without both is an error of test_routes. */

struct way {
	struct ask ask;
	int status;
	const char *location;  /* what it leads to begins so; NULL: no redirect */
	uint64_t queries;      /* at most */
	struct ask denied;
	int denied_status;
	const char *denied_location;
};

extern const struct way ways[ROUTE_COUNT];

#endif

#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "base/err.h"
#include "base/str.h"
#include "http/http.h"

/* The table of web/routes.def, and finding a line in it. */

enum route_id {
#define ROUTE(name, ...) ROUTE_##name,
#include "web/routes.def"
#undef ROUTE
	ROUTE_COUNT
};

enum access { ACCESS_ANYONE, ACCESS_ACCOUNT, ACCESS_COUNT };
enum rate_class { RATE_NONE, RATE_LOGIN, RATE_MAIL, RATE_TOKEN, RATE_PHONE, RATE_COUNT };

enum route_flag {
	ROUTE_SLOW = 1 << 0,        /* never in an event thread */
	ROUTE_DEVELOPMENT = 1 << 1, /* only when mails stay in the data folder */
	ROUTE_KEEP = 1 << 2,        /* the answer may be cached */
	ROUTE_MESSAGE = 1 << 3,     /* for programs: no cookies, no form token, a body of another type */
	ROUTE_UPLOAD = 1 << 4,      /* its body is taken in pieces: src/web/upload.h */
	ROUTE_TUS = 1 << 5,         /* the form token comes in a header, refusals are JSON */
	ROUTE_FILE = 1 << 6,        /* the answer is what somebody sent */
};

struct exchange;

struct route {
	enum route_id id;
	const char *name;
	enum http_method method;
	struct str pattern; /* "/drafts/:draft"; begins with a letter, or is "/"; a last "*" takes the rest of the path */
	enum access access;
	enum rate_class rate;
	unsigned flags;
	err (*handler)(struct exchange *ex);
};

extern const struct route routes[ROUTE_COUNT];

#define ROUTE_PARAMS 4 /* the most that a pattern has */

/*
 * The route of that method and path. A literal segment wins over a parameter. params: the path's parameters in order.
 * NOT_FOUND: no pattern fits; INVALID: one fits, but not with this method (405); *allowed then has a bit for each method.
 * HEAD finds the GET route where it has none of its own.
 */
err route_find(enum http_method method, struct str path, struct str params[ROUTE_PARAMS], const struct route **out, unsigned *allowed);

#endif

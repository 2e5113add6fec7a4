#ifndef WEB_HEADERS_H
#define WEB_HEADERS_H

#include "base/arena.h"
#include "base/str.h"

/*
 * The header lines that every answer has, whatever it is: how browsers shall treat it (ASVS 3.4). There are three kinds of them, put
 * together once at start.
 */

struct exchange;
struct web_conf;

enum headers_kind {
	HEADERS_PAGE,
	HEADERS_KEEP, /* static files: their content is in their name */
	HEADERS_FILE, /* what somebody sent */
	HEADERS_COUNT
};

struct headers {
	struct arena memory;
	struct str lines[HEADERS_COUNT];
};

/* Ends the process when what the configuration names cannot stand in a header: without these lines nothing may be answered. */
void headers_init(struct headers *headers, const struct web_conf *conf);
void headers_release(struct headers *headers);
void headers_write(struct exchange *ex);

#endif

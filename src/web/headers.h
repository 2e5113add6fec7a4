#ifndef WEB_HEADERS_H
#define WEB_HEADERS_H

/*
 * The header lines that every answer has, whatever it is: how browsers shall treat it (ASVS 3.4). There are three kinds of them, put
 * together once at start.
 */

struct exchange;
struct web;

enum headers_kind {
	HEADERS_PAGE,
	HEADERS_KEEP, /* static files: their content is in their name */
	HEADERS_FILE, /* what somebody sent */
	HEADERS_COUNT
};

void headers_init(struct web *web); /* needs web->conf */
void headers_release(struct web *web);
void headers_write(struct exchange *ex);

#endif

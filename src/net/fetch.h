#ifndef NET_FETCH_H
#define NET_FETCH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/*
 * One HTTP request to another server, and its whole answer (RFC 9110, HTTP/1.1), by libcurl.
 *
 * The other server is one that a setting names, and still nothing of it is trusted: certificates
 * and names are verified, redirects are not followed (a 303 is an answer), nothing is decompressed,
 * the answer has a limit, and connecting and the whole have times. What the environment of the
 * process says (proxies, .netrc) counts for nothing, and no cookies are kept. Each request has a
 * connection of its own.
 *
 * It waits for the answer: call it outside of transactions, and never in a thread that answers
 * pages. Safe from many threads after net_init().
 */

struct fetch_header {
	struct str name, value;
};

struct fetch {
	struct str method; /* upper case; absent: GET, or POST when there is a body */
	struct str url;    /* http:// or https://, without user, password or fragment */
	const struct fetch_header *headers;
	size_t header_count;
	struct str body;    /* absent: none */
	struct str ca_file; /* whose certificates vouch for the server; absent: the system's */
	int64_t connect_ms; /* 0: FETCH_CONNECT_MS */
	int64_t total_ms;   /* 0: FETCH_TOTAL_MS; from the call to the last byte */
	size_t max_bytes;   /* of the answer's body; 0: LIMIT_FETCH_BODY */
};

#define FETCH_CONNECT_MS 5000
#define FETCH_TOTAL_MS 10000

struct fetched {
	unsigned status; /* 200 to 599; every one is an answer */
	const struct fetch_header *headers;
	size_t header_count;
	struct str body;
};

/*
 * INVALID: the request is none: another scheme, a control character, a header that is ours to
 * write (Host, Content-Length, Transfer-Encoding, Connection, Expect).
 * LIMIT: the answer's head or body is longer than its limit.
 * UNAVAILABLE: no whole answer: no such host, no connection, a certificate that is not valid, out
 * of time, broken off, or no HTTP. The words of the error hold the host and never the path.
 */
err fetch(const struct fetch *request, struct arena *arena, struct fetched *out);

/* The value of the first header with this name, in any case; absent: none. */
struct str fetched_header(const struct fetched *answer, struct str name);

/* The media type without parameters, in lower case: "application/json"; absent: none. */
struct str fetched_type(struct arena *arena, const struct fetched *answer);

#endif

#ifndef HTTP_LIMITS_H
#define HTTP_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/*
 * What a server allows its clients. A field that is 0 means the value of base/limits.h, where the
 * reasons stand; tests set small ones so that they need not wait.
 */

struct http_limits {
	/* Bytes and lines of one request. */
	size_t target;  /* else 414 */
	size_t head;    /* request line and header lines with their ends; else 431 */
	size_t headers; /* lines; else 431. At most LIMIT_HTTP_HEADERS: the parser has places for so
			   many */
	size_t body;    /* else 413 */
	size_t take;    /* of a body that is taken in pieces; else 413. The server's default only where somebody takes any */
	size_t piece;   /* of these */

	/* Milliseconds. */
	int64_t head_ms;       /* from the first byte to the empty line; else 408 */
	int64_t idle_ms;       /* between two requests; then closed without a word */
	int64_t body_grace_ms; /* after this a body must have come at body_rate on average; else 408
				*/
	int64_t body_rate;     /* bytes a second, of a body and of an answer */
	int64_t take_ms;   /* in each such time a body that is taken in pieces must come at
			      take_rate; else 408 */
	int64_t take_rate;
	int64_t write_ms;  /* in each such time an answer must be taken at body_rate; else cut */
	int64_t linger_ms; /* to go on reading after a last answer, so that it arrives */
	int64_t hold_again_ms; /* a held exchange is asked again that often without a ring */
	int64_t stop_ms;       /* to finish open exchanges after server_stop */

	/* Counts. */
	size_t connections;
	size_t per_address; /* IPv6: per /64 */
	size_t held;        /* exchanges; more are answered at once */
	size_t held_per_address;
	size_t queue; /* requests waiting for a worker; then 503 */
};

/* The same with every 0 replaced. */
struct http_limits http_limits_filled(const struct http_limits *given);

#endif

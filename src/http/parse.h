#ifndef HTTP_PARSE_H
#define HTTP_PARSE_H

#include "http/http.h"
#include "http/limits.h"

#include "base/limits.h"

/*
 * The head of a request: request line, header lines, empty line. A pure function over bytes: no
 * socket, no allocation.
 *
 * It is called again and again with the same bytes and more behind them. The verdict depends only
 * on the bytes, not on how they were cut: each byte is judged in its order, and a line is judged
 * when its end has come, so a bad byte is refused before anything behind it is looked at. The bytes
 * may move in memory between two calls; results are offsets.
 *
 * States: PARSE_MORE until PARSE_DONE or PARSE_REFUSED (then `status` says why); after these it is
 * not called again without parse_init. docs/http.md says what is refused. RFC 9112 2 to 6, RFC
 * 9110 7.2, 8.6, 10.1.1.
 */

enum parse_result { PARSE_MORE, PARSE_DONE, PARSE_REFUSED };

struct span {
	uint32_t at;
	uint32_t n; /* at == 0 && n == 0: absent; nothing that a span names stands at 0 */
};

struct parse {
	/* Where we are. */
	size_t at;    /* bytes judged */
	size_t line;  /* where the line being read begins */
	bool blank;   /* one empty line before the request line was skipped */
	bool started; /* the request line is complete */

	/* What was found. */
	int status; /* of a refusal */
	enum http_method method;
	int minor; /* HTTP/1.0 or 1.1 */
	struct span target;
	struct span
		origin; /* the part of the target from its path on; absent: none, which means "/" */
	struct span authority; /* of a target in absolute form */
	struct span host;
	uint64_t length; /* of the body; with `chunked`: unknown, 0 */
	bool has_length;
	bool chunked;
	bool has_coding;
	bool has_expect;
	bool expects; /* Expect: 100-continue */
	bool unmet;   /* some other Expect */
	bool says_close, says_keep;
	bool keep_alive;  /* after the answer */
	size_t head_size; /* bytes of the head with its empty line */
	size_t header_count;
	struct {
		struct span name, value;
	} headers[LIMIT_HTTP_HEADERS];
};

void parse_init(struct parse *parse);
enum parse_result parse_head(
	struct parse *parse, const struct http_limits *limits, const char *p, size_t n);

/* A span of the bytes that were parsed. */
static inline struct str span_str(struct span span, const char *p)
{
	return span.at == 0 && span.n == 0 ? (struct str){NULL, 0}
					   : (struct str){p + span.at, span.n};
}

#endif

#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "http/stream.h"

/*
 * A request as it was received, complete and in memory, and the answer to it. Nothing here knows
 * about pages. Both live in the arena of the exchange. RFC 9110, RFC 9112.
 */

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OPTIONS,
	HTTP_METHOD_COUNT
};

/* Whether a request of this method may change something; those have a body or need none. */
static inline bool http_writes(enum http_method method)
{
	return method == HTTP_POST || method == HTTP_PATCH || method == HTTP_DELETE;
}

struct http_header {
	struct str name;  /* as sent; compare by str_eq_nocase */
	struct str value; /* without white space at the ends */
};

struct request {
	struct arena *arena;
	enum http_method method;
	struct str target; /* as sent */
	struct str path;   /* percent-decoded, valid UTF-8, no NUL, no dot segments */
	struct str query;  /* as sent, without '?' */
	struct str host;
	const struct http_header *headers;
	size_t header_count;
	struct str body;
	struct taker *taker; /* has taken the body instead; NULL: it is in `body` */
	bool taken_short;    /* the taker wanted no more: what it has is not all */
	struct str peer;     /* address as text; "unix" for a Unix socket */
	int64_t received_at; /* when the handler is asked: of a held one each time anew */
	uint64_t id;         /* unique in this process */
	bool again;          /* asked before, and held since then */
	bool final;          /* may not be held any longer: the answer must be given now */
};

struct str request_header(
	const struct request *req, struct str name); /* absent: not sent; the first one wins */

/* name=value pairs of a query or an urlencoded body, decoded, in order. */
struct param {
	struct str name;
	struct str value;
};
struct params {
	const struct param *v;
	size_t n;
};
/* INVALID: broken escape, bad UTF-8, NUL; LIMIT: too many or too long. */
err params_read(struct arena *arena, struct str text, struct params *out);
/* The same, but the value of that name may have `long_most` bytes: what we had put into a page ourselves. */
err params_read_but(struct arena *arena, struct str text, struct str long_name, size_t long_most, struct params *out);
/*
 * What can be shown of text that was too much for params_read: long values are cut (*cut: the name of the first; absent: none), what
 * is broken or behind the last place is left out.
 */
struct params params_readable(struct arena *arena, struct str text, struct str *cut);
struct str params_get(
	const struct params *params, struct str name); /* absent: not there; the first one wins */
size_t params_count(const struct params *params, struct str name);

/* multipart/form-data, RFC 7578. A part with a file name has filename set. */
struct part {
	struct str name;
	struct str filename; /* absent: a plain field */
	struct str type;
	struct str body;
};
err multipart_read(struct arena *arena, struct str content_type, struct str body, struct part **out,
	size_t *count);

/* The named cookie of the request; absent when not sent. INVALID when it is sent twice or malformed
 * (RFC 6265). */
err cookie_get(const struct request *req, struct str name, struct str *out);

struct response {
	struct arena *arena;
	int status;
	struct buf headers; /* "Name: value\r\n" each; only the functions below write it */
	struct buf body;
	struct str body_static; /* instead of body: bytes that outlive the exchange */
	bool close;
	bool broken;         /* a header was refused: the server answers 500 instead */
	struct giver giver;  /* only response_give writes it */
	struct str hold_key; /* only response_hold writes these */
	int64_t hold_ms;
};

/*
 * Refuses (drops, sets `broken`, remembers INTERNAL) a name that is no token, a value that holds
 * CR, LF, NUL or another control character, and the headers that the server writes itself:
 * Connection, Content-Length, Date, Transfer-Encoding.
 */
void response_header(struct response *res, struct str name, struct str value);
/* Lines that response_header has written into another response, as they are: for those that every answer has. */
void response_headers(struct response *res, struct str lines);
/* Set-Cookie with HttpOnly, SameSite=Lax, Path=/, Secure when `secure`; max_age in seconds, 0:
 * session, <0: delete. */
void response_cookie(
	struct response *res, struct str name, struct str value, int64_t max_age, bool secure);
/*
 * "Not yet": instead of an answer. What the response holds is thrown away, and the handler is
 * called again for the same request when `key` is rung (server_ring), each two seconds, and a last
 * time with `final` when `ms` are over since the request came (at most LIMIT_HTTP_HOLD_MS), when
 * the server stops, or at once when too many are held. It looks for itself each time whether there
 * is an answer: a call need not mean that something has changed. A `final` request must be
 * answered: to hold it is a defect and a 500.
 *
 * What the handler's look missed and what was rung before the wait began is not lost: it is asked
 * again then. Nothing of the arena survives. When the client goes away, or says that it will send
 * no more, the exchange ends without another call.
 */
void response_hold(struct response *res, struct str key, int64_t ms);
/* The body comes in pieces; the giver is the response's from here on. Not in an event thread. */
void response_give(struct response *res, const struct giver *giver);
/* "" for a status that this program does not use. */
const char *http_reason(int status);

#endif

#ifndef SIM_PHONE_LINK_H
#define SIM_PHONE_LINK_H

#include "json/json.h"
#include "sim/phone/ending.h"

/*
 * The line to a portal. A message that found no answer is sent again, the very same bytes, so that
 * a portal that has had it answers as it did the first time. Answers have a limit of LIMIT_JSON
 * bytes and are JSON, or a problem (RFC 9457) with a code; anything else is answer_unclear.
 */

#define LINK_TRIES 3

struct link {
	struct str origin;
	struct str ca_file; /* absent: the system's certificates */
	int64_t total_ms;   /* 0: 25 s, more than a portal needs to ask whether a certificate is
			       revoked */
	unsigned tries;     /* 0: LINK_TRIES */
};

struct reply {
	unsigned status;
	const struct json *json; /* NULL: none (204) */
	int64_t retry_after;     /* seconds, with slow_down; 0: not told */
};

/* ENDING_NONE: *out is filled. */
enum ending link_post(struct arena *arena, const struct link *link, struct str path,
	struct str body, struct reply *out);
enum ending link_get(
	struct arena *arena, const struct link *link, struct str path, struct reply *out);

#endif

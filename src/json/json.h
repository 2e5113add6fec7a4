#ifndef JSON_JSON_H
#define JSON_JSON_H

#include "base/err.h"
#include "base/str.h"

/*
 * Reading JSON (RFC 8259) that others sent, as a tree in an arena. Writing is base/encode.h.
 *
 * Two programs that read one text must not see two things in it, so what they could see differently
 * is refused: a member given twice, a number that is no integer of 64 bits, UTF-8 or an escape that
 * is no Unicode text, U+0000, anything before or behind the one value. The outermost value is a map
 * or a list. Depth and size have limits, because the text is parsed on a small stack.
 *
 * The tree is constant and owns its texts: it lives as long as the arena, whatever happens to the
 * text it was read from. Absent values are handed on: every accessor takes NULL and what is no map,
 * and finds nothing in it. Safe from many threads.
 *
 * The names differ from libjansson's on purpose: its functions are symbols of this program too.
 */

enum json_kind {
	JSON_KIND_NULL,
	JSON_KIND_BOOL,
	JSON_KIND_INT,
	JSON_KIND_STR,
	JSON_KIND_LIST,
	JSON_KIND_MAP,
	JSON_KIND_COUNT
};

struct json {
	enum json_kind kind;
	struct str name; /* of a member of a map; else absent */
	union {
		bool truth;
		int64_t number;
		struct str text;
		struct {
			const struct json *v; /* in the order of the text */
			size_t n;
		} items; /* of lists and maps */
	};
};

struct json_limits {
	size_t bytes;
	unsigned depth; /* of maps and lists inside each other; {} has 1 */
};

/* LIMIT_JSON and LIMIT_JSON_DEPTH. */
extern const struct json_limits json_limits_default;

/* limits may be NULL. LIMIT: too long or too deep; INVALID: all else that is refused. The words of
 * the error hold a place, and nothing of the text. */
err json_read(struct arena *arena, struct str text, const struct json_limits *limits,
	const struct json **out);

/* NULL: no such member. */
const struct json *json_get(const struct json *map, struct str name);

/* A member of one kind. NOT_FOUND: there is none; INVALID: it is of another kind. */
err json_str(const struct json *map, struct str name, struct str *out);
err json_int(const struct json *map, struct str name, int64_t *out);
err json_bool(const struct json *map, struct str name, bool *out);
err json_map(const struct json *map, struct str name, const struct json **out);
err json_list(const struct json *map, struct str name, const struct json **out);

/* INVALID: not a map, or it has a member that is not among the names. */
err json_only(const struct json *map, const struct str *names, size_t count);

#endif

#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A borrowed slice of bytes, usually UTF-8, not ended by NUL. It owns nothing: it lives as long as
 * what it points to. {NULL, 0} is the empty string as well as "absent"; where the difference
 * matters the caller asks str_absent().
 */

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
/* For static tables, where a compound literal is not a constant. */
#define STR_INIT(literal)                       \
	{                                       \
		"" literal, sizeof(literal) - 1 \
	}

/* printf("%.*s", STR_ARG(s)) */
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, ((s).p ? (s).p : "")

/* The smallest stand here: definitions, texts and requests are read by millions of calls of them. */

static inline struct str str_make(const char *p, size_t n)
{
	return (struct str){p, n};
}

/* NULL gives the absent string */
static inline struct str str_of(const char *c)
{
	return c ? str_make(c, strlen(c)) : (struct str){0};
}

static inline bool str_absent(struct str s)
{
	return s.p == NULL;
}
static inline bool str_empty(struct str s)
{
	return s.n == 0;
}

static inline bool str_eq(struct str a, struct str b)
{
	/* Most that differ do so at once: that needs no call. */
	return a.n == b.n && (a.n == 0 || (*a.p == *b.p && memcmp(a.p, b.p, a.n) == 0));
}

bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
int str_cmp(struct str a, struct str b);        /* bytes; shorter first */
static inline bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_make(s.p, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix);

/* Index of the first occurrence, or -1. */
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_find_byte(struct str s, char byte);

/* Part of s; both ends are cut to what is there. */
static inline struct str str_skip(struct str s, size_t count)
{
	if (count > s.n)
		count = s.n;
	return count ? str_make(s.p + count, s.n - count) : s;
}

static inline struct str str_sub(struct str s, size_t from, size_t count)
{
	struct str rest = str_skip(s, from);
	return str_make(rest.p, count < rest.n ? count : rest.n);
}

struct str str_trim(struct str s); /* ASCII white space at both ends */

/*
 * Takes the part before the separator from *rest and moves *rest behind it. False when *rest is
 * used up: the empty string has no part, and nothing is behind a separator at the very end ("a,,b,"
 * has the parts a, "", b).
 */
bool str_next(struct str *rest, char separator, struct str *part);

/* Copies; str_c() adds the NUL that C interfaces want (the copy must not contain one: it is cut
 * there). */
struct str str_dup(struct arena *arena, struct str s);
const char *str_c(struct arena *arena, struct str s);
struct str str_lower(struct arena *arena, struct str s); /* ASCII letters only */
struct str str_upper(struct arena *arena, struct str s);
/* What is put together; empty, and the arena is over, when it takes no more text. */
struct str str_fmt(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str str_join(
	struct arena *arena, const struct str *parts, size_t count, struct str separator);

/* Decimal, the whole string, no sign for u64. False: not a number, or out of range. */
bool str_to_i64(struct str s, int64_t *out);
bool str_to_u64(struct str s, uint64_t *out);

/* In time that depends only on the lengths. */
bool str_eq_secret(struct str a, struct str b);

#endif

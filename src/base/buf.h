#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/err.h"
#include "base/str.h"

#include <stdarg.h>
#include <string.h>

/*
 * Growing text in an arena, with a ceiling. Writing past the ceiling does nothing and is
 * remembered: write as much as you like and ask buf_error() once at the end. After the first such
 * write nothing is taken until buf_clear(), so what is there is always the beginning of what was
 * meant. The arena may have a ceiling for text too (base/arena.h): to reach it is the same.
 */

struct buf {
	struct arena *arena;
	char *p;
	size_t n;
	size_t cap;
	size_t max;
	bool over;
};

void buf_init(struct buf *buf, struct arena *arena, size_t max);
/* As buf_init, with room for at least `room` bytes at once. */
void buf_init_room(struct buf *buf, struct arena *arena, size_t max, size_t room);
void buf_clear(struct buf *buf); /* keeps the memory */

/* Makes room for `more` bytes behind p + n; NULL when that is over the ceiling, or the arena takes no more text. */
char *buf_room(struct buf *buf, size_t more);

/* When there is no room yet, or no more. */
void buf_bytes_slow(struct buf *buf, const void *p, size_t n);

/* Here because a page is made of thousands of them. */
static inline void buf_bytes(struct buf *buf, const void *p, size_t n)
{
	if (n == 0)
		return;
	if (buf->over || n > buf->cap - buf->n) {
		buf_bytes_slow(buf, p, n);
		return;
	}
	memcpy(buf->p + buf->n, p, n);
	buf->n += n;
}

static inline void buf_str(struct buf *buf, struct str s)
{
	buf_bytes(buf, s.p, s.n);
}

static inline void buf_byte(struct buf *buf, char byte)
{
	buf_bytes(buf, &byte, 1);
}

void buf_c(struct buf *buf, const char *c);
void buf_i64(struct buf *buf, int64_t value);
void buf_pad(struct buf *buf, int64_t value, unsigned digits); /* 7, 2 → "07" */
void buf_hex(struct buf *buf, uint64_t value);                 /* 255 → "ff" */
void buf_fmt(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define buf_lit(buf, literal) buf_bytes((buf), "" literal, sizeof(literal) - 1)

static inline struct str buf_view(const struct buf *buf)
{
	return (struct str){buf->p ? buf->p : "", buf->n};
}

/* LIMIT when something was left out. */
err buf_error(const struct buf *buf);

#endif

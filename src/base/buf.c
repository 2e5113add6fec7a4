#include "base/buf.h"

#define BUF_FIRST 256u

void buf_init(struct buf *buf, struct arena *arena, size_t max)
{
	*buf = (struct buf){.arena = arena, .max = max};
}

void buf_init_room(struct buf *buf, struct arena *arena, size_t max, size_t room)
{
	buf_init(buf, arena, max);
	if (room > max)
		room = max;
	/* One byte more than cap, always: for the NUL of vsnprintf when the text ends exactly at
	 * the ceiling. */
	buf->p = arena_alloc_raw(arena, room + 1);
	buf->cap = room;
}

void buf_clear(struct buf *buf)
{
	buf->n = 0;
	buf->over = false;
}

char *buf_room(struct buf *buf, size_t more)
{
	/* Once over, nothing more is taken: text with a hole in it is worse than text that ends
	 * early. */
	if (buf->over || more > buf->max - buf->n) {
		buf->over = true;
		return NULL;
	}
	if (!buf->p || more > buf->cap - buf->n) {
		size_t need = buf->n + more;
		size_t cap = buf->cap < BUF_FIRST ? BUF_FIRST : buf->cap;
		while (cap < need && cap <= buf->max / 2)
			cap *= 2;
		if (cap < need || cap > buf->max)
			cap = buf->max;
		if (!arena_takes(buf->arena, cap + 1)) {
			buf->over = true;
			return NULL;
		}
		buf->p = arena_grow(buf->arena, buf->p, buf->p ? buf->cap + 1 : 0, cap + 1);
		buf->cap = cap;
	}
	return buf->p + buf->n;
}

void buf_bytes_slow(struct buf *buf, const void *p, size_t n)
{
	char *to = buf_room(buf, n);
	if (!to)
		return;
	memcpy(to, p, n);
	buf->n += n;
}

void buf_c(struct buf *buf, const char *c)
{
	buf_bytes(buf, c, c ? strlen(c) : 0);
}

void buf_pad(struct buf *buf, int64_t value, unsigned digits)
{
	char text[48];
	char *end = text + sizeof text;
	char *p = end;
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	if (digits > 40)
		digits = 40;
	do {
		*--p = (char)('0' + size % 10);
		size /= 10;
	} while (size);
	while ((size_t)(end - p) < digits)
		*--p = '0';
	if (value < 0)
		*--p = '-';
	buf_bytes(buf, p, (size_t)(end - p));
}

void buf_i64(struct buf *buf, int64_t value)
{
	buf_pad(buf, value, 1);
}

void buf_hex(struct buf *buf, uint64_t value)
{
	static const char digits[] = "0123456789abcdef";
	char text[16];
	char *end = text + sizeof text;
	char *p = end;
	do {
		*--p = digits[value & 15];
		value >>= 4;
	} while (value);
	buf_bytes(buf, p, (size_t)(end - p));
}

void buf_fmt(struct buf *buf, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	size_t room = buf->p ? buf->cap - buf->n + 1 : 0;
	int n = vsnprintf(room ? buf->p + buf->n : NULL, room, fmt, args);
	va_end(args);
	if (n < 0) {
		buf->over = true;
	} else if (n > 0) {
		bool fitted = (size_t)n < room;
		char *to = buf_room(buf, (size_t)n);
		if (to && !fitted)
			(void)vsnprintf(to, (size_t)n + 1, fmt, again);
		if (to)
			buf->n += (size_t)n;
	}
	va_end(again);
}

err buf_error(const struct buf *buf)
{
	if (buf->over)
		return fail(ERR_LIMIT, "text over its ceiling of %zu bytes, or the arena over its own", buf->max);
	return ok();
}

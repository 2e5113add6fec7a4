#include "base/str.h"

#include "base/unset.h"

#include <stdarg.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c & ~0x20) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;
	if (order)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_skip(s, s.n - suffix.n), suffix);
}

ptrdiff_t str_find(struct str s, struct str needle)
{
	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return -1;
	const char *at = memmem(s.p, s.n, needle.p, needle.n);
	return at ? at - s.p : -1;
}

ptrdiff_t str_find_byte(struct str s, char byte)
{
	const char *at = s.n ? memchr(s.p, byte, s.n) : NULL;
	return at ? at - s.p : -1;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n && is_space(s.p[0]))
		s = str_skip(s, 1);
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool str_next(struct str *rest, char separator, struct str *part)
{
	if (rest->n == 0)
		return false;
	ptrdiff_t at = str_find_byte(*rest, separator);
	size_t n = at < 0 ? rest->n : (size_t)at;
	*part = str_make(rest->p, n);
	*rest = str_skip(*rest, at < 0 ? n : n + 1);
	return true;
}

struct str str_dup(struct arena *arena, struct str s)
{
	if (str_absent(s))
		return s;
	char *p = arena_alloc_raw(arena, s.n);
	if (s.n)
		memcpy(p, s.p, s.n);
	return str_make(p, s.n);
}

const char *str_c(struct arena *arena, struct str s)
{
	ptrdiff_t nul = str_find_byte(s, '\0');
	size_t n = nul < 0 ? s.n : (size_t)nul;
	char *p = arena_alloc(arena, n + 1);
	if (n)
		memcpy(p, s.p, n);
	return p;
}

static struct str mapped(struct arena *arena, struct str s, char (*map)(char))
{
	if (str_absent(s))
		return s;
	char *p = arena_alloc_raw(arena, s.n);
	for (size_t i = 0; i < s.n; i++)
		p[i] = map(s.p[i]);
	return str_make(p, s.n);
}

struct str str_lower(struct arena *arena, struct str s)
{
	return mapped(arena, s, lower);
}

struct str str_upper(struct arena *arena, struct str s)
{
	return mapped(arena, s, upper);
}

struct str str_fmt(struct arena *arena, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	UNSET char first[256];
	int n = vsnprintf(first, sizeof first, fmt, args);
	va_end(args);
	struct str made = STR("");
	if (n >= 0 && arena_takes(arena, (size_t)n + 1)) {
		char *p = arena_alloc(arena, (size_t)n + 1);
		if ((size_t)n < sizeof first)
			memcpy(p, first, (size_t)n);
		else
			(void)vsnprintf(p, (size_t)n + 1, fmt, again);
		made = str_make(p, (size_t)n);
	}
	va_end(again);
	return made;
}

struct str str_join(
	struct arena *arena, const struct str *parts, size_t count, struct str separator)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		n += parts[i].n + (i ? separator.n : 0);
	if (!arena_takes(arena, n))
		return STR("");
	char *p = arena_alloc_raw(arena, n);
	char *to = p;
	for (size_t i = 0; i < count; i++) {
		if (i && separator.n)
			to = mempcpy(to, separator.p, separator.n);
		if (parts[i].n)
			to = mempcpy(to, parts[i].p, parts[i].n);
	}
	return str_make(p, n);
}

bool str_to_u64(struct str s, uint64_t *out)
{
	uint64_t value = 0;
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, 10u, &value) ||
			__builtin_add_overflow(value, (uint64_t)(s.p[i] - '0'), &value))
			return false;
	}
	*out = value;
	return true;
}

bool str_to_i64(struct str s, int64_t *out)
{
	bool negative = s.n && s.p[0] == '-';
	uint64_t size;
	if (!str_to_u64(str_skip(s, negative), &size))
		return false;
	if (size > (uint64_t)INT64_MAX + negative)
		return false;
	/* -1 - (size - 1) reaches INT64_MIN without leaving the range on the way. */
	*out = negative && size ? -1 - (int64_t)(size - 1) : (int64_t)size;
	return true;
}

bool str_eq_secret(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	volatile unsigned char difference = 0;
	for (size_t i = 0; i < a.n; i++)
		difference = (unsigned char)(difference | (unsigned char)(a.p[i] ^ b.p[i]));
	return difference == 0;
}

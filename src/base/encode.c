#include "base/encode.h"

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static err no_room(void)
{
	return fail(ERR_LIMIT, "the arena takes no more text");
}

static unsigned byte_at(struct str s, size_t i)
{
	return (unsigned char)s.p[i];
}

void hex_write(struct buf *out, struct str bytes)
{
	if (bytes.n > SIZE_MAX / 2) {
		out->over = true;
		return;
	}
	char *to = buf_room(out, bytes.n * 2);
	if (!to)
		return;
	for (size_t i = 0; i < bytes.n; i++) {
		*to++ = hex_digits[byte_at(bytes, i) >> 4];
		*to++ = hex_digits[byte_at(bytes, i) & 15];
	}
	out->n += bytes.n * 2;
}

/* 0 to 15, or -1. */
static int hex_digit(unsigned c, bool upper)
{
	if (c >= '0' && c <= '9')
		return (int)c - '0';
	if (c >= 'a' && c <= 'f')
		return (int)c - 'a' + 10;
	if (upper && c >= 'A' && c <= 'F')
		return (int)c - 'A' + 10;
	return -1;
}

err hex_read(struct arena *arena, struct str text, struct str *bytes)
{
	if (text.n % 2)
		return fail(ERR_INVALID, "hex: odd number of digits");
	if (!arena_takes(arena, text.n / 2))
		return no_room();
	char *p = arena_alloc_raw(arena, text.n / 2);
	for (size_t i = 0; i < text.n; i += 2) {
		int high = hex_digit(byte_at(text, i), false);
		int low = hex_digit(byte_at(text, i + 1), false);
		if (high < 0 || low < 0)
			return fail(ERR_INVALID, "hex: not a digit at %zu", i);
		p[i / 2] = (char)(high << 4 | low);
	}
	*bytes = str_make(p, text.n / 2);
	return ok();
}

static void base64_four(char out[4], const char *digits, unsigned group)
{
	out[0] = digits[group >> 18 & 63];
	out[1] = digits[group >> 12 & 63];
	out[2] = digits[group >> 6 & 63];
	out[3] = digits[group & 63];
}

/* Up to three bytes as two to four digits; returns how many. */
static size_t base64_group(char out[4], const char *digits, struct str bytes, size_t at)
{
	size_t n = bytes.n - at < 3 ? bytes.n - at : 3;
	unsigned group = byte_at(bytes, at) << 16;
	if (n == 3) {
		base64_four(out, digits, group | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2));
		return 4;
	}
	if (n > 1)
		group |= byte_at(bytes, at + 1) << 8;
	for (size_t i = 0; i < n + 1; i++)
		out[i] = digits[group >> (18 - 6 * i) & 63];
	return n + 1;
}

void base64url_write(struct buf *out, struct str bytes)
{
	if (bytes.n > SIZE_MAX / 2) {
		out->over = true;
		return;
	}
	char *to = buf_room(out, bytes.n / 3 * 4 + (bytes.n % 3 ? bytes.n % 3 + 1 : 0));
	if (!to)
		return;
	for (size_t at = 0; at < bytes.n; at += 3) {
		size_t n = base64_group(to, base64url_digits, bytes, at);
		to += n;
		out->n += n;
	}
}

void base64_write(struct buf *out, struct str bytes, size_t line)
{
	size_t column = 0;
	for (size_t at = 0; at < bytes.n; at += 3) {
		char group[4] = {'=', '=', '=', '='};
		(void)base64_group(group, base64_digits, bytes, at);
		for (size_t i = 0; i < sizeof group; i++) {
			buf_byte(out, group[i]);
			if (line && ++column == line) {
				buf_lit(out, "\r\n");
				column = 0;
			}
		}
	}
	if (column)
		buf_lit(out, "\r\n");
}

/* 0 to 63, or -1. */
static int base64url_digit(unsigned c)
{
	static const unsigned char values[256] = { /* one more than the value; 0: no digit */
		['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8, ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
		['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
		['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
		['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['-'] = 63, ['_'] = 64,
	};
	return values[c & 255] - 1;
}

err base64url_read(struct arena *arena, struct str text, struct str *bytes)
{
	if (text.n % 4 == 1)
		return fail(ERR_INVALID, "base64url: impossible length");
	size_t n = text.n / 4 * 3 + (text.n % 4 ? text.n % 4 - 1 : 0);
	if (!arena_takes(arena, n))
		return no_room();
	char *p = arena_alloc_raw(arena, n);
	size_t done = 0;
	unsigned held = 0, bits = 0;
	for (size_t i = 0; i < text.n; i++) {
		int digit = base64url_digit(byte_at(text, i));
		if (digit < 0)
			return fail(ERR_INVALID, "base64url: not a digit at %zu", i);
		held = (held << 6 | (unsigned)digit) & 0xFFFF;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			p[done++] = (char)(held >> bits & 0xFF);
		}
	}
	/* Each value has one text only: the bits that are left over must be zero. */
	if (held & ((1u << bits) - 1))
		return fail(ERR_INVALID, "base64url: bits left over");
	*bytes = str_make(p, n);
	return ok();
}

static bool unreserved(unsigned c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

void percent_write(struct buf *out, struct str text)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.n;) {
		size_t from = i;
		while (i < text.n && unreserved(byte_at(text, i)))
			i++;
		buf_bytes(out, text.p + from, i - from);
		if (i == text.n)
			break;
		unsigned c = byte_at(text, i++);
		buf_bytes(out, (char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
	}
}

err percent_read(struct arena *arena, struct str text, bool form, struct str *out)
{
	if (!arena_takes(arena, text.n))
		return no_room();
	char *p = arena_alloc_raw(arena, text.n);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++) {
		unsigned c = byte_at(text, i);
		if (c == '%') {
			int high = i + 2 < text.n ? hex_digit(byte_at(text, i + 1), true) : -1;
			int low = i + 2 < text.n ? hex_digit(byte_at(text, i + 2), true) : -1;
			if (high < 0 || low < 0)
				return fail(ERR_INVALID, "percent: broken escape at %zu", i);
			c = (unsigned)(high << 4 | low);
			i += 2;
		} else if (c == '+' && form) {
			c = ' ';
		}
		if (c == 0)
			return fail(ERR_INVALID, "percent: NUL at %zu", i);
		p[n++] = (char)c;
	}
	*out = str_make(p, n);
	return ok();
}

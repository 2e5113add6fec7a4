#include "base/encode.h"
#include "base/utf8.h"

/* What must not appear as it is: syntax, controls (a terminal obeys C1 too), what HTML or a script
 * would read. */
static bool must_escape(uint32_t point)
{
	return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == '"' || point == '\\' ||
	       point == '<' || point == '>' || point == '&' || point == 0x2028 || point == 0x2029;
}

void json_write_point(struct buf *out, uint32_t point)
{
	static const char shorts[] = {
		['\b'] = 'b',
		['\t'] = 't',
		['\n'] = 'n',
		['\f'] = 'f',
		['\r'] = 'r',
		['"'] = '"',
		['\\'] = '\\',
	};
	static const char digits[] = "0123456789abcdef";
	char bytes[4];
	if (!must_escape(point)) {
		size_t n = utf8_encode(point, bytes);
		if (n)
			buf_bytes(out, bytes, n);
		else
			buf_lit(out, "\xEF\xBF\xBD"); /* U+FFFD stands for what is no character */
		return;
	}
	if (point < sizeof shorts && shorts[point]) {
		char escape[] = {'\\', shorts[point]};
		buf_bytes(out, escape, sizeof escape);
		return;
	}
	/* must_escape() names nothing above U+FFFF, so there are no surrogate pairs to write. */
	char escape[] = {'\\', 'u', digits[point >> 12 & 15], digits[point >> 8 & 15],
		digits[point >> 4 & 15], digits[point & 15]};
	buf_bytes(out, escape, sizeof escape);
}

/*
 * How many bytes of valid UTF-8 stand as they are. What must_escape() names above ASCII begins with
 * one of two bytes: U+0080 to U+009F with C2, U+2028 and U+2029 with E2 80.
 */
size_t json_plain_run(struct str text)
{
	enum { PLAIN, ESCAPED, C1, LINE };
	static const unsigned char kinds[256] = {
		[0x00 ... 0x1F] = ESCAPED,
		['"'] = ESCAPED,
		['\\'] = ESCAPED,
		['<'] = ESCAPED,
		['>'] = ESCAPED,
		['&'] = ESCAPED,
		[0x7F] = ESCAPED,
		[0xC2] = C1,
		[0xE2] = LINE,
	};
	const unsigned char *p = (const unsigned char *)text.p;
	size_t n = 0;
	for (; n < text.n; n++) {
		unsigned char kind = kinds[p[n]];
		if (kind == PLAIN)
			continue;
		if (kind == ESCAPED || (kind == C1 && p[n + 1] < 0xA0) ||
			(kind == LINE && p[n + 1] == 0x80 && (p[n + 2] & 0xFE) == 0xA8))
			break;
	}
	return n;
}

void json_write_str(struct buf *out, struct str text)
{
	bool valid = utf8_valid(text);
	buf_byte(out, '"');
	while (text.n) {
		size_t n = valid ? json_plain_run(text) : 0;
		buf_bytes(out, text.p, n);
		text = str_skip(text, n);
		if (text.n)
			json_write_point(out, utf8_next(&text));
	}
	buf_byte(out, '"');
}

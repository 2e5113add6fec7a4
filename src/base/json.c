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

void json_write_str(struct buf *out, struct str text)
{
	buf_byte(out, '"');
	while (text.n)
		json_write_point(out, utf8_next(&text));
	buf_byte(out, '"');
}

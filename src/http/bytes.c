#include "http/bytes.h"

#define VISIBLE (BYTE_LINE | BYTE_FIELD)
#define TOKEN (VISIBLE | BYTE_TOKEN)
#define NAME (TOKEN | BYTE_HOST)

const uint8_t http_bytes[256] = {
	['\t'] = BYTE_FIELD,
	[' '] = VISIBLE,
	['!'] = TOKEN,
	['"'] = VISIBLE,
	['#' ... '\''] = TOKEN,
	['(' ... ')'] = VISIBLE,
	['*' ... '+'] = TOKEN,
	[','] = VISIBLE,
	['-' ... '.'] = NAME,
	['/'] = VISIBLE,
	['0' ... '9'] = NAME,
	[':'] = VISIBLE | BYTE_HOST,
	[';' ... '@'] = VISIBLE,
	['A' ... 'Z'] = NAME,
	['['] = VISIBLE | BYTE_HOST,
	['\\'] = VISIBLE,
	[']'] = VISIBLE | BYTE_HOST,
	['^'] = TOKEN,
	['_'] = NAME,
	['`'] = TOKEN,
	['a' ... 'z'] = NAME,
	['{'] = VISIBLE,
	['|'] = TOKEN,
	['}'] = VISIBLE,
	['~'] = TOKEN,
	[0x80 ... 0xff] = BYTE_FIELD,
};

bool bytes_are(struct str s, unsigned kinds)
{
	bool all = true;
	/* Nearly always all of them are, so it is not looked for the first that is not. */
	for (size_t i = 0; i < s.n; i++)
		all &= byte_is(s.p[i], kinds);
	return all;
}

int byte_hex(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

struct str bytes_trim(struct str s)
{
	while (s.n > 0 && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

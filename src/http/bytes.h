#ifndef HTTP_BYTES_H
#define HTTP_BYTES_H

#include "base/str.h"

/*
 * Which byte may stand where: one table for everything in this folder that reads or writes header
 * text. RFC 9110 5.5 and 5.6.2, RFC 9112 3, RFC 3986 3.2.2.
 */

enum {
	BYTE_LINE = 1,  /* in a request line: visible ASCII and blank */
	BYTE_FIELD = 2, /* in a header line: the same, tab, and 0x80 to 0xff */
	BYTE_TOKEN = 4, /* in a method or a header's name */
	BYTE_HOST = 8,  /* in Host: a name, an address, a port */
};

extern const uint8_t http_bytes[256];

static inline bool byte_is(char byte, unsigned kinds)
{
	return (http_bytes[(unsigned char)byte] & kinds) != 0;
}

/* All bytes of s are of one of the kinds; true for the empty string. */
bool bytes_are(struct str s, unsigned kinds);

/* The value of a hexadecimal digit, or -1. */
int byte_hex(char byte);

/* Without blanks and tabs at both ends (RFC 9110 5.6.3: OWS). */
struct str bytes_trim(struct str s);

#endif

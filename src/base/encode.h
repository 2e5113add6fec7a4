#ifndef BASE_ENCODE_H
#define BASE_ENCODE_H

#include "base/buf.h"
#include "base/err.h"

/* Text forms of bytes. Encoders append; decoders are strict (INVALID for anything a strict encoder
 * cannot have written; LIMIT: the arena takes no more text). */

void hex_write(struct buf *out, struct str bytes); /* lower case */
err hex_read(struct arena *arena, struct str text, struct str *bytes);

/* RFC 4648 section 5, without padding. */
void base64url_write(struct buf *out, struct str bytes);
err base64url_read(struct arena *arena, struct str text, struct str *bytes);

/* RFC 4648 section 4 with padding, in lines of `line` characters ended by CRLF (0: one line, no
 * end). */
void base64_write(struct buf *out, struct str bytes, size_t line);

/* RFC 3986: all but unreserved characters as %XX. */
void percent_write(struct buf *out, struct str text);
/* %XX, and '+' as blank when `form`. INVALID for a broken escape or a NUL. */
err percent_read(struct arena *arena, struct str text, bool form, struct str *out);

/* A JSON string with its quotes (RFC 8259); '<', '>', '&', U+2028 and U+2029 are escaped too, so it
 * may stand in HTML. */
void json_write_str(struct buf *out, struct str text);
/* One code point of such a string, without quotes; UTF8_BAD is written as U+FFFD. */
void json_write_point(struct buf *out, uint32_t point);
/* How many bytes of valid UTF-8 stand in such a string as they are. */
size_t json_plain_run(struct str text);

#endif

#ifndef MAIL_BODY_H
#define MAIL_BODY_H

#include "base/buf.h"
#include "base/str.h"

/*
 * A text body in the shorter of the two encodings of RFC 2045, with its Content-Transfer-Encoding
 * line and the empty line that ends the header. Used by mail/message.c only.
 */

/* CRLF, LF and CR become CRLF, one at the end; bad UTF-8 and controls other than tab become U+FFFD.
 */
void body_normalize(struct buf *out, struct str text);

/* LIMIT: the text is longer than a mail may be. */
err body_write(struct buf *out, struct str text);

/* RFC 2045 6.7 for a normalized text. Lines of at most 76 characters; none begins with '.' or "From
 * ". */
void quoted_printable_write(struct buf *out, struct str text);

#endif

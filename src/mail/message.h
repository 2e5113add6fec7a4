#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/*
 * The bytes of one mail: RFC 5322 with the encodings of RFC 2045 (body) and RFC 2047 (headers).
 * Pure ASCII, CRLF line ends, no line over 76 characters except a long address (998 is the limit).
 *
 * Nothing in a value can become another header, recipient or body: addresses must be valid
 * (net/mail_address.h), and a name, subject or id that holds CR, LF, another control or an invisible
 * character is refused, not cleaned. In the body CRLF, LF and CR all end a line, and what is not
 * printable becomes U+FFFD: a doubtful character in an answer must not keep a mail back. The body
 * is encoded so that no line begins with a dot or "From ", so no program on the way changes it or
 * takes it for the end.
 *
 * The same values give the same bytes: a second try sends the message that the first one sent.
 */

struct mail {
	struct str from_name; /* may be empty */
	struct str from;
	struct str to;
	struct str subject;
	struct str text;
	struct str message_id; /* left part: letters, digits, '.', '-'; the right part is the domain
				  of `from` */
	struct str languages;  /* Content-Language: "en, ja" */
	int64_t at;
};

/* INVALID: a value as above; LIMIT: `out` is full. `out` holds a broken message then. */
err mail_write(struct buf *out, const struct mail *mail);

#endif

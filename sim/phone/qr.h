#ifndef SIM_PHONE_QR_H
#define SIM_PHONE_QR_H

#include "base/err.h"
#include "base/str.h"

/*
 * The text of a code that a portal shows:
 *
 *   <origin>/q#1.<tx>.<claim>
 *
 * origin: http or https, a host in lower case, and a port where it is not the usual one; tx: a
 * number in 26 characters of Crockford's base 32, upper case; claim: 22 characters of base64url.
 * Both stand for 16 bytes and have one spelling only. At most 200 characters, nothing before or
 * behind.
 *
 * http is for portals on this machine: another host must be reached by https.
 */

#define QR_TEXT_MOST 200

struct qr {
	struct str origin; /* as an Origin header has it */
	struct str tx;
	struct str claim;
};

/* Borrows from the text. INVALID: no such code. */
err qr_read(struct str text, struct qr *out);

/* Whether text is an origin as above, and nothing else. */
bool qr_is_origin(struct str text);

#endif

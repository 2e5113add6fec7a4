#ifndef SIM_CARD_JPKI_H
#define SIM_CARD_JPKI_H

#include "sim/card/files.h"

#include "base/buf.h"
#include "base/err.h"

/*
 * The terminal's side of a My Number card: what an app does with a card that lies on its reader.
 * It speaks APDUs through a port and knows nothing of what is behind it: a soft card in this
 * process (card_port_folder), or any card on a PC/SC reader (pcsc.h), a real one too.
 *
 * The order of use: jpki_select an applet, jpki_verify its secret, then read or sign. Selecting an
 * applet makes the card forget what was verified.
 *
 * Errors of all functions: NOT_FOUND: the card has no such applet, file or key. DENIED: the secret
 * that opens it is not verified. UNAVAILABLE: the card is gone, or refuses for a reason of its own
 * (the words name the status word). INVALID: what came back makes no sense. No secret and nothing
 * that was read stands in the words of an error.
 */

struct card_port {
	/* Sends one command APDU and puts the whole answer (data, then two bytes of status) into
	 * `answer`, which is empty. UNAVAILABLE: no answer came. */
	err (*transmit)(void *arg, struct str apdu, struct buf *answer);
	void *arg;
};

struct card;
/* The card must live as long as the port. */
struct card_port card_port_folder(struct card *card);

/* NOT_FOUND: the card has no such applet; a phone has no text input assist. */
err jpki_select(const struct card_port *port, enum card_applet applet);

/* --- secrets: SECRET_AUTH and SECRET_SIGN in APPLET_JPKI, the others in APPLET_TEXT --- */

enum jpki_verdict { JPKI_RIGHT, JPKI_WRONG, JPKI_LOCKED };

/* Tries left, none spent; 0: locked. */
err jpki_tries(const struct card_port *port, enum card_secret secret, unsigned *left);

/* Spends a try. *left: tries left after a wrong one, 0 when locked (also by this one: then the
 * verdict is JPKI_WRONG with 0 left). A text that is no secret of this kind is INVALID and is not
 * sent: it would cost a try. */
err jpki_verify(const struct card_port *port, enum card_secret secret, struct str text,
	enum jpki_verdict *verdict, unsigned *left);

/* After jpki_verify of the same secret. INVALID: not of the secret's form. */
err jpki_change(const struct card_port *port, enum card_secret secret, struct str text);

/* --- APPLET_JPKI --- */

/* "JPKIAPICCTOKEN2" card, "JPKIAPGPSETOKEN" Android, "JPKIAPIOSTOKEN" iPhone. */
err jpki_token(const struct card_port *port, struct arena *arena, struct str *label);

/* Which certificates the card carries. A child's card has none for signing. */
err jpki_available(const struct card_port *port, bool *auth, bool *sign);

/* DER. KEY_SIGN needs SECRET_SIGN; `ca`: the one above it, which needs nothing. */
err jpki_cert(const struct card_port *port, struct arena *arena, enum card_key key, bool ca,
	struct str *der);

enum jpki_alg { JPKI_RS256, JPKI_ES384 };

/* By the key in the certificate. INVALID: one that no card has. */
err jpki_alg_of(struct str cert_der, enum jpki_alg *out);
const char *jpki_alg_name(enum jpki_alg alg); /* "RS256", "ES384": RFC 7518 */

/*
 * Signs a message with the key, whose secret is verified. RS256: SHA-256 here, DigestInfo to the
 * card, 256 bytes back (PKCS 1 v1.5). ES384: SHA-384 here; 96 bytes back, r and s as RFC 7518
 * section 3.4 writes them.
 */
err jpki_sign(const struct card_port *port, struct arena *arena, enum card_key key,
	enum jpki_alg alg, struct str message, struct str *signature);

/* --- APPLET_TEXT --- */

/* EF 0002 to 0007 (text.h), whole. EF 0001 holds the My Number, which no app of ours may read:
 * DENIED for it, and nothing is sent. */
err jpki_text_file(
	const struct card_port *port, struct arena *arena, unsigned id, struct str *bytes);

/* Internal authenticate: the applet's own key (EF 0007) signs SHA-256 of the challenge; 256 bytes,
 * PKCS 1 v1.5. No secret is needed. */
err jpki_text_sign(const struct card_port *port, struct arena *arena, struct str challenge,
	struct str *signature);

#endif

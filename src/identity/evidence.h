#ifndef IDENTITY_EVIDENCE_H
#define IDENTITY_EVIDENCE_H

#include "crypto/anchors.h"
#include "crypto/revocation.h"
#include "domain/identity/identity.h"
#include "json/json.h"

/*
 * Whether what a card gave proves who its holder is. Three steps, in this order; the first fault is
 * the answer:
 *
 *   evidence_check       certificate, kind, issuer, path, key and signature; pure
 *   evidence_revocation  asks the authority whether the certificate still counts: network, up to
 * two tries, so call it outside of transactions. Nothing is asked about the text applet, which has
 * no certificate of the person evidence_basic4      the four items; pure
 *
 * A fault is a code of domain/identity/idv_errors.def; an err is for what has nothing to do with the card
 * (no memory). The words of the last fail() say more, for the audit, and hold nothing of the
 * person.
 *
 * The statement is the server's own copy of what the card was asked to sign. Who calls takes it
 * from his own storage, once, and never from the one who sends the evidence.
 *
 * What each way proves: a certificate, that its holder's card signed, with the PIN or password. The
 * text applet, that a card of the authority was there, and that the authority has signed these four
 * items; nothing that it has signed joins the two, so a person who has copied the files of another
 * card could show them with a card of his own. It is therefore the weaker one: the items must be
 * compared with what is known of the account.
 */

enum evidence_method {
	EVIDENCE_JPKI_AUTH,
	EVIDENCE_JPKI_SIGN,
	EVIDENCE_CARD_TEXT,
	EVIDENCE_METHOD_COUNT
};

struct evidence {
	enum evidence_method method;
	enum card_alg alg;                         /* of the certificate's key */
	struct str cert;                           /* DER */
	struct str ef0002, ef0003, ef0004, ef0007; /* of the text applet */
	struct str statement;                      /* ours */
	struct str signature;
};

/* Hex, lower case, as struct card_link has them; empty for the text applet. */
struct verified {
	enum evidence_method method;
	struct str subject;    /* SHA-256("card" | issuer DER | serial) */
	struct str issuer;     /* SHA-256 of the issuer's name */
	struct str issuer_key; /* SHA-256 of the root's public key */
	struct str serial;
	struct str spki; /* SHA-256 */
	struct str cert_sha256;
	int64_t not_after;
	struct str evidence; /* SHA-256 of all that was verified */
	/* For the other steps. */
	struct cert cert;
	const struct anchor *anchor; /* NULL: text applet */
	struct str ef0002;
};

/* *fault NONE: *out is filled, points into arena and evidence, and ends with verified_release().
 * Else *out is as it was. */
err evidence_check(struct arena *arena, const struct anchors *anchors,
	const struct evidence *evidence, int64_t now, struct verified *out, enum idv_error *fault);

void verified_release(struct verified *verified);
#define AUTO_VERIFIED __attribute__((cleanup(verified_release)))

/* Brings a request (DER) to a responder. UNAVAILABLE: no answer. */
typedef err evidence_ask_fn(
	void *arg, struct arena *arena, struct str url, struct str request, struct str *answer);

struct responder {
	struct str url;       /* empty: only the lists of the folder of anchors */
	evidence_ask_fn *ask; /* NULL: evidence_ask_http */
	void *arg;
};

#define EVIDENCE_TRIES 2
#define EVIDENCE_TRY_MS 5000

/*
 * Whether the authority still stands behind the certificate. A responder that gives no answer that
 * counts is asked once more; then a list that counts decides (crypto/crl.h); without one the fault
 * is revocation_unavailable. A responder that does not know the certificate (one just issued, or
 * none of its own) is the same fault at once: later it may know. *found is what was said, for the
 * audit; untouched when nobody said anything that counts.
 */
err evidence_revocation(struct arena *arena, const struct anchors *anchors,
	const struct responder *responder, const struct verified *verified, int64_t now,
	struct revocation *found, enum idv_error *fault);

/* POST by HTTP. */
err evidence_ask_http(
	void *arg, struct arena *arena, struct str url, struct str request, struct str *answer);

/* From the signing certificate or the text applet; cert_kind for a certificate for user
 * authentication, which has none. */
err evidence_basic4(struct arena *arena, const struct verified *verified, struct basic4 *out,
	enum idv_error *fault);

/*
 * Whether a message holds what may be a My Number: a member that is named so, a text of twelve
 * digits or a number of that length, or the file of the applet that holds it, also inside of
 * base64url. Ask before the message is stored or logged, and forget it when the answer is yes.
 */
bool evidence_has_my_number(struct arena *arena, const struct json *message);

#endif

#ifndef SIM_PHONE_ASK_H
#define SIM_PHONE_ASK_H

#include "crypto/jws.h"
#include "sim/phone/ending.h"
#include "sim/phone/party.h"
#include "sim/phone/statement.h"

/*
 * What a portal asks of the app: the request object that answers a claim, a JWS of type
 * clp-req+jwt.
 *
 * It is looked at only when one of the party's pinned keys has signed it. Then all of it must be
 * known (no member more, no operation, purpose or certificate that this app does not know), for
 * this portal, this transaction, this key and this time; and the statement must be the very text
 * that the app writes from what it shows. Whatever is not so ends the scan, and nothing is signed.
 *
 * Texts of the display may be of any language, but hold no control or invisible characters.
 */

#define ASK_SKEW_S 120    /* a portal's clock may be so far from ours */
#define ASK_LONGEST_S 600 /* from iat to exp: the longest whole transaction */
#define ASK_TEXT_MOST 200 /* characters of a text of the display */

enum ask_purpose { ASK_USAGE, ASK_APPLY, ASK_RELINK, ASK_PURPOSE_COUNT };
extern const struct str
	ask_purpose_names[ASK_PURPOSE_COUNT]; /* "usage_request", "apply", "relink" */

enum ask_method { ASK_JPKI_AUTH, ASK_JPKI_SIGN, ASK_CARD_TEXT, ASK_METHOD_COUNT };
extern const struct str
	ask_method_names[ASK_METHOD_COUNT]; /* "jpki_auth", "jpki_sign", "card_text" */

struct ask {
	enum ask_op op;
	enum ask_purpose purpose;
	bool methods[ASK_METHOD_COUNT];     /* which are taken */
	bool rs256, es384;                  /* algorithms that are taken */
	int64_t exp;                        /* seconds; the card's answer must be there by then */
	bool bindback;                      /* a code will be asked for */
	struct str title[TONGUE_COUNT];     /* [TONGUE_EN] is always there */
	struct str account, browser, place; /* absent: not told */
	int64_t started;                    /* seconds; 0: not told */
	struct str text;                    /* the sentence that is signed; absent: AUTH */
	struct str statement;               /* the bytes to sign */
};

struct ask_check {
	const struct party *party;
	struct str tx;           /* of the scanned code */
	struct str thumbprint;   /* of the app's key */
	const struct json *keys; /* the portal's JWK set: where the pinned key is found */
	int64_t now;             /* seconds */
};

/* ENDING_NONE: *out is filled, and points into arena and text. */
enum ending ask_read(
	struct arena *arena, struct str jws, const struct ask_check *check, struct ask *out);

#endif

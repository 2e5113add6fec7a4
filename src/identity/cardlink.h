#ifndef IDENTITY_CARDLINK_H
#define IDENTITY_CARDLINK_H

#include "crypto/jws.h"
#include "domain/identity/identity_adapter.h"
#include "identity/evidence.h"

/*
 * The adapter for cards and phones. The page shows a code; the app on the phone reads it, claims it, lets the card sign a statement that names us,
 * the transaction and the app, and hands that in. docs/identity.md has the picture.
 *
 *   POST /m/v1/claim    the app opens the code: it gets the request, a JWS of ours, with the statement
 *   POST /m/v1/submit   the card's answer
 *   POST /m/v1/report   the person declined, the PIN was wrong …
 *   POST /m/v1/wait     how it goes on, while the person types the code on the PC
 *   GET  /.well-known/cardlink-jwks.json   the key of our requests
 *
 * A body is one compact JWS (ES256, typ "clp+jwt") by a key that the app has made for itself: in its header as jwk on claim, named by its thumbprint (kid)
 * afterwards. The payload has aud (our origin), htu (the path), iat (seconds, within CARDLINK_SKEW_S of ours), jti (16 bytes, once in
 * IDV_JTI_MS; the same message again is answered as before), tx, and the members of the message. Members that are not known are refused, and
 * whatever could hold a My Number ends the transaction unread. No PIN has a place in any message.
 *
 * What is checked on submit, in this order; the first that fails is the answer: size, JWS, key, aud and htu, members, time, jti; the state, which spends
 * the statement; the card's answer and its certificate (identity/evidence.h); revocation, by network and outside of any transaction; what the
 * portal knows of the account (domain/identity/identity_adapter.h).
 *
 * A struct cardlink is constant after the start; any thread.
 */

#define CARDLINK_SKEW_S 120
#define CARDLINK_BODY (64u << 10)

struct cardlink {
	const struct jws_key *key;      /* signs our requests */
	const struct anchors *anchors;  /* whose cards count */
	struct responder responder;     /* says whether a certificate has been revoked */
};

/* "https://portal.example/q#1.<tx>.<claim>": what the phone scans, and what may be typed instead. Behind '#', so that no server's log gets it, also
 * when a browser opens it. */
struct str cardlink_code(struct cx *cx, const struct idv_tx *tx);

/* The body of /.well-known/cardlink-jwks.json. */
struct str cardlink_jwks(struct arena *arena, const struct cardlink *link);

enum cardlink_kind { CARDLINK_CLAIM, CARDLINK_SUBMIT, CARDLINK_REPORT, CARDLINK_WAIT, CARDLINK_KIND_COUNT };
extern const struct str cardlink_paths[CARDLINK_KIND_COUNT]; /* "/m/v1/claim" … */

struct cardlink_in {
	enum cardlink_kind kind;
	struct str body;
	struct str address; /* of the phone */
	bool may_wait;      /* CARDLINK_WAIT: out->hold is understood */
};

struct cardlink_out {
	bool hold;          /* nothing to say yet: ask again when `tx` changes */
	struct str tx;
	int status;         /* 200, 204, or that of a problem */
	enum idv_error error; /* NONE: `body` is application/json; else application/problem+json */
	struct str body;
	int retry_after;    /* seconds; 0: not said */
};

/* Every refusal of the table is an answer. An err is for what no answer says: the store is away. */
err cardlink_message(struct cx *cx, const struct cardlink *link, const struct cardlink_in *in, struct cardlink_out *out);

/* The body of a refusal that was found before the message was looked at: too many of an address, a wrong type. */
struct str cardlink_problem(struct arena *arena, enum idv_error error, int status);

#endif

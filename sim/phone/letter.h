#ifndef SIM_PHONE_LETTER_H
#define SIM_PHONE_LETTER_H

#include "base/buf.h"
#include "crypto/jws.h"

/*
 * What the app sends: one compact JWS (ES256, typ clp+jwt) by the app's key, whose payload says for
 * whom (aud, htu), when (iat) and which message it is (jti), then of which transaction (tx), then
 * the members of the message. With `claim` the header carries the public key, else its thumbprint.
 */

struct letter {
	const struct jws_key *key;
	bool claim;
	struct str kid;      /* the thumbprint */
	struct str aud, htu; /* origin, path */
	int64_t iat;         /* seconds */
	struct str jti;      /* 16 bytes, base64url */
	struct str tx;
	struct str members; /* ,"name":value … as JSON */
};

/* A new jti. */
struct str letter_jti(struct arena *arena);

/* LIMIT: too long. */
err letter_write(struct arena *arena, const struct letter *letter, struct str *out);

/* ,"name":"value" */
void letter_str(struct buf *members, const char *name, struct str value);
/* ,"name":"<base64url>" */
void letter_bytes(struct buf *members, const char *name, struct str bytes);
void letter_int(struct buf *members, const char *name, int64_t value);

#endif

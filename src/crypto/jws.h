#ifndef CRYPTO_JWS_H
#define CRYPTO_JWS_H

#include "crypto/jws_key.h"

/*
 * Signed messages: JWS in compact form (RFC 7515), with ES256 (RFC 7518 section 3.4) and nothing
 * else.
 *
 * The algorithm is ours, not the message's: there is no way to say another one, so none can be
 * talked into "none" or into taking a public key for an HMAC's secret. A header may have the
 * members alg, typ, kid and jwk, and not both of the last two; any other, "crit" too, is refused.
 * Base64url is strict and each part has one text only. The signature is 64 bytes, r and s.
 *
 * jws_read() takes a text apart and trusts nothing in it: whoever calls it chooses the key (by kid
 * from what he knows already, or the jwk, of which he then knows no more than that the sender has
 * the other half), asks jws_verify(), and looks at typ. Only then the payload is somebody's word.
 *
 * Functions of keys are safe from many threads.
 */

#define JWS_SIGNATURE_BYTES 64

struct jws {
	struct str typ;         /* absent: none */
	struct str kid;         /* absent: none; 1 to 255 bytes */
	const struct json *jwk; /* NULL: none; see jws_key_public() */
	struct str payload;     /* the bytes, decoded */
	struct str input;       /* what was signed */
	unsigned char signature[JWS_SIGNATURE_BYTES];
};

/* With kid in the header, or with the key's public half when kid is absent. typ absent: none.
 * INVALID: the key is a public one. LIMIT: longer than LIMIT_JWS. */
err jws_sign(struct arena *arena, const struct jws_key *key, struct str typ, struct str kid,
	struct str payload, struct str *out);

/* What out holds points into the arena and into the text. INVALID, LIMIT. */
err jws_read(struct arena *arena, struct str text, struct jws *out);

/* INVALID, without saying why: the key did not sign this. */
err jws_verify(const struct jws *jws, const struct jws_key *key);

#endif

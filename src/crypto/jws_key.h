#ifndef CRYPTO_JWS_KEY_H
#define CRYPTO_JWS_KEY_H

#include "base/err.h"
#include "base/str.h"
#include "json/json.h"

/*
 * Keys for signed messages: P-256, a pair or its public half only. As JWK (RFC 7517, RFC 7518
 * section 6.2) they are told to others, as PKCS#8 in PEM they are kept, in a file that only its
 * owner may read (crypto/secret_file.h).
 *
 * The caller frees a key, or gives it the scope: AUTO_JWS_KEY struct jws_key *key = NULL. Constant
 * once made; safe from many threads.
 */

struct jws_key;

/* 43 characters: SHA-256 of the public key's canonical JSON in base64url (RFC 7638). */
#define JWS_THUMBPRINT_CHARS 43

err jws_key_new(struct jws_key **out);
void jws_key_free(struct jws_key *key); /* accepts NULL */

/* A pair. NOT_FOUND: no such file. DENIED, UNAVAILABLE: see secret_file_read(). INVALID: no key,
 * one with a password, or of another kind. */
err jws_key_load(const char *path, struct jws_key **out);
/* When there is a file already it stays: load what is there afterwards. INVALID: a public key. */
err jws_key_save(const struct jws_key *key, const char *path);

/*
 * From a JWK: kty EC, crv P-256, x and y of a point of the curve in strict base64url. use, alg and
 * key_ops must allow ES256 signatures to be verified where they are given; other members are not
 * looked at. INVALID: all else, and a JWK that tells its private half.
 */
err jws_key_public(const struct json *jwk, struct jws_key **out);

/* From a JWK set (RFC 7517 section 5): the key with this kid; members that are no keys for ES256
 * are passed over. NOT_FOUND: none, or more than one. INVALID: not a set. */
err jws_key_of_set(const struct json *set, struct str kid, struct jws_key **out);

bool jws_key_is_pair(const struct jws_key *key);

struct str jws_thumbprint(struct arena *arena, const struct jws_key *key);

/* {"crv":"P-256","kty":"EC","x":"…","y":"…"}: what the thumbprint is of. */
struct str jws_public_json(struct arena *arena, const struct jws_key *key);

/* {"keys":[…]} with kid (the thumbprint), use and alg, to be published. */
struct str jws_set_json(struct arena *arena, const struct jws_key *const *keys, size_t count);

/* SHA-256 in base64url, 43 characters: thumbprints, the challenge of PKCE (RFC 7636 section 4.2).
 */
struct str jws_sha256(struct arena *arena, struct str bytes);

void jws_key_cleanup(struct jws_key **key);
#define AUTO_JWS_KEY __attribute__((cleanup(jws_key_cleanup)))

#endif

#ifndef CRYPTO_ANCHORS_H
#define CRYPTO_ANCHORS_H

#include "crypto/cert.h"
#include "crypto/cv.h"

/*
 * The authorities whose word counts for cards, from a folder, and what they say.
 *
 *   auth-*.pem  one certificate each: roots of the certificates for user authentication
 *   sign-*.pem  the same for digital signatures
 *   cv-*.bin    keys of the text applet: 16 bytes of name, then 90 03 exponent 91 82 01 00 modulus
 *   crl-*.der   lists of revoked certificates; looked at when they are needed, so that they may be
 *               exchanged at any time (crypto/crl.h)
 *
 * The two hierarchies are two stores: what one vouches for is nothing to the other. The roots of
 * one have all the same name, so the issuer of a certificate is the root whose key has signed it,
 * and a root of the same name with another key is a stranger. Roots are trusted because they stand
 * in the folder; still each must be an authority's and sign itself, and anchors_path() looks at its
 * time.
 *
 * Which policies count is a setting, because a card of the simulation must never count where real
 * ones do, whatever stands in the folder.
 *
 * Loaded once at start, constant then, safe from many threads.
 */

enum card_kind { CARD_AUTH, CARD_SIGN, CARD_KIND_COUNT };

enum anchors_policy {
	ANCHORS_SIMULATION, /* …8.5.1.0.30 and …8.5.1.0.20 */
	ANCHORS_PRODUCTION, /* …8.5.1.3.30 and …8.5.1.1.20 */
	ANCHORS_POLICY_COUNT
};

struct anchors_conf {
	const char *folder;
	enum anchors_policy policy;
	bool p384; /* next-generation cards: roots and cards with EC keys count too */
};

struct anchors;
struct anchor; /* one root; lives as long as its anchors */

/* A root or key that is in the folder and is none, or both stores having one key: INVALID, and the
 * words name the file. Roots with EC keys are passed over unless p384. NOT_FOUND: no such folder,
 * or no root of one of the two kinds. UNAVAILABLE: a file cannot be read. */
err anchors_load(const struct anchors_conf *conf, struct anchors **out);
void anchors_free(struct anchors *anchors); /* accepts NULL */

bool anchors_p384(const struct anchors *anchors);
size_t anchors_count(const struct anchors *anchors, enum card_kind kind);

/*
 * Who has signed this certificate, and what it is by that: looked for by key, in both stores. The
 * signature must be RSA PKCS 1 v1.5 with SHA-256, or ECDSA with SHA-384 by a P-384 key.
 * NOT_FOUND: none of ours.
 */
err anchors_issuer(const struct anchors *anchors, const struct cert *cert,
	const struct anchor **out, enum card_kind *kind);

/* Whether it has the policy of this kind and not that of the other. */
bool anchors_policy_fits(
	const struct anchors *anchors, const struct cert *cert, enum card_kind kind);

/*
 * The whole path from the root to the certificate at that time, by OpenSSL (RFC 5280 section 6),
 * with this kind's policy as the only one that is acceptable. DENIED: its time, or the root's, is
 * over or has not begun. INVALID: all else.
 */
err anchors_path(const struct anchors *anchors, const struct anchor *anchor,
	const struct cert *cert, enum card_kind kind, int64_t at);

/* SHA-256 of the root's public key, as in struct cert. */
const uint8_t *anchor_spki_sha256(const struct anchor *anchor);

/* A key of the text applet by its name of 16 bytes; NULL: none of ours. */
const struct cv_key *anchors_cv_key(const struct anchors *anchors, struct str id);

#endif

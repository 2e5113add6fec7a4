#ifndef CRYPTO_CERT_H
#define CRYPTO_CERT_H

#include "base/err.h"
#include "base/str.h"
#include "crypto/digest.h"

/*
 * Reading a certificate (X.509, RFC 5280) that somebody sent, strictly.
 *
 * What is read here is a statement of whoever made the bytes and no more: crypto/anchors.h says
 * whether an authority stands behind it. A certificate has one encoding: it is DER through all its
 * levels, its known extensions are whole, no extension is there twice, and OpenSSL writes it back
 * to the same bytes. Values are taken from those bytes here; signatures are OpenSSL's.
 *
 * A struct cert is filled once and constant then; it ends with its scope: AUTO_CERT struct cert
 * cert = {0}. Its texts point into the arena. Safe from many threads.
 */

#define CERT_BYTES_MAX 8192 /* real ones have under 2000 */
#define CERT_POLICIES 8

/* Bits of keyUsage, as RFC 5280 section 4.2.1.3 numbers them. */
enum cert_usage {
	CERT_DIGITAL_SIGNATURE = 1u << 0,
	CERT_NON_REPUDIATION = 1u << 1,
	CERT_KEY_CERT_SIGN = 1u << 5,
	CERT_CRL_SIGN = 1u << 6,
};

struct cert {
	struct str der;
	struct str serial;                /* the bytes of the number, which is above 0; 1 to 20 */
	struct str issuer, subject, spki; /* DER */
	struct str algorithm;             /* of the signature: AlgorithmIdentifier, DER */
	int64_t not_before, not_after;
	bool ca;
	bool has_usage;
	unsigned usage;
	struct str policies[CERT_POLICIES]; /* contents of the OIDs */
	size_t policy_count;
	struct str alt_names;                /* GeneralNames, DER; absent: none */
	struct str purposes;                 /* extKeyUsage, DER; absent: none */
	bool purposes_only;                  /* it is critical: for nothing else */
	uint8_t sha256[SHA256_BYTES];        /* of der */
	uint8_t spki_sha256[SHA256_BYTES];   /* of spki */
	uint8_t issuer_sha256[SHA256_BYTES]; /* of issuer */
	struct x509_st *x509;
};

/*
 * Any certificate. INVALID: more than CERT_BYTES_MAX, something behind it, not DER, not version 3,
 * a serial number that is none, unique identifiers, a name, time or known extension that is not
 * whole, an extension twice, a critical one that is not known here (keyUsage, subjectAltName,
 * certificatePolicies, basicConstraints, extKeyUsage are).
 */
err cert_parse(struct arena *arena, struct str der, struct cert *out);

/* One of a card: INVALID as well when it is an authority's, names itself as its issuer, has no
 * keyUsage, or is for nothing but other purposes. */
err cert_read(struct arena *arena, struct str der, struct cert *out);

void cert_release(struct cert *cert);
#define AUTO_CERT __attribute__((cleanup(cert_release)))

/* Moves it; the scope of `from` then ends nothing. */
struct cert cert_take(struct cert *from);

/* "CERTIFICATE" in PEM, exactly one, with nothing but blank lines behind it, as DER. INVALID. */
err cert_from_pem(struct arena *arena, struct str text, struct str *der);

/* Whether a key is one that cards have: RSA of 2048 to 4096 bits with the exponent 65537, or, when
 * p384, EC on P-384 by its name. INVALID: any other. */
err cert_key_check(const struct cert *cert, bool p384);

/* How a card signs (RFC 7518 section 3.1): RSA PKCS 1 v1.5 with SHA-256, as long as the key; ECDSA
 * on P-384 with SHA-384, 96 bytes, r and s. */
enum card_alg { CARD_RS256, CARD_ES384, CARD_ALG_COUNT };
/* "RS256", "ES384". INVALID: another. */
err card_alg_of(struct str name, enum card_alg *out);

/* INVALID, without saying why: the certificate's key did not sign these bytes in this way. */
err cert_signed(const struct cert *cert, enum card_alg alg, struct str bytes, struct str signature);

#endif

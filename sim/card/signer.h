#ifndef SIM_CARD_SIGNER_H
#define SIM_CARD_SIGNER_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Private keys of a card at work, and the questions that a terminal has about public ones, by
 * OpenSSL: RSA with 2048 bits (PKCS 1 v1.5 and PSS with SHA-256, RFC 8017) and P-384 with SHA-384
 * (FIPS 186-5; signatures as r and s of 48 bytes each, RFC 7518 section 3.4).
 *
 * The portal's own verification shares no code with this.
 */

enum signer_way {
	SIGNER_PKCS1_BARE, /* the bytes as they are, padded */
	SIGNER_PKCS1,      /* with DigestInfo of SHA-256 */
	SIGNER_PSS,        /* SHA-256, MGF1 with SHA-256, 32 bytes of salt */
	SIGNER_ECDSA,
};

struct signer {
	struct evp_pkey_st *key;
};

/* INVALID: not PKCS 8 DER, or a key of another kind or size. */
err signer_open(struct str pkcs8, struct signer *out);
void signer_close(struct signer *signer);

#define AUTO_SIGNER __attribute__((cleanup(signer_close))) struct signer

bool signer_is_ec(const struct signer *signer);
size_t signer_digest_bytes(const struct signer *signer);    /* 32 or 48 */
size_t signer_signature_bytes(const struct signer *signer); /* 256 or 96 */

/* Signs the digest of `input` (`hash`) or `input` itself. INVALID: it has not the digest's length,
 * or is too long for the key. */
err signer_sign(const struct signer *signer, enum signer_way way, bool hash, struct str input,
	struct buf *out);

/* Whether the certificate's key is P-384 (true) or RSA-2048 (false). INVALID: another, or no
 * certificate. */
err signer_cert_is_ec(struct str der, bool *out);

/* Whether the certificate is of this private key. */
bool signer_matches(const struct signer *signer, struct str cert_der);

#endif

#ifndef CRYPTO_SIGNATURE_H
#define CRYPTO_SIGNATURE_H

#include "base/str.h"

#include <openssl/evp.h>

/*
 * Verifying by OpenSSL's EVP_DigestVerify, which looks at padding itself; for this folder only.
 * False for every reason not to believe, a key of another type too. OpenSSL's queue of errors is
 * empty afterwards.
 */

/* RSA PKCS 1 v1.5 with SHA-256; the signature is as long as the modulus. */
bool signature_rs256(EVP_PKEY *key, struct str bytes, struct str signature);

/* ECDSA with this digest; the signature is r and s, `half` bytes each. */
bool signature_ecdsa(
	EVP_PKEY *key, const char *digest, size_t half, struct str bytes, struct str signature);

/* A signature as r and s from its DER. False: it is none, or too long. */
bool signature_from_der(const unsigned char *der, size_t n, size_t half, unsigned char *raw);

#endif

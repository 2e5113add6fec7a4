#ifndef CRYPTO_JWS_INSIDE_H
#define CRYPTO_JWS_INSIDE_H

#include "crypto/jws_key.h"

#include <openssl/evp.h>

/* What jws.c, jws_key.c and jwk.c share; nobody else includes it. */

#define P256_BYTES 32

struct jws_key {
	EVP_PKEY *pkey;
	bool pair;
	unsigned char x[P256_BYTES], y[P256_BYTES];
};

/* Takes pkey, which is freed on failure too. INVALID: not P-256. */
err jws_key_take(EVP_PKEY *pkey, bool pair, struct jws_key **out);

#endif

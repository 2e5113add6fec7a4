#ifndef CRYPTO_REVOCATION_INSIDE_H
#define CRYPTO_REVOCATION_INSIDE_H

#include "crypto/revocation.h"

#include <openssl/x509.h>
#include <stdbool.h>

/* What crl.c and ocsp.c share; nobody else includes it. */

/* False: no time, or not written as a time should be. */
bool revocation_time(const ASN1_TIME *time, int64_t *out);

/* Whether a signature of this algorithm says anything today: SHA-256, SHA-384 or SHA-512 with RSA
 * PKCS 1 v1.5 or ECDSA. */
bool revocation_algorithm_counts(const X509_ALGOR *algorithm);

#endif

#ifndef SIM_CA_KEYS_H
#define SIM_CA_KEYS_H

#include "sim/ca/ca.h"
#include "sim/ca/ssl.h"

/*
 * Key pairs and certificates, made, and kept as PEM files in the authority's folder.
 */

/* With SIMCA_PRIMES in the environment those of 2048 bits, exponent 65537, come from that folder;
 * sim/ca/primes.h. */
err keys_rsa(unsigned bits, unsigned exponent, EVP_PKEY **out);
/* A key as that root's cards have it. */
err keys_new(enum ca_root root, EVP_PKEY **out);

/* PKCS 8, not encrypted. */
err keys_pkcs8(struct arena *arena, EVP_PKEY *key, struct str *out);
err keys_save(struct arena *arena, const char *path, EVP_PKEY *key);
/* INVALID: not one PEM key. */
err keys_load(struct arena *arena, const char *path, EVP_PKEY **out);

/* SHA-256 for RSA, SHA-384 for P-384. */
const EVP_MD *keys_digest(const EVP_PKEY *key);

err cert_der(struct arena *arena, X509 *cert, struct str *out);
err cert_save(struct arena *arena, const char *path, X509 *cert);
err cert_load(struct arena *arena, const char *path, X509 **out);

/* A root with its key; ends with its scope. */
struct signer {
	EVP_PKEY *key;
	X509 *cert;
};
void signer_release(struct signer *signer);
#define AUTO_SIGNER __attribute__((cleanup(signer_release))) struct signer

err root_load(const struct ca *ca, struct arena *arena, enum ca_kind kind, enum ca_root root,
	struct signer *out);
/* Who signs the OCSP answers of that root. */
err responder_load(const struct ca *ca, struct arena *arena, enum ca_kind kind, enum ca_root root,
	struct signer *out);

#endif

#ifndef SIM_CA_CERT_H
#define SIM_CA_CERT_H

#include "sim/ca/keys.h"
#include "sim/ca/wrong.h"

/*
 * Certificates of roots, of those who sign OCSP answers, and of cards.
 */

struct term {
	int64_t not_before, not_after;
};

/* A new key and its self-signed certificate. */
err cert_root(enum ca_kind kind, enum ca_root root, uint64_t serial, struct term term,
	struct signer *out);

/* For the key of those who sign OCSP answers. may_answer false: without OCSPSigning, so that nobody
 * should believe it. */
err cert_responder(enum ca_kind kind, const struct signer *root, EVP_PKEY *key, uint64_t serial,
	struct term term, bool may_answer, X509 **out);

/* For a card. */
struct leaf {
	const struct ca_request *request;
	const struct ca_wrong *wrong;
	uint64_t serial;
	struct str cn;
};
err cert_leaf(const struct leaf *leaf, const struct signer *root, EVP_PKEY *key, X509 **out);

/* 63 random bits, the highest byte not 0: 16 hexadecimal digits. */
uint64_t cert_serial(void);

#endif

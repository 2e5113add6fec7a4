#ifndef CRYPTO_ANCHORS_INSIDE_H
#define CRYPTO_ANCHORS_INSIDE_H

#include "base/vec.h"
#include "crypto/anchors.h"

#include <openssl/evp.h>

/* What the files about anchors, lists and responders share; nobody else includes it. */

struct anchor {
	struct cert cert;
	EVP_PKEY *key; /* the certificate's */
};

struct cv_anchor {
	struct str id;
	struct cv_key *key;
};

struct crl_store;

struct anchors {
	struct arena arena;
	struct anchors_conf conf; /* folder is a copy */
	VEC(struct anchor) roots[CARD_KIND_COUNT];
	VEC(struct cv_anchor) cv;
	struct crl_store *lists;
};

/* Whether this root has signed the certificate, under its own name and with the algorithm that goes
 * with its key. */
bool anchor_signed(const struct anchor *anchor, const struct cert *cert);

/* In OpenSSL's dotted form. */
const char *anchors_policy_of(enum anchors_policy policy, enum card_kind kind);

/* A file of at most `most` bytes. NOT_FOUND, LIMIT, UNAVAILABLE. */
err anchors_file(struct arena *arena, const char *path, size_t most, struct str *out);

#endif

#ifndef CRYPTO_CRL_H
#define CRYPTO_CRL_H

#include "crypto/anchors.h"
#include "crypto/revocation.h"

/*
 * Lists of revoked certificates (RFC 5280 section 5), for when no responder answers: files
 * crl-*.der of the folder of anchors, which the operator exchanges once a day.
 *
 * A list counts for a certificate when the root that issued it has signed the list, it is not from
 * the future, not older than CRL_AGE_MS, not over, and has no critical extension (lists of a
 * part, of changes only, or of other authorities have one). When several count, a certificate must
 * stand in none of them. A file that is no list counts as none.
 *
 * Files are read when they are asked for the first time or have changed. Any thread; they wait for
 * each other.
 */

#define CRL_AGE_MS (26 * INT64_C(3600000))

struct crl_store;

/* The folder's name must live as long. */
err crl_store_new(const char *folder, struct crl_store **out);
void crl_store_free(struct crl_store *store); /* accepts NULL */

/* GOOD or REVOKED. NOT_FOUND: there is no list that counts. UNAVAILABLE: no folder, or more than LIMIT_CRL_LISTS in it. */
err crl_check(const struct anchors *anchors, const struct anchor *anchor, const struct cert *cert,
	int64_t at, struct revocation *out);

#endif

#ifndef CRYPTO_REVOCATION_H
#define CRYPTO_REVOCATION_H

#include "base/err.h"

#include <stdint.h>

/* What an authority says today about a certificate it has issued: by a responder (crypto/ocsp.h) or
 * a list (crypto/crl.h). */

enum revocation_status {
	REVOCATION_GOOD,
	REVOCATION_REVOKED,
	REVOCATION_UNKNOWN, /* the responder knows no such certificate: as bad as revoked */
	REVOCATION_STATUS_COUNT
};

struct revocation {
	enum revocation_status status;
	int reason; /* of a revoked one: CRLReason of RFC 5280 section 5.3.1; -1: not said */
	int64_t revoked_at; /* of a revoked one */
};

/* "keyCompromise" …; "" for -1 and what is none. */
const char *revocation_reason_name(int reason);

/* How far the authority's clock may be before ours. */
#define REVOCATION_SKEW_MS INT64_C(120000)

#endif

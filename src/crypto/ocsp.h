#ifndef CRYPTO_OCSP_H
#define CRYPTO_OCSP_H

#include "crypto/anchors.h"
#include "crypto/revocation.h"

/*
 * Asking a responder about one certificate (OCSP, RFC 6960), and judging what it answers. Bringing
 * the request there is the caller's.
 *
 * An answer counts when it is about this certificate and no other, repeats the nonce of the request
 * (so it was made for it), was made within OCSP_AGE_MS, is not over, and is signed by the root
 * that issued the certificate, or by a certificate that this root has issued for signing such
 * answers and whose time is now. Everything else says nothing, neither good nor bad. Pure; safe
 * from many threads.
 */

#define OCSP_NONCE_BYTES 32 /* RFC 9654 */
#define OCSP_AGE_MS (20 * INT64_C(60000))
#define OCSP_REQUEST_TYPE STR("application/ocsp-request")
#define OCSP_ANSWER_TYPE STR("application/ocsp-response")

/* With a nonce of OCSP_NONCE_BYTES, new for each request. DER. */
err ocsp_request(struct arena *arena, const struct anchor *anchor, const struct cert *cert,
	struct str nonce, struct str *out);

/* UNAVAILABLE: the responder says that it cannot answer. INVALID: an answer that does not count. */
err ocsp_judge(const struct anchor *anchor, const struct cert *cert, struct str nonce,
	struct str answer, int64_t at, struct revocation *out);

#endif

#ifndef SIM_CA_OCSP_H
#define SIM_CA_OCSP_H

#include "sim/ca/ca.h"

/*
 * OCSP (RFC 6960) for the authority's certificates, right or wrong as the folder's file ocsp-mode
 * says. The file is read for each answer, so that a test can change it while the responder runs.
 *
 * Answers are signed by the responder's key of the hierarchy with the certificate that the asked
 * root has issued for it, hold thisUpdate = now and nextUpdate = now + 15 minutes, repeat the
 * request's nonce (1 to 128 bytes, RFC 9654), and know the reason and the time of a revocation.
 */

enum ocsp_mode {
	OCSP_GOOD,           /* the truth: good, revoked, or unknown for what was never issued */
	OCSP_UNKNOWN,        /* "unknown" for every certificate */
	OCSP_TRY_LATER,      /* the error tryLater */
	OCSP_STALE,          /* a true answer that ended an hour ago */
	OCSP_WRONG_SIGNER,   /* signed by the responder of the other hierarchy */
	OCSP_WRONG_DELEGATE, /* signed by a certificate of the right root without OCSPSigning */
	OCSP_WRONG_CERTID,   /* a true answer for another serial number */
	OCSP_NO_NONCE,       /* without the nonce */
	OCSP_SILENT,         /* no answer at all, until the mode changes */
	OCSP_GARBAGE,        /* bytes that are no OCSP */
	OCSP_MODE_COUNT
};

#define OCSP_CONTENT "application/ocsp-response"
#define OCSP_REQUEST_MAX 4096 /* bytes; that for one certificate has about 120 */
#define OCSP_ASKED_MAX 16     /* certificates in one request */
#define OCSP_VALID_MS (15 * INT64_C(60000))

/* "good", "try_later" … INVALID: none of these. */
const char *ocsp_mode_name(enum ocsp_mode mode);
err ocsp_mode_of(struct str name, enum ocsp_mode *out);
err ocsp_mode_read(const struct ca *ca, enum ocsp_mode *out);
err ocsp_mode_write(const struct ca *ca, enum ocsp_mode mode);

/*
 * The answer to a request (both DER). What is no request, or asks for more than OCSP_ASKED_MAX,
 * gets malformedRequest; certificates of an issuer that is none of our roots, or of two different
 * roots, unauthorized: these are answers, no errors. mode OCSP_SILENT is answered as OCSP_GOOD; to
 * be silent is left to the caller.
 */
err ocsp_answer(const struct ca *ca, struct arena *arena, struct str request, enum ocsp_mode mode,
	int64_t now, struct str *out);

/*
 * Serves HTTP POST to any path, on the address ("127.0.0.1:8888", port 0: any), until SIGTERM or
 * SIGINT. ready is called with the real port. Errors as server_listen() and server_run().
 */
err ocsp_serve(const struct ca *ca, const char *address, void (*ready)(void *arg, unsigned port),
	void *arg);

#endif

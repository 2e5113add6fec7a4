#ifndef SIM_CA_ASKED_H
#define SIM_CA_ASKED_H

#include "sim/ca/ca.h"
#include "sim/ca/ssl.h"

/*
 * What an OCSP request asks for (RFC 6960 4.1). All of its certificates are of one root of ours.
 * A signature on the request is not looked at. Ends with its scope.
 */

struct asked_cert {
	OCSP_CERTID *id; /* the request's */
	struct str serial;
};

struct asked {
	OCSP_REQUEST *request;
	enum ca_kind kind;
	enum ca_root root;
	struct asked_cert *v; /* in the arena */
	size_t n;
	bool has_nonce;
};

/* INVALID: not one request in DER, no certificate in it, or a nonce that is not 1 to 128 bytes;
 * LIMIT: more than OCSP_ASKED_MAX certificates, or than OCSP_REQUEST_MAX bytes; DENIED: not ours,
 * or not of one root. */
err asked_read(const struct ca *ca, struct arena *arena, struct str request, struct asked *out);
void asked_release(struct asked *asked);
#define AUTO_ASKED __attribute__((cleanup(asked_release))) struct asked

#endif

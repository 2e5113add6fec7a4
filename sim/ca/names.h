#ifndef SIM_CA_NAMES_H
#define SIM_CA_NAMES_H

#include "sim/ca/ca.h"
#include "sim/ca/ssl.h"

/*
 * The names in certificates. C is a PrintableString, everything else a UTF8String.
 */

#define NAMES_ORGANISATION "JPKI-SIM"

/* Of a root: C=JP, O=JPKI-SIM, OU=JPKI for …, OU=Japan Agency for Local Authority Information
 * Systems. */
err names_root(enum ca_kind kind, X509_NAME **out);
/* Of the one who signs OCSP answers: the same and CN=OCSP Responder. */
err names_responder(enum ca_kind kind, X509_NAME **out);
/* C=JP, CN=cn; for signing certificates C=JP, L=prefecture, L=municipality, CN=cn. */
err names_subject(
	enum ca_kind kind, const struct ca_person *person, struct str cn, X509_NAME **out);
/* The cn: a random one of 23 characters that ends in the office's code; for signing certificates
 * time, a sequence of four digits and the office's code. */
struct str names_cn(struct arena *arena, const struct ca_request *request, size_t sequence);
/* Where the list of revoked certificates would be found in the directory; person NULL: of a root.
 */
err names_list(enum ca_kind kind, const struct ca_person *person, X509_NAME **out);
/* C=JP, O=公的個人認証サービス（模擬）: the service's name in Japanese, marked as simulated. */
err names_service(X509_NAME **out);

#endif

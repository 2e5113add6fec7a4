#ifndef SIM_CA_EXTENSION_H
#define SIM_CA_EXTENSION_H

#include "sim/ca/names.h"
#include "sim/ca/wrong.h"

/*
 * The extensions of certificates, one function each; they stand in the certificate in the order of
 * the calls. All are made as structures, never from text: OpenSSL's text forms encode Japanese
 * twice.
 */

/* keyid, issuer and serial of the issuer's certificate. */
err extension_authority(X509 *cert, X509 *issuer);
/* bits as in struct ca_wrong. Critical. */
err extension_usage(X509 *cert, unsigned bits);
/* The six otherNames. */
err extension_items(X509 *cert, const struct ca_person *person, const struct ca_wrong *wrong);
/* One directoryName, as subjectAltName or issuerAltName. */
err extension_directory(X509 *cert, int nid, X509_NAME *name);
/* One point, a directoryName. */
err extension_list(X509 *cert, X509_NAME *name);
/* One policy with the address of the practice statement. Critical. INVALID: not an OID. */
err extension_policy(X509 *cert, const char *oid);
/* Needs the certificate's key. */
err extension_subject(X509 *cert);
/* CA:TRUE. Critical. */
err extension_ca(X509 *cert);
/* OCSPSigning, and id-pkix-ocsp-nocheck: nobody asks whether the one who answers is revoked. */
err extension_responder(X509 *cert);
/* One that nobody knows. Critical. */
err extension_unknown(X509 *cert);

#endif

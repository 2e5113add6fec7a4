#ifndef SIM_CA_SSL_H
#define SIM_CA_SSL_H

#include "base/err.h"
#include "base/str.h"

#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/param_build.h>
#include <openssl/x509v3.h>

/*
 * What the files of this folder share of OpenSSL: handles that end with their scope (AUTO_X509 X509
 * *cert = NULL;), times, and errors.
 *
 * Nearly every call of OpenSSL can fail for want of memory only; NEED turns that into INTERNAL with
 * OpenSSL's own words.
 */

#define SSL_AUTO(name, T, end)                        \
	static inline void ssl_end_##name(T **handle) \
	{                                             \
		end(*handle);                         \
	}

SSL_AUTO(pkey, EVP_PKEY, EVP_PKEY_free)
SSL_AUTO(pkey_ctx, EVP_PKEY_CTX, EVP_PKEY_CTX_free)
SSL_AUTO(md_ctx, EVP_MD_CTX, EVP_MD_CTX_free)
SSL_AUTO(x509, X509, X509_free)
SSL_AUTO(crl, X509_CRL, X509_CRL_free)
SSL_AUTO(revoked, X509_REVOKED, X509_REVOKED_free)
SSL_AUTO(name, X509_NAME, X509_NAME_free)
SSL_AUTO(general, GENERAL_NAME, GENERAL_NAME_free)
SSL_AUTO(generals, GENERAL_NAMES, GENERAL_NAMES_free)
SSL_AUTO(points, CRL_DIST_POINTS, CRL_DIST_POINTS_free)
SSL_AUTO(policies, CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free)
SSL_AUTO(octets, ASN1_OCTET_STRING, ASN1_OCTET_STRING_free)
SSL_AUTO(time, ASN1_TIME, ASN1_TIME_free)
SSL_AUTO(integer, ASN1_INTEGER, ASN1_INTEGER_free)
SSL_AUTO(bn, BIGNUM, BN_free)
SSL_AUTO(bn_ctx, BN_CTX, BN_CTX_free)
SSL_AUTO(builder, OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
SSL_AUTO(params, OSSL_PARAM, OSSL_PARAM_free)
SSL_AUTO(bio, BIO, BIO_free_all)
SSL_AUTO(request, OCSP_REQUEST, OCSP_REQUEST_free)
SSL_AUTO(response, OCSP_RESPONSE, OCSP_RESPONSE_free)
SSL_AUTO(basic, OCSP_BASICRESP, OCSP_BASICRESP_free)

#define AUTO_SSL(name) __attribute__((cleanup(ssl_end_##name)))
#define AUTO_PKEY AUTO_SSL(pkey) EVP_PKEY
#define AUTO_X509 AUTO_SSL(x509) X509

/* INTERNAL with the words of OpenSSL's first error; its queue is empty afterwards. A macro, so that
 * the compiler sees which code comes back. */
#define ssl_error(what) (ssl_describe(what), err_make(ERR_INTERNAL))
void ssl_describe(const char *what);

/* Empties OpenSSL's queue of errors, for whoever has words of their own. */
void ssl_forget(void);

#define NEED(condition)                             \
	do {                                        \
		if (!(condition))                   \
			return ssl_error(__func__); \
	} while (0)

/* The time as certificates write it: UTCTime until 2049, GeneralizedTime later. INVALID: not in the
 * years 1950 to 9999. */
err ssl_time(int64_t at, ASN1_TIME **out);

/* Copies of what i2d_…() made: call ssl_der(arena, bytes, n, &out), which frees the bytes. INTERNAL
 * when n is no length. */
err ssl_der(struct arena *arena, unsigned char *bytes, int n, struct str *out);

#endif

#include "crypto/signature.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#define DER_MAX 140 /* of an ECDSA signature; 104 on P-384 */

static bool verify(EVP_PKEY *key, const char *digest, bool rsa, struct str bytes,
	const unsigned char *signature, size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how = NULL; /* the context's */
	bool genuine = ctx &&
		       EVP_DigestVerifyInit_ex(ctx, &how, digest, NULL, NULL, key, NULL) == 1 &&
		       (!rsa || EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PADDING) == 1) &&
		       EVP_DigestVerify(ctx, signature, n,
			       (const unsigned char *)(bytes.n ? bytes.p : ""), bytes.n) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return genuine;
}

bool signature_rs256(EVP_PKEY *key, struct str bytes, struct str signature)
{
	return EVP_PKEY_is_a(key, "RSA") && signature.n == (size_t)EVP_PKEY_get_size(key) &&
	       verify(key, "SHA256", true, bytes, (const unsigned char *)signature.p, signature.n);
}

/* The length, or 0. */
static size_t to_der(const unsigned char *raw, size_t half, unsigned char der[DER_MAX])
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw, (int)half, NULL);
	BIGNUM *s = BN_bin2bn(raw + half, (int)half, NULL);
	int n = 0;
	if (pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1) {
		unsigned char *to = der;
		n = i2d_ECDSA_SIG(pair, NULL) <= DER_MAX ? i2d_ECDSA_SIG(pair, &to) : 0;
	} else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(pair);
	return n > 0 ? (size_t)n : 0;
}

bool signature_ecdsa(
	EVP_PKEY *key, const char *digest, size_t half, struct str bytes, struct str signature)
{
	unsigned char der[DER_MAX];
	if (!EVP_PKEY_is_a(key, "EC") || signature.n != 2 * half)
		return false;
	size_t n = to_der((const unsigned char *)signature.p, half, der);
	return n > 0 && verify(key, digest, false, bytes, der, n);
}

bool signature_from_der(const unsigned char *der, size_t n, size_t half, unsigned char *raw)
{
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)n);
	bool done = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, (int)half) == (int)half &&
		    BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + half, (int)half) == (int)half;
	ECDSA_SIG_free(pair);
	return done;
}

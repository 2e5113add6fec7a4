#include "crypto/cv.h"

#include "crypto/signature.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#define MODULUS_BYTES 256

struct cv_key {
	EVP_PKEY *pkey;
};

static EVP_PKEY *make(const unsigned char *modulus)
{
	BIGNUM *n = BN_bin2bn(modulus, MODULUS_BYTES, NULL);
	OSSL_PARAM_BLD *list = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *pkey = NULL;
	if (n && list && ctx && OSSL_PARAM_BLD_push_BN(list, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
		OSSL_PARAM_BLD_push_uint(list, OSSL_PKEY_PARAM_RSA_E, 65537) == 1)
		params = OSSL_PARAM_BLD_to_param(list);
	if (!params || EVP_PKEY_fromdata_init(ctx) != 1 ||
		EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(list);
	EVP_PKEY_CTX_free(ctx);
	BN_free(n);
	ERR_clear_error();
	return pkey;
}

err cv_key_read(struct str bytes, struct cv_key **out)
{
	static const struct str head = STR_INIT("\x90\x03\x01\x00\x01\x91\x82\x01\x00");
	if (bytes.n != CV_KEY_BYTES || !str_starts(bytes, head))
		return fail(ERR_INVALID, "not a key of the text applet");
	const unsigned char *modulus = (const unsigned char *)bytes.p + head.n;
	if (modulus[0] < 0x80 || !(modulus[MODULUS_BYTES - 1] & 1))
		return fail(ERR_INVALID, "not a modulus of 2048 bits");
	struct cv_key *key = calloc(1, sizeof *key);
	if (!key)
		return fail(ERR_UNAVAILABLE, "no memory");
	key->pkey = make(modulus);
	if (!key->pkey) {
		free(key);
		return fail(ERR_UNAVAILABLE, "OpenSSL makes no RSA key");
	}
	*out = key;
	return ok();
}

void cv_key_free(struct cv_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

void cv_key_cleanup(struct cv_key **key)
{
	cv_key_free(*key);
	*key = NULL;
}

err cv_signed(const struct cv_key *key, struct str bytes, struct str signature)
{
	return signature_rs256(key->pkey, bytes, signature)
		       ? ok()
		       : fail(ERR_INVALID, "not signed by this key");
}

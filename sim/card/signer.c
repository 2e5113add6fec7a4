#include "sim/card/signer.h"

#include "crypto/digest.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define P384_BYTES 48
#define SIGNATURE_MAX 512

static err broken(const char *what)
{
	return fail(ERR_INTERNAL, "OpenSSL: %s", what);
}

static bool is_p384(const EVP_PKEY *key)
{
	char name[32];

	return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, name, sizeof name, NULL) &&
	       strcmp(name, "secp384r1") == 0;
}

static bool is_rsa2048(const EVP_PKEY *key)
{
	return EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) == 2048;
}

err signer_open(struct str pkcs8, struct signer *out)
{
	const unsigned char *at = (const unsigned char *)pkcs8.p;
	EVP_PKEY *key = pkcs8.n > 0 ? d2i_AutoPrivateKey(NULL, &at, (long)pkcs8.n) : NULL;

	if (!key)
		return fail(ERR_INVALID, "not a private key");
	if (!is_p384(key) && !is_rsa2048(key)) {
		EVP_PKEY_free(key);
		return fail(ERR_INVALID, "a key that no card has");
	}
	out->key = key;
	return ok();
}

void signer_close(struct signer *signer)
{
	EVP_PKEY_free(signer->key);
	signer->key = NULL;
}

bool signer_is_ec(const struct signer *signer)
{
	return EVP_PKEY_is_a(signer->key, "EC");
}

size_t signer_digest_bytes(const struct signer *signer)
{
	return signer_is_ec(signer) ? P384_BYTES : SHA256_BYTES;
}

size_t signer_signature_bytes(const struct signer *signer)
{
	return signer_is_ec(signer) ? 2 * P384_BYTES : 256;
}

static bool pad(EVP_PKEY_CTX *ctx, enum signer_way way)
{
	switch (way) {
	case SIGNER_PKCS1_BARE:
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
	case SIGNER_PKCS1:
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0 &&
		       EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) > 0;
	case SIGNER_PSS:
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
		       EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) > 0 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0;
	case SIGNER_ECDSA:
		return true;
	}
	return false;
}

static err sign_raw(EVP_PKEY *key, enum signer_way way, struct str digest,
	unsigned char signature[SIGNATURE_MAX], size_t *n)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool signed_it =
		ctx && EVP_PKEY_sign_init(ctx) > 0 && pad(ctx, way) &&
		EVP_PKEY_sign(ctx, signature, n, (const unsigned char *)digest.p, digest.n) > 0;

	EVP_PKEY_CTX_free(ctx);
	return signed_it ? ok() : fail(ERR_INVALID, "OpenSSL does not sign this");
}

/* DER to r and s of one length each. */
static err put_ecdsa(const unsigned char *der, size_t n, struct buf *out)
{
	unsigned char plain[2 * P384_BYTES];
	ECDSA_SIG *parts = d2i_ECDSA_SIG(NULL, &der, (long)n);
	bool good = parts && BN_bn2binpad(ECDSA_SIG_get0_r(parts), plain, P384_BYTES) > 0 &&
		    BN_bn2binpad(ECDSA_SIG_get0_s(parts), plain + P384_BYTES, P384_BYTES) > 0;

	ECDSA_SIG_free(parts);
	if (!good)
		return broken("an ECDSA signature");
	buf_bytes(out, plain, sizeof plain);
	return ok();
}

static err digest_of(const struct signer *signer, struct str input, uint8_t digest[P384_BYTES])
{
	if (signer_is_ec(signer))
		return EVP_Digest(input.p, input.n, digest, NULL, EVP_sha384(), NULL)
			       ? ok()
			       : broken("SHA-384");
	sha256(input, digest);
	return ok();
}

err signer_sign(const struct signer *signer, enum signer_way way, bool hash, struct str input,
	struct buf *out)
{
	unsigned char signature[SIGNATURE_MAX];
	uint8_t digest[P384_BYTES];
	size_t n = sizeof signature;

	if (signer_is_ec(signer) != (way == SIGNER_ECDSA))
		return fail(ERR_INVALID, "a way of signing of another kind of key");
	if (hash) {
		TRY(digest_of(signer, input, digest));
		input = str_make((const char *)digest, signer_digest_bytes(signer));
	} else if (way != SIGNER_PKCS1_BARE && input.n != signer_digest_bytes(signer)) {
		return fail(ERR_INVALID, "not a digest of this key's length");
	}
	TRY(sign_raw(signer->key, way, input, signature, &n));
	if (way == SIGNER_ECDSA)
		return put_ecdsa(signature, n, out);
	buf_bytes(out, signature, n);
	return ok();
}

err signer_cert_is_ec(struct str der, bool *out)
{
	const unsigned char *at = (const unsigned char *)der.p;
	X509 *cert = der.n > 0 ? d2i_X509(NULL, &at, (long)der.n) : NULL;
	const EVP_PKEY *key = cert ? X509_get0_pubkey(cert) : NULL;
	bool ec = key && is_p384(key), rsa = key && is_rsa2048(key);

	X509_free(cert);
	if (!ec && !rsa)
		return fail(ERR_INVALID, "no certificate of a card");
	*out = ec;
	return ok();
}

bool signer_matches(const struct signer *signer, struct str cert_der)
{
	const unsigned char *at = (const unsigned char *)cert_der.p;
	X509 *cert = cert_der.n > 0 ? d2i_X509(NULL, &at, (long)cert_der.n) : NULL;
	const EVP_PKEY *key = cert ? X509_get0_pubkey(cert) : NULL;
	bool same = key && EVP_PKEY_eq(key, signer->key) == 1;

	X509_free(cert);
	return same;
}

#include "sim/ca/keys.h"

#include "sim/ca/folder.h"
#include "sim/ca/primes.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

err keys_rsa(unsigned bits, unsigned exponent, EVP_PKEY **out)
{
	const char *primes = getenv("SIMCA_PRIMES");
	if (primes && *primes && bits == 2048 && exponent == 65537)
		return primes_key(primes, out);
	AUTO_SSL(pkey_ctx) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	AUTO_SSL(bn) BIGNUM *e = BN_new();
	NEED(ctx && e && BN_set_word(e, exponent) == 1);
	NEED(EVP_PKEY_keygen_init(ctx) == 1 &&
		EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits) == 1 &&
		EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e) == 1);
	EVP_PKEY *key = NULL;
	NEED(EVP_PKEY_generate(ctx, &key) == 1);
	*out = key;
	return ok();
}

err keys_new(enum ca_root root, EVP_PKEY **out)
{
	if (root != CA_ROOT_P384)
		return keys_rsa(2048, 65537, out);
	EVP_PKEY *key = EVP_EC_gen("P-384");
	NEED(key);
	*out = key;
	return ok();
}

err keys_pkcs8(struct arena *arena, EVP_PKEY *key, struct str *out)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	NEED(info);
	unsigned char *bytes = NULL;
	int n = i2d_PKCS8_PRIV_KEY_INFO(info, &bytes);
	PKCS8_PRIV_KEY_INFO_free(info);
	return ssl_der(arena, bytes, n, out);
}

static err save(struct arena *arena, const char *path, BIO *bio, unsigned mode)
{
	char *bytes = NULL;
	long n = BIO_get_mem_data(bio, &bytes);
	NEED(n > 0);
	return folder_write(path, str_dup(arena, str_make(bytes, (size_t)n)), mode);
}

err keys_save(struct arena *arena, const char *path, EVP_PKEY *key)
{
	AUTO_SSL(bio) BIO *bio = BIO_new(BIO_s_mem());
	NEED(bio && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
	return save(arena, path, bio, 0600);
}

static err open_file(struct arena *arena, const char *path, BIO **out)
{
	struct str text;
	err read = folder_read(arena, path, &text);
	/* Inside an authority a file that is not there is damage. */
	if (read.code == ERR_NOT_FOUND)
		return fail(ERR_INVALID, "%s", err_detail());
	TRY(read);
	BIO *bio = BIO_new_mem_buf(text.p, (int)text.n);
	NEED(bio);
	*out = bio;
	return ok();
}

err keys_load(struct arena *arena, const char *path, EVP_PKEY **out)
{
	AUTO_SSL(bio) BIO *bio = NULL;
	TRY(open_file(arena, path, &bio));
	/* The empty password: never ask a person for one. */
	char none[] = "";
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, none);
	if (!key) {
		ssl_forget();
		return fail(ERR_INVALID, "%s: not a key", path);
	}
	*out = key;
	return ok();
}

const EVP_MD *keys_digest(const EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC ? EVP_sha384() : EVP_sha256();
}

err cert_der(struct arena *arena, X509 *cert, struct str *out)
{
	unsigned char *bytes = NULL;
	int n = i2d_X509(cert, &bytes);
	return ssl_der(arena, bytes, n, out);
}

err cert_save(struct arena *arena, const char *path, X509 *cert)
{
	AUTO_SSL(bio) BIO *bio = BIO_new(BIO_s_mem());
	NEED(bio && PEM_write_bio_X509(bio, cert) == 1);
	return save(arena, path, bio, 0644);
}

err cert_load(struct arena *arena, const char *path, X509 **out)
{
	AUTO_SSL(bio) BIO *bio = NULL;
	TRY(open_file(arena, path, &bio));
	X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (!cert) {
		ssl_forget();
		return fail(ERR_INVALID, "%s: not a certificate", path);
	}
	*out = cert;
	return ok();
}

void signer_release(struct signer *signer)
{
	EVP_PKEY_free(signer->key);
	X509_free(signer->cert);
	*signer = (struct signer){0};
}

static const char *path_of(const struct ca *ca, struct arena *arena, struct str name)
{
	return folder_path(arena, ca->dir, str_c(arena, name));
}

err root_load(const struct ca *ca, struct arena *arena, enum ca_kind kind, enum ca_root root,
	struct signer *out)
{
	const char *k = ca_kind_name(kind), *r = ca_root_name(root);
	AUTO_SIGNER found = {0};
	TRY(keys_load(
		arena, path_of(ca, arena, str_fmt(arena, "%s/%s/key.pem", k, r)), &found.key));
	TRY(cert_load(
		arena, path_of(ca, arena, str_fmt(arena, "%s/%s/cert.pem", k, r)), &found.cert));
	*out = found;
	found = (struct signer){0};
	return ok();
}

err responder_load(const struct ca *ca, struct arena *arena, enum ca_kind kind, enum ca_root root,
	struct signer *out)
{
	const char *k = ca_kind_name(kind), *r = ca_root_name(root);
	AUTO_SIGNER found = {0};
	TRY(keys_load(arena, path_of(ca, arena, str_fmt(arena, "%s/ocsp.key.pem", k)), &found.key));
	TRY(cert_load(arena, path_of(ca, arena, str_fmt(arena, "%s/%s/ocsp.cert.pem", k, r)),
		&found.cert));
	*out = found;
	found = (struct signer){0};
	return ok();
}

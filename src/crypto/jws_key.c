#include "crypto/jws_key.h"

#include "crypto/jws_inside.h"
#include "crypto/secret_file.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

/* A P-256 key is 241 bytes; a comment in front of it may stand there. */
#define PEM_MAX 4096

static bool coordinate(const EVP_PKEY *pkey, const char *name, unsigned char out[P256_BYTES])
{
	BIGNUM *value = NULL;
	bool done = EVP_PKEY_get_bn_param(pkey, name, &value) == 1 &&
		    BN_bn2binpad(value, out, P256_BYTES) == P256_BYTES;
	BN_free(value);
	return done;
}

static bool is_p256(const EVP_PKEY *pkey)
{
	char group[32];
	size_t n;
	return EVP_PKEY_is_a(pkey, "EC") &&
	       EVP_PKEY_get_group_name(pkey, group, sizeof group, &n) == 1 &&
	       str_eq(str_of(group), STR("prime256v1"));
}

err jws_key_take(EVP_PKEY *pkey, bool pair, struct jws_key **out)
{
	struct jws_key *key = calloc(1, sizeof *key);
	if (!key) {
		EVP_PKEY_free(pkey);
		return fail(ERR_UNAVAILABLE, "no memory");
	}
	key->pkey = pkey;
	key->pair = pair;
	if (!is_p256(pkey) || !coordinate(pkey, OSSL_PKEY_PARAM_EC_PUB_X, key->x) ||
		!coordinate(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, key->y)) {
		jws_key_free(key);
		return fail(ERR_INVALID, "not a P-256 key");
	}
	*out = key;
	return ok();
}

void jws_key_free(struct jws_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

void jws_key_cleanup(struct jws_key **key)
{
	jws_key_free(*key);
	*key = NULL;
}

err jws_key_new(struct jws_key **out)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	if (!pkey)
		return fail(ERR_UNAVAILABLE, "no P-256 key can be made");
	return jws_key_take(pkey, true, out);
}

/* A key with a password is none for us: there is nobody to ask. */
static int no_password(char *to, int size, int writing, void *arg)
{
	(void)to;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static err read_pem(struct str text, struct jws_key **out)
{
	BIO *bio = BIO_new_mem_buf(text.p, (int)text.n);
	EVP_PKEY *pkey = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
	BIO_free(bio);
	EVP_PKEY_CTX *ctx = pkey ? EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL) : NULL;
	/* That the halves belong together. */
	bool whole = ctx && EVP_PKEY_pairwise_check(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	if (!whole) {
		EVP_PKEY_free(pkey);
		return fail(ERR_INVALID, "no private key in PEM");
	}
	return jws_key_take(pkey, true, out);
}

err jws_key_load(const char *path, struct jws_key **out)
{
	char text[PEM_MAX];
	size_t n;
	TRY(secret_file_read(path, text, 1, sizeof text, &n));
	err done = read_pem(str_make(text, n), out);
	explicit_bzero(text, sizeof text);
	return done;
}

err jws_key_save(const struct jws_key *key, const char *path)
{
	if (!key->pair)
		return fail(ERR_INVALID, "the private half is not here");
	BIO *bio = BIO_new(BIO_s_secmem());
	char *text = NULL;
	err done;
	if (bio && PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL) == 1) {
		long n = BIO_get_mem_data(bio, &text);
		done = secret_file_write(path, str_make(text, (size_t)n));
		explicit_bzero(text, (size_t)n);
	} else {
		done = fail(ERR_UNAVAILABLE, "the key cannot be written");
	}
	BIO_free(bio);
	return done;
}

bool jws_key_is_pair(const struct jws_key *key)
{
	return key->pair;
}

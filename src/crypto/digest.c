#include "crypto/digest.h"

#include "base/encode.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <pthread.h>

/* Found once, never freed: they live as long as the process. */
static EVP_MD *algorithm;
static EVP_MAC_CTX *hmac_form; /* HMAC with SHA-256 chosen and no key yet; copied for each use */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static _Noreturn void digest_die(void)
{
	fputs("digest: OpenSSL failed, out of memory or without SHA-256\n", stderr);
	abort();
}

static void find(void)
{
	algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *form = mac ? EVP_MAC_CTX_new(mac) : NULL;
	EVP_MAC_free(mac); /* the context holds it */
	char name[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end(),
	};
	if (form && EVP_MAC_CTX_set_params(form, params) == 1)
		hmac_form = form;
	else
		EVP_MAC_CTX_free(form);
}

err digest_init(void)
{
	pthread_once(&once, find);
	if (!algorithm || !hmac_form)
		return fail(ERR_UNAVAILABLE, "OpenSSL has no SHA-256");
	return ok();
}

static void need(void)
{
	if (failed(digest_init()))
		digest_die();
}

void sha256(struct str bytes, uint8_t out[SHA256_BYTES])
{
	need();
	if (EVP_Digest(bytes.n ? bytes.p : "", bytes.n, out, NULL, algorithm, NULL) != 1)
		digest_die();
}

struct str sha256_hex(struct arena *arena, struct str bytes)
{
	uint8_t digest[SHA256_BYTES];
	sha256(bytes, digest);
	struct buf text;
	buf_init_room(&text, arena, sizeof digest * 2, sizeof digest * 2);
	hex_write(&text, str_make((const char *)digest, sizeof digest));
	return buf_view(&text);
}

void hmac_sha256(struct str key, struct str bytes, uint8_t out[SHA256_BYTES])
{
	need();
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_dup(hmac_form);
	size_t n;
	/* A NULL key would mean "the key set before", so the empty key is an empty text. */
	bool done =
		ctx &&
		EVP_MAC_init(ctx, (const unsigned char *)(key.n ? key.p : ""), key.n, NULL) == 1 &&
		EVP_MAC_update(ctx, (const unsigned char *)(bytes.n ? bytes.p : ""), bytes.n) ==
			1 &&
		EVP_MAC_final(ctx, out, &n, SHA256_BYTES) == 1;
	EVP_MAC_CTX_free(ctx);
	if (!done)
		digest_die();
}

void sha256_init(struct sha256 *sum)
{
	need();
	sum->ctx = EVP_MD_CTX_new();
	if (!sum->ctx || EVP_DigestInit_ex2(sum->ctx, algorithm, NULL) != 1)
		digest_die();
}

void sha256_add(struct sha256 *sum, struct str bytes)
{
	if (bytes.n && EVP_DigestUpdate(sum->ctx, bytes.p, bytes.n) != 1)
		digest_die();
}

void sha256_end(struct sha256 *sum, uint8_t out[SHA256_BYTES])
{
	if (EVP_DigestFinal_ex(sum->ctx, out, NULL) != 1)
		digest_die();
	sha256_release(sum);
}

void sha256_release(struct sha256 *sum)
{
	EVP_MD_CTX_free(sum->ctx);
	sum->ctx = NULL;
}

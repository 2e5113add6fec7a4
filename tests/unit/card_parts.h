#ifndef TESTS_UNIT_CARD_PARTS_H
#define TESTS_UNIT_CARD_PARTS_H

#include "card_fixture.h"

/* Parts made by hand, of which certificates, files and answers are put together. In the fixture's
 * arena. */

__attribute__((unused)) static struct str joined(struct str a, struct str b)
{
	return str_join(&fixture.arena, (const struct str[]){a, b}, 2, STR(""));
}

/* With the shortest length. */
__attribute__((unused)) static struct str der_made(unsigned tag, struct str content)
{
	char head[5];
	size_t n = 0;
	head[n++] = (char)tag;
	if (content.n >= 0x100) {
		head[n++] = (char)0x82;
		head[n++] = (char)(content.n >> 8);
	} else if (content.n >= 0x80) {
		head[n++] = (char)0x81;
	}
	head[n++] = (char)(content.n & 0xFF);
	return joined(str_dup(&fixture.arena, str_make(head, n)), content);
}

/* The first occurrence of `from` replaced. */
__attribute__((unused)) static struct str replaced(struct str in, struct str from, struct str to)
{
	ptrdiff_t at = str_find(in, from);
	assert_true(at >= 0);
	struct str head = str_sub(in, 0, (size_t)at), tail = str_skip(in, (size_t)at + from.n);
	return joined(joined(head, to), tail);
}

/* ---- signatures ---- */

/* As cards sign: RSA PKCS 1 v1.5 with SHA-256, or PSS when told so; P-384 with SHA-384, r and s.
 */
__attribute__((unused)) static struct str sign_with(struct str key, struct str bytes, bool pss)
{
	const unsigned char *at = (const unsigned char *)key.p;
	EVP_PKEY *pkey = d2i_AutoPrivateKey(NULL, &at, (long)key.n);
	assert_non_null(pkey);
	bool rsa = EVP_PKEY_is_a(pkey, "RSA");
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how;
	unsigned char *out = arena_alloc(&fixture.arena, 1024);
	size_t n = 1024;
	assert_int_equal(
		EVP_DigestSignInit_ex(ctx, &how, rsa ? "SHA256" : "SHA384", NULL, NULL, pkey, NULL),
		1);
	if (pss)
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING), 1);
	assert_int_equal(EVP_DigestSign(ctx, out, &n, (const unsigned char *)bytes.p, bytes.n), 1);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	if (!rsa) {
		const unsigned char *der = out;
		ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)n);
		unsigned char *raw = arena_alloc(&fixture.arena, 96);
		assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, 48), 48);
		assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + 48, 48), 48);
		ECDSA_SIG_free(pair);
		return str_make((const char *)raw, 96);
	}
	return str_make((const char *)out, n);
}

/* A file of the authority's folder. */
__attribute__((unused)) static struct str ca_file(const char *name)
{
	return get_file(in_folder(str_c(&fixture.arena, str_fmt(&fixture.arena, "ca/%s", name))));
}

#endif

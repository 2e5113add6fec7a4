/* sim/ca/cv: the text applet's keys, byte by byte, checked with the pinned key. */
#include "folder.h"

#include "sim/ca/folder.h"
#include "sim/ca/ssl.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ROOT_ID           \
	"9000033\x08\x05" \
	"001\0\0\0\0"
#define OFFICE_ID         \
	"4420221\x08\x05" \
	"000\0\0\0\0"

/* 90 03 <exponent> 91 82 01 00 <modulus> → a key. */
static EVP_PKEY *key_of(struct str text)
{
	assert_int_equal(text.n, CA_CV_KEY);
	const unsigned char *p = (const unsigned char *)text.p;
	assert_memory_equal(p, "\x90\x03\x01\x00\x01\x91\x82\x01\x00", 9);
	BIGNUM *n = BN_bin2bn(p + 9, 256, NULL), *e = BN_bin2bn(p + 2, 3, NULL);
	assert_int_equal(BN_num_bits(n), 2048);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	assert_int_equal(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n), 1);
	assert_int_equal(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e), 1);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	BN_free(n);
	BN_free(e);
	return key;
}

static bool verifies(EVP_PKEY *key, struct str bytes, struct str signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
	int right = EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n,
		(const unsigned char *)bytes.p, bytes.n);
	EVP_MD_CTX_free(ctx);
	ssl_forget();
	return right == 1;
}

static void test_chain(void **state)
{
	(void)state;
	struct str anchor, cvc, signature;
	assert_int_equal(
		folder_read(&test_arena, authority_path("ca/anchors/cv-1.bin"), &anchor).code, OK);
	assert_int_equal(anchor.n, CA_CV_KEY_ID + CA_CV_KEY);
	assert_memory_equal(anchor.p, ROOT_ID, CA_CV_KEY_ID);
	assert_int_equal(ca_cvc(&authority, &test_arena, &cvc).code, OK);
	assert_int_equal(cvc.n, 5 + 5 + 297 + 5 + 256);
	assert_memory_equal(cvc.p, "\x7f\x21\x82\x02\x33\x5f\x4e\x82\x01\x29", 10);
	struct str body = str_sub(cvc, 10, 297);
	assert_memory_equal(body.p, ROOT_ID OFFICE_ID, 2 * CA_CV_KEY_ID);
	assert_memory_equal(cvc.p + 307, "\x5f\x37\x82\x01\x00", 5);
	EVP_PKEY *root = key_of(str_skip(anchor, CA_CV_KEY_ID));
	EVP_PKEY *office = key_of(str_skip(body, (size_t)2 * CA_CV_KEY_ID));
	assert_true(verifies(root, body, str_skip(cvc, 312)));
	assert_false(verifies(office, body, str_skip(cvc, 312)));

	struct str text = STR("what a card's file holds");
	assert_int_equal(ca_text_sign(&authority, &test_arena, text, &signature).code, OK);
	assert_int_equal(signature.n, 256);
	assert_true(verifies(office, text, signature));
	assert_false(verifies(root, text, signature));
	assert_false(verifies(office, str_sub(text, 1, text.n), signature));
	assert_int_equal(
		ca_text_sign(&authority, &test_arena, (struct str){0}, &signature).code, OK);
	assert_true(verifies(office, STR(""), signature));
	EVP_PKEY_free(root);
	EVP_PKEY_free(office);
}

static void test_text_key(void **state)
{
	(void)state;
	struct str key, public, other, other_public;
	assert_int_equal(ca_text_key(&test_arena, &key, &public).code, OK);
	assert_int_equal(ca_text_key(&test_arena, &other, &other_public).code, OK);
	assert_false(str_eq(public, other_public));
	const unsigned char *at = (const unsigned char *)key.p;
	EVP_PKEY *private = d2i_AutoPrivateKey(NULL, &at, (long)key.n);
	EVP_PKEY *half = key_of(public);
	assert_ptr_equal(at, key.p + key.n);
	assert_int_equal(EVP_PKEY_eq(private, half), 1);
	EVP_PKEY_free(private);
	EVP_PKEY_free(half);
}

static void test_missing(void **state)
{
	(void)state;
	struct str out = {0};
	const char *cvc = authority_path("ca/cv/office.bin"),
		   *key = authority_path("ca/cv/office.key.pem");
	assert_int_equal(rename(cvc, authority_path("kept")), 0);
	assert_int_equal(ca_cvc(&authority, &test_arena, &out).code, ERR_INVALID);
	assert_int_equal(rename(authority_path("kept"), cvc), 0);
	assert_int_equal(rename(key, authority_path("kept")), 0);
	assert_int_equal(ca_text_sign(&authority, &test_arena, STR("x"), &out).code, ERR_INVALID);
	assert_int_equal(folder_write(key, STR("no key\n"), 0600).code, OK);
	assert_int_equal(ca_text_sign(&authority, &test_arena, STR("x"), &out).code, ERR_INVALID);
	assert_int_equal(rename(authority_path("kept"), key), 0);
	assert_true(str_absent(out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_text_key),
		cmocka_unit_test(test_missing),
	};
	return cmocka_run_group_tests(tests, authority_make, authority_remove);
}

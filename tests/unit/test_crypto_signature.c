/* cert_signed, cv_signed: what a card's key has signed, in the one way that counts. */
#include "card_fixture.h"
#include "crypto/cv.h"

#define STATEMENT STR("CLP1 AUTH\nrp=rp:test\norigin=https://portal.example\n")

static void read_card(struct ca_issued card, struct cert *out)
{
	if (failed(cert_read(&fixture.arena, card.cert, out)))
		fail_msg("%s", err_detail());
}

static void test_names(void **state)
{
	(void)state;
	enum card_alg alg = CARD_ALG_COUNT;
	static const char *const bad[] = {"", "none", "rs256", "RS384", "PS256", "ES256", "RS256 "};
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(card_alg_of(str_of(bad[i]), &alg).code, ERR_INVALID);
	assert_int_equal(alg, CARD_ALG_COUNT);
	assert_int_equal(card_alg_of(STR("RS256"), &alg).code, OK);
	assert_int_equal(alg, CARD_RS256);
	assert_int_equal(card_alg_of(STR("ES384"), &alg).code, OK);
	assert_int_equal(alg, CARD_ES384);
}

static void test_rsa(void **state)
{
	(void)state;
	AUTO_CERT struct cert cert = {0}, other = {0};
	struct ca_issued card = issue(CA_AUTH, CA_ROOT_1, NULL);
	read_card(card, &cert);
	read_card(issue(CA_AUTH, CA_ROOT_1, NULL), &other);
	struct str signature = sign_with(card.key, STATEMENT, false);
	assert_int_equal(cert_signed(&cert, CARD_RS256, STATEMENT, signature).code, OK);

	assert_int_equal(cert_signed(&other, CARD_RS256, STATEMENT, signature).code, ERR_INVALID);
	assert_int_equal(cert_signed(&cert, CARD_ES384, STATEMENT, signature).code, ERR_INVALID);
	assert_int_equal(
		cert_signed(&cert, CARD_RS256, STR("CLP1 AUTH\n"), signature).code, ERR_INVALID);
	assert_int_equal(cert_signed(&cert, CARD_RS256, STR(""), signature).code, ERR_INVALID);
	assert_int_equal(
		cert_signed(&cert, CARD_RS256, (struct str){0}, signature).code, ERR_INVALID);
	assert_int_equal(
		cert_signed(&cert, CARD_RS256, joined(STATEMENT, STR("\n")), signature).code,
		ERR_INVALID);
	struct str pss = sign_with(card.key, STATEMENT, true);
	assert_int_equal(cert_signed(&cert, CARD_RS256, STATEMENT, pss).code, ERR_INVALID);
}

/* As RSA numbers some of these are the same as the right one; as signatures they are not. */
static void test_rsa_lengths(void **state)
{
	(void)state;
	AUTO_CERT struct cert cert = {0};
	struct ca_issued card = issue(CA_AUTH, CA_ROOT_1, NULL);
	read_card(card, &cert);
	struct str signature = sign_with(card.key, STATEMENT, false);
	char ones[256];
	memset(ones, 0xFF, sizeof ones);
	const struct str bad[] = {
		STR(""),
		(struct str){0},
		str_sub(signature, 0, 255),
		str_skip(signature, 1),
		joined(STR("\0"), signature),
		joined(signature, STR("\0")),
		joined(signature, signature),
		str_make(ones, sizeof ones),
		str_make((char[256]){0}, 256),
		str_make((char[256]){[255] = 1}, 256),
	};
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(
			cert_signed(&cert, CARD_RS256, STATEMENT, bad[i]).code, ERR_INVALID);
}

/* The digest without DigestInfo, with that of another digest, and with garbage behind it: padding
 * is OpenSSL's to judge, and it must be all of it. */
static void test_rsa_padding(void **state)
{
	(void)state;
	AUTO_CERT struct cert cert = {0};
	struct ca_issued card = issue(CA_AUTH, CA_ROOT_1, NULL);
	read_card(card, &cert);
	uint8_t digest[SHA256_BYTES];
	sha256(STATEMENT, digest);
	struct str bare = str_make((const char *)digest, sizeof digest);
	static const struct str heads[] = {
		STR_INIT(""),
		/* SHA-1's name; SHA-256 without its NULL. */
		STR_INIT("\x30\x21\x30\x09\x06\x05\x2B\x0E\x03\x02\x1A\x05\x00\x04\x20"),
		STR_INIT("\x30\x2F\x30\x0B\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20"),
		STR_INIT("\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04"
			 "\x20"),
	};
	const unsigned char *at = (const unsigned char *)card.key.p;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)card.key.n);
	for (size_t i = 0; i < 2 * COUNT(heads); i++) {
		bool garbage = i >= COUNT(heads);
		struct str info = joined(heads[i % COUNT(heads)], bare);
		/* 00 01 FF … FF 00 info, by hand. */
		unsigned char block[256] = {0, 1}, signature[256];
		size_t pad = garbage ? 8 : sizeof block - 3 - info.n, n = sizeof signature;
		memset(block + 2, 0xFF, pad);
		memcpy(block + 3 + pad, info.p, info.n);
		EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
		assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
		assert_int_equal(EVP_PKEY_sign(ctx, signature, &n, block, sizeof block), 1);
		EVP_PKEY_CTX_free(ctx);
		err e = cert_signed(
			&cert, CARD_RS256, STATEMENT, str_make((const char *)signature, n));
		if (failed(e) != (i != COUNT(heads) - 1))
			fail_msg("row %zu: %s", i, err_name(e.code));
	}
	EVP_PKEY_free(key);
}

static void test_every_byte_counts(void **state)
{
	(void)state;
	for (int p384 = 0; p384 < 2; p384++) {
		AUTO_CERT struct cert cert = {0};
		struct ca_issued card = issue(CA_SIGN, p384 ? CA_ROOT_P384 : CA_ROOT_1, NULL);
		enum card_alg alg = p384 ? CARD_ES384 : CARD_RS256;
		read_card(card, &cert);
		struct str signature = sign_with(card.key, STATEMENT, false);
		char *bytes = arena_alloc(&fixture.arena, signature.n);
		memcpy(bytes, signature.p, signature.n);
		for (size_t i = 0; i < signature.n; i++) {
			unsigned mask = 1u << i % 8;
			bytes[i] = (char)((unsigned char)bytes[i] ^ mask);
			assert_int_equal(
				cert_signed(&cert, alg, STATEMENT, str_make(bytes, signature.n))
					.code,
				ERR_INVALID);
			bytes[i] = (char)((unsigned char)bytes[i] ^ mask);
		}
		assert_int_equal(
			cert_signed(&cert, alg, STATEMENT, str_make(bytes, signature.n)).code, OK);
	}
}

static void test_p384(void **state)
{
	(void)state;
	AUTO_CERT struct cert cert = {0}, other = {0}, rsa = {0};
	struct ca_issued card = issue(CA_AUTH, CA_ROOT_P384, NULL);
	read_card(card, &cert);
	read_card(issue(CA_AUTH, CA_ROOT_P384, NULL), &other);
	read_card(issue(CA_AUTH, CA_ROOT_1, NULL), &rsa);
	/* Until r or s begins with a zero byte, which DER writes with less. */
	bool zero = false;
	for (int i = 0; i < 20 || !zero; i++) {
		struct str signature = sign_with(card.key, STATEMENT, false);
		zero = zero || signature.p[0] == 0 || signature.p[48] == 0;
		assert_int_equal(cert_signed(&cert, CARD_ES384, STATEMENT, signature).code, OK);
	}
	struct str signature = sign_with(card.key, STATEMENT, false);
	assert_int_equal(cert_signed(&other, CARD_ES384, STATEMENT, signature).code, ERR_INVALID);
	assert_int_equal(cert_signed(&rsa, CARD_ES384, STATEMENT, signature).code, ERR_INVALID);
	assert_int_equal(cert_signed(&cert, CARD_RS256, STATEMENT, signature).code, ERR_INVALID);
	const struct str bad[] = {
		STR(""),
		str_sub(signature, 0, 95),
		joined(signature, STR("\0")),
		str_make((char[96]){0}, 96),
		str_make((char[96]){[47] = 1, [95] = 1}, 96),
	};
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(
			cert_signed(&cert, CARD_ES384, STATEMENT, bad[i]).code, ERR_INVALID);
}

static void test_cv(void **state)
{
	(void)state;
	AUTO_CV_KEY struct cv_key *key = NULL, *other = NULL;
	struct str private, public, private_2, public_2;
	assert_int_equal(ca_text_key(&fixture.arena, &private, &public).code, OK);
	assert_int_equal(ca_text_key(&fixture.arena, &private_2, &public_2).code, OK);
	assert_int_equal(cv_key_read(public, &key).code, OK);
	assert_int_equal(cv_key_read(public_2, &other).code, OK);
	struct str signature = sign_with(private, STATEMENT, false);
	assert_int_equal(cv_signed(key, STATEMENT, signature).code, OK);
	assert_int_equal(cv_signed(other, STATEMENT, signature).code, ERR_INVALID);
	assert_int_equal(cv_signed(key, STR("x"), signature).code, ERR_INVALID);
	assert_int_equal(cv_signed(key, STATEMENT, str_sub(signature, 0, 255)).code, ERR_INVALID);
	assert_int_equal(
		cv_signed(key, STATEMENT, sign_with(private, STATEMENT, true)).code, ERR_INVALID);

	const struct str bad[] = {
		STR(""),
		str_sub(public, 0, 264),
		joined(public, STR("\0")),
		replaced(public, STR("\x90\x03"), STR("\x90\x04")),
		replaced(public, STR("\x90\x03\x01\x00\x01"), STR("\x90\x03\x01\x00\x03")),
		replaced(public, STR("\x91\x82\x01\x00"), STR("\x91\x82\x00\xFF")),
		replaced(public, str_sub(public, 9, 1), STR("\x7F")),
		joined(str_sub(public, 0, 264), STR("\x02")),
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct cv_key *none = NULL;
		if (cv_key_read(bad[i], &none).code != ERR_INVALID)
			fail_msg("row %zu", i);
		assert_null(none);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_rsa_lengths),
		cmocka_unit_test(test_rsa_padding),
		cmocka_unit_test(test_every_byte_counts),
		cmocka_unit_test(test_p384),
		cmocka_unit_test(test_cv),
	};
	return cmocka_run_group_tests(tests, card_setup, card_teardown);
}

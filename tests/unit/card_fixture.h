#ifndef TESTS_UNIT_CARD_FIXTURE_H
#define TESTS_UNIT_CARD_FIXTURE_H

#include "base/time.h"
#include "crypto/anchors.h"
#include "crypto/cert.h"
#include "sim/ca/wrong.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* behind base/err.h: it has a macro fail() */

/*
 * What the tests of cards' proofs share: a simulated authority, made once a program in a folder of
 * its own, its certificates right and wrong, and signatures as a card makes them.
 */

#define NOW INT64_C(1795392000000) /* 2026-11-23 09:00 in Japan */
#define YEAR (365 * TIME_DAY)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct card_fixture {
	struct arena arena;
	char folder[64]; /* removed at the end; the authority is in ca/ */
	struct ca ca;
	char anchor_folder[80];
	struct anchors *anchors;
};

static struct card_fixture fixture;

__attribute__((unused)) static const char *in_folder(const char *name)
{
	return str_c(&fixture.arena, str_fmt(&fixture.arena, "%s/%s", fixture.folder, name));
}

__attribute__((unused)) static void put_file(const char *path, struct str bytes)
{
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.p ? bytes.p : "", 1, bytes.n, file), bytes.n);
	assert_int_equal(fclose(file), 0);
}

__attribute__((unused)) static struct str get_file(const char *path)
{
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	char *p = arena_alloc(&fixture.arena, 1u << 20);
	size_t n = fread(p, 1, 1u << 20, file);
	assert_int_equal(fclose(file), 0);
	return str_make(p, n);
}

static const struct ca_person somebody = {
	.name = STR_INIT("窓口　花子"),
	.era = '4',
	.year = 1999,
	.month = 12,
	.day = 31,
	.sex = 2,
	.address = STR_INIT("大分県別府市上野口町１－１５"),
	.prefecture = STR_INIT("Oita-ken"),
	.municipality = STR_INIT("Beppu-shi"),
};

/* A card's certificate with its key; wrong may be NULL. */
__attribute__((unused)) static struct ca_issued issue_for(const struct ca_person *person,
	enum ca_kind kind, enum ca_root root, const struct ca_wrong *wrong)
{
	static const struct ca_wrong nothing;
	struct ca_request request = {kind, root, person, NOW - YEAR, NOW + YEAR, NOW - YEAR};
	struct ca_issued issued;
	err e = ca_issue_wrong(
		&fixture.ca, &fixture.arena, &request, wrong ? wrong : &nothing, &issued);
	if (failed(e))
		fail_msg("%s", err_detail());
	return issued;
}

__attribute__((unused)) static struct ca_issued issue(
	enum ca_kind kind, enum ca_root root, const struct ca_wrong *wrong)
{
	return issue_for(&somebody, kind, root, wrong);
}

__attribute__((unused)) static struct ca_issued issue_from_to(
	enum ca_kind kind, int64_t from, int64_t to)
{
	struct ca_request request = {kind, CA_ROOT_1, &somebody, from, to, NOW - YEAR};
	struct ca_issued issued;
	assert_int_equal(ca_issue(&fixture.ca, &fixture.arena, &request, &issued).code, OK);
	return issued;
}

/* As cards sign: RSA PKCS #1 v1.5 with SHA-256, or PSS when told so; P-384 with SHA-384, r and s.
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

/* ---- DER by hand ---- */

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

/* ---- the program's authority ---- */

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static int card_setup(void **state)
{
	(void)state;
	arena_init(&fixture.arena, 512u << 20);
	(void)snprintf(fixture.folder, sizeof fixture.folder, "%s/card-XXXXXX",
		getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 40 ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(fixture.folder))
		return -1;
	const char *dir = in_folder("ca");
	(void)snprintf(fixture.anchor_folder, sizeof fixture.anchor_folder, "%s/anchors", dir);
	struct anchors_conf conf = {fixture.anchor_folder, ANCHORS_SIMULATION, true};
	bool made = !failed(ca_init(dir, NOW - 5 * YEAR)) &&
		    !failed(ca_open(&fixture.arena, dir, &fixture.ca)) &&
		    !failed(anchors_load(&conf, &fixture.anchors));
	if (!made)
		print_error("%s\n", err_detail());
	return made ? 0 : -1;
}

static int card_teardown(void **state)
{
	(void)state;
	anchors_free(fixture.anchors);
	nftw(fixture.folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	arena_release(&fixture.arena);
	return 0;
}

#endif

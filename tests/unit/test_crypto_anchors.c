/* crypto/anchors: who stands behind a certificate, for what, and until when. */
#include "crypto/anchors.h"

#include "card_fixture.h"

#include <sys/stat.h>

static void read_card(struct ca_issued card, struct cert *out)
{
	if (failed(cert_read(&fixture.arena, card.cert, out)))
		fail_msg("%s", err_detail());
}

/* ---- loading ---- */

static char *folder_with(const char *name)
{
	char *path = arena_alloc(&fixture.arena, PATH_MAX);
	(void)snprintf(path, PATH_MAX, "%s/%s", fixture.folder, name);
	assert_int_equal(mkdir(path, 0700), 0);
	return path;
}

static void put(const char *folder, const char *name, struct str bytes)
{
	put_file(str_c(&fixture.arena, str_fmt(&fixture.arena, "%s/%s", folder, name)), bytes);
}

static struct str anchor_file(const char *name)
{
	return get_file(str_c(
		&fixture.arena, str_fmt(&fixture.arena, "%s/%s", fixture.anchor_folder, name)));
}

static enum err_code load(const char *folder, bool p384)
{
	struct anchors_conf conf = {folder, ANCHORS_SIMULATION, p384};
	struct anchors *anchors = NULL;
	err e = anchors_load(&conf, &anchors);
	assert_true(failed(e) == !anchors);
	anchors_free(anchors);
	return e.code;
}

static void test_folders(void **state)
{
	(void)state;
	assert_int_equal(load("/nowhere", true), ERR_NOT_FOUND);
	char *folder = folder_with("loading");
	assert_int_equal(load(folder, true), ERR_NOT_FOUND);
	put(folder, "auth-1.pem", anchor_file("auth-1.pem"));
	assert_int_equal(load(folder, true), ERR_NOT_FOUND);
	put(folder, "sign-p384.pem", anchor_file("sign-p384.pem"));
	assert_int_equal(load(folder, true), OK);
	assert_int_equal(load(folder, false), ERR_NOT_FOUND);
	put(folder, "sign-1.pem", anchor_file("sign-1.pem"));
	assert_int_equal(load(folder, false), OK);
	/* Files of other names are not looked at. */
	put(folder, "sign-1.txt", STR("x"));
	put(folder, "root.pem", STR("x"));
	put(folder, "crl-x.der", STR("x"));
	assert_int_equal(load(folder, false), OK);
}

static struct str pem_of(struct str der)
{
	const unsigned char *at = (const unsigned char *)der.p;
	X509 *x509 = d2i_X509(NULL, &at, (long)der.n);
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	assert_int_equal(PEM_write_bio_X509(bio, x509), 1);
	long n = BIO_get_mem_data(bio, &text);
	struct str out = str_dup(&fixture.arena, str_make(text, (size_t)n));
	BIO_free(bio);
	X509_free(x509);
	return out;
}

static void test_bad_files(void **state)
{
	(void)state;
	struct str good = anchor_file("auth-1.pem"), cv = anchor_file("cv-1.bin");
	struct str leaf = pem_of(issue(CA_AUTH, CA_ROOT_1, NULL).cert);
	struct str leaf_ca = pem_of(issue(CA_AUTH, CA_ROOT_1, &(struct ca_wrong){.ca = true}).cert);
	struct str cut = str_sub(good, 0, good.n / 2);
	char *even = arena_alloc(&fixture.arena, cv.n);
	memcpy(even, cv.p, cv.n);
	even[cv.n - 1] = (char)((unsigned char)even[cv.n - 1] & 0xFE);
	char *large = arena_alloc(&fixture.arena, 70000);
	memset(large, '\n', 70000);
	const struct {
		const char *name;
		struct str bytes;
		enum err_code code;
	} rows[] = {
		{"auth-2.pem", STR_INIT(""), ERR_INVALID},
		{"auth-2.pem", STR_INIT("x"), ERR_INVALID},
		{"auth-2.pem", cut, ERR_INVALID},
		{"auth-2.pem", joined(anchor_file("auth-2.pem"), good), ERR_INVALID},
		{"auth-2.pem", joined(anchor_file("auth-2.pem"), STR("x")), ERR_INVALID},
		{"auth-2.pem", str_make(large, 70000), ERR_LIMIT},
		{"auth-2.pem", leaf, ERR_INVALID},
		{"auth-2.pem", leaf_ca, ERR_INVALID},
		{"auth-2.pem", good, ERR_INVALID}, /* a key twice */
		{"sign-2.pem", good, ERR_INVALID}, /* in both stores */
		{"cv-1.bin", STR_INIT(""), ERR_INVALID},
		{"cv-1.bin", str_sub(cv, 0, cv.n - 1), ERR_INVALID},
		{"cv-1.bin", joined(cv, STR("x")), ERR_INVALID},
		{"cv-1.bin", str_make(even, cv.n), ERR_INVALID},
		{"cv-1.bin", replaced(cv, STR("\x90\x03\x01\x00\x01"), STR("\x90\x03\x00\x00\x03")),
			ERR_INVALID},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char name[32];
		(void)snprintf(name, sizeof name, "bad-%zu", i);
		char *folder = folder_with(name);
		put(folder, "auth-1.pem", good);
		put(folder, "sign-1.pem", anchor_file("sign-1.pem"));
		assert_int_equal(load(folder, true), OK);
		put(folder, rows[i].name, rows[i].bytes);
		enum err_code code = load(folder, true);
		if (code != rows[i].code)
			fail_msg("row %zu: %s", i, err_name(code));
		/* The words name the file: one of the two when they have one key. */
		if (!str_eq(rows[i].bytes, good))
			assert_non_null(strstr(err_detail(), rows[i].name));
	}
	char *folder = folder_with("cv-twice");
	put(folder, "auth-1.pem", good);
	put(folder, "sign-1.pem", anchor_file("sign-1.pem"));
	put(folder, "cv-1.bin", cv);
	assert_int_equal(load(folder, true), OK);
	put(folder, "cv-2.bin", cv);
	assert_int_equal(load(folder, true), ERR_INVALID);
}

static void test_counts(void **state)
{
	(void)state;
	for (int p384 = 0; p384 < 2; p384++) {
		struct anchors_conf conf = {fixture.anchor_folder, ANCHORS_SIMULATION, p384 == 1};
		struct anchors *anchors;
		assert_int_equal(anchors_load(&conf, &anchors).code, OK);
		assert_int_equal(anchors_count(anchors, CARD_AUTH), 2 + p384);
		assert_int_equal(anchors_count(anchors, CARD_SIGN), 2 + p384);
		assert_int_equal(anchors_p384(anchors), p384);
		assert_non_null(anchors_cv_key(anchors, str_sub(anchor_file("cv-1.bin"), 0, 16)));
		assert_null(anchors_cv_key(anchors, STR("0123456789abcdef")));
		assert_null(anchors_cv_key(anchors, STR("")));
		anchors_free(anchors);
	}
	anchors_free(NULL);
}

/* ---- issuers ---- */

/* By key: the three roots of a kind have one name. */
static void test_issuer(void **state)
{
	(void)state;
	for (int kind = 0; kind < CA_KIND_COUNT; kind++)
		for (int root = 0; root < CA_ROOT_COUNT; root++) {
			AUTO_CERT struct cert cert = {0}, of_root = {0};
			const struct anchor *anchor;
			enum card_kind found;
			struct str der;
			read_card(issue((enum ca_kind)kind, (enum ca_root)root, NULL), &cert);
			assert_int_equal(
				anchors_issuer(fixture.anchors, &cert, &anchor, &found).code, OK);
			assert_int_equal(found, kind == CA_AUTH ? CARD_AUTH : CARD_SIGN);
			assert_int_equal(ca_root_cert(&fixture.ca, &fixture.arena,
						 (enum ca_kind)kind, (enum ca_root)root, &der)
						 .code,
				OK);
			assert_int_equal(cert_parse(&fixture.arena, der, &of_root).code, OK);
			assert_memory_equal(
				anchor_spki_sha256(anchor), of_root.spki_sha256, SHA256_BYTES);
		}
}

static void stranger(struct ca_issued card, const struct anchors *anchors)
{
	AUTO_CERT struct cert cert = {0};
	const struct anchor *anchor = NULL;
	enum card_kind kind = CARD_KIND_COUNT;
	read_card(card, &cert);
	assert_int_equal(anchors_issuer(anchors, &cert, &anchor, &kind).code, ERR_NOT_FOUND);
	assert_null(anchor);
	assert_int_equal(kind, CARD_KIND_COUNT);
}

/* Signed by the root's key, under another name: the name must fit as well, though it chooses
 * nothing. */
static void test_other_name(void **state)
{
	(void)state;
	struct ca_issued card = issue(CA_AUTH, CA_ROOT_1, NULL);
	struct str pem = ca_file("auth/1/key.pem");
	const unsigned char *at = (const unsigned char *)card.cert.p;
	X509 *x509 = d2i_X509(NULL, &at, (long)card.cert.n);
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	X509_NAME *name = X509_NAME_new();
	assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
				 (const unsigned char *)"Somebody else", -1, -1, 0),
		1);
	assert_int_equal(X509_set_issuer_name(x509, name), 1);
	assert_true(X509_sign(x509, key, EVP_sha256()) > 0);
	unsigned char *der = NULL;
	int n = i2d_X509(x509, &der);
	card.cert = str_make((const char *)der, (size_t)n);
	stranger(card, fixture.anchors);
	OPENSSL_free(der);
	X509_NAME_free(name);
	EVP_PKEY_free(key);
	BIO_free(bio);
	X509_free(x509);
}

static void test_strangers(void **state)
{
	(void)state;
	/* Under the root's name, by its own key; by the root's key over SHA-1. */
	stranger(issue(CA_AUTH, CA_ROOT_1, &(struct ca_wrong){.self_signed = true}),
		fixture.anchors);
	stranger(issue(CA_AUTH, CA_ROOT_1, &(struct ca_wrong){.sha1 = true}), fixture.anchors);

	/* Another authority with the same names. */
	struct ca ours = fixture.ca;
	const char *dir = in_folder("other");
	assert_int_equal(ca_init(dir, NOW - 5 * YEAR).code, OK);
	assert_int_equal(ca_open(&fixture.arena, dir, &fixture.ca).code, OK);
	for (int root = 0; root < CA_ROOT_COUNT; root++) {
		stranger(issue(CA_AUTH, (enum ca_root)root, NULL), fixture.anchors);
		stranger(issue(CA_SIGN, (enum ca_root)root, NULL), fixture.anchors);
	}
	fixture.ca = ours;

	/* A root that is not loaded. */
	struct anchors_conf conf = {fixture.anchor_folder, ANCHORS_SIMULATION, false};
	struct anchors *anchors;
	assert_int_equal(anchors_load(&conf, &anchors).code, OK);
	stranger(issue(CA_AUTH, CA_ROOT_P384, NULL), anchors);
	anchors_free(anchors);
}

/* ---- policies and paths ---- */

static void test_policy(void **state)
{
	(void)state;
	static const struct {
		enum ca_kind kind;
		struct ca_wrong wrong;
		bool auth, sign, path_auth, path_sign;
	} rows[] = {
		{CA_AUTH, {0}, true, false, true, false},
		{CA_SIGN, {0}, false, true, false, true},
		{CA_AUTH, {.policy = "1.2.392.200149.8.5.1.0.20"}, false, true, false, true},
		{CA_SIGN, {.policy = "1.2.392.200149.8.5.1.0.30"}, true, false, true, false},
		{CA_AUTH, {.policy = "1.2.392.200149.8.5.1.3.30"}, false, false, false, false},
		{CA_SIGN, {.policy = "1.2.392.200149.8.5.1.1.20"}, false, false, false, false},
		{CA_AUTH, {.policy = "1.2.392.200149.8.5.1.0.30.1"}, false, false, false, false},
		{CA_AUTH, {.policy = "1.2.392.200149.8.5.1.0"}, false, false, false, false},
		{CA_AUTH, {.policy = "1.2.3.4"}, false, false, false, false},
		{CA_AUTH, {.no_policy = true}, false, false, false, false},
		/* anyPolicy is acceptable to RFC 5280's paths, and not to us. */
		{CA_AUTH, {.policy = "2.5.29.32.0"}, false, false, true, true},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		AUTO_CERT struct cert cert = {0};
		const struct anchor *anchor;
		enum card_kind kind;
		read_card(issue(rows[i].kind, CA_ROOT_1, &rows[i].wrong), &cert);
		assert_int_equal(anchors_issuer(fixture.anchors, &cert, &anchor, &kind).code, OK);
		bool auth = anchors_policy_fits(fixture.anchors, &cert, CARD_AUTH);
		bool sign = anchors_policy_fits(fixture.anchors, &cert, CARD_SIGN);
		if (auth != rows[i].auth || sign != rows[i].sign)
			fail_msg("row %zu: policy", i);
		err path = anchors_path(fixture.anchors, anchor, &cert, CARD_AUTH, NOW);
		assert_int_equal(path.code, rows[i].path_auth ? OK : ERR_INVALID);
		path = anchors_path(fixture.anchors, anchor, &cert, CARD_SIGN, NOW);
		assert_int_equal(path.code, rows[i].path_sign ? OK : ERR_INVALID);
	}
}

static void test_production_takes_no_simulation(void **state)
{
	(void)state;
	struct anchors_conf conf = {fixture.anchor_folder, ANCHORS_PRODUCTION, true};
	struct anchors *anchors;
	assert_int_equal(anchors_load(&conf, &anchors).code, OK);
	for (int kind = 0; kind < CA_KIND_COUNT; kind++) {
		AUTO_CERT struct cert cert = {0};
		const struct anchor *anchor;
		enum card_kind found;
		read_card(issue((enum ca_kind)kind, CA_ROOT_1, NULL), &cert);
		assert_int_equal(anchors_issuer(anchors, &cert, &anchor, &found).code, OK);
		for (int asked = 0; asked < CARD_KIND_COUNT; asked++) {
			assert_false(anchors_policy_fits(anchors, &cert, (enum card_kind)asked));
			assert_int_equal(
				anchors_path(anchors, anchor, &cert, (enum card_kind)asked, NOW)
					.code,
				ERR_INVALID);
		}
	}
	AUTO_CERT struct cert real = {0};
	const struct anchor *anchor;
	enum card_kind found;
	struct ca_wrong policy = {.policy = "1.2.392.200149.8.5.1.3.30"};
	read_card(issue(CA_AUTH, CA_ROOT_1, &policy), &real);
	assert_int_equal(anchors_issuer(anchors, &real, &anchor, &found).code, OK);
	assert_true(anchors_policy_fits(anchors, &real, CARD_AUTH));
	assert_int_equal(anchors_path(anchors, anchor, &real, CARD_AUTH, NOW).code, OK);
	anchors_free(anchors);
}

static void test_times(void **state)
{
	(void)state;
	static const struct {
		int64_t from, to, at;
		enum err_code code;
	} rows[] = {
		{NOW - YEAR, NOW + YEAR, NOW, OK},
		{NOW - YEAR, NOW - TIME_SECOND, NOW, ERR_DENIED},
		{NOW + TIME_SECOND, NOW + YEAR, NOW, ERR_DENIED},
		{NOW, NOW + YEAR, NOW, OK},
		{NOW, NOW + YEAR, NOW - 1, ERR_DENIED},
		{NOW - YEAR, NOW + TIME_SECOND, NOW + 999, OK},
		{NOW - YEAR, NOW, NOW, ERR_DENIED},
		{NOW - YEAR, NOW + YEAR, NOW + 2 * YEAR, ERR_DENIED},
		{NOW - YEAR, NOW + YEAR, 0, ERR_DENIED},
		/* The card outlives its root. */
		{NOW - YEAR, NOW + 10 * YEAR, NOW + 5 * YEAR, ERR_DENIED},
		/* It is older than its root. */
		{NOW - 30 * YEAR, NOW + YEAR, NOW - 25 * YEAR, ERR_DENIED},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		AUTO_CERT struct cert cert = {0};
		const struct anchor *anchor;
		enum card_kind kind;
		read_card(issue_from_to(CA_AUTH, rows[i].from, rows[i].to), &cert);
		assert_int_equal(anchors_issuer(fixture.anchors, &cert, &anchor, &kind).code, OK);
		err e = anchors_path(fixture.anchors, anchor, &cert, CARD_AUTH, rows[i].at);
		if (e.code != rows[i].code)
			fail_msg("row %zu: %s: %s", i, err_name(e.code), err_detail());
	}
}

/* A root of the same name is not on the path. */
static void test_path_of_another_root(void **state)
{
	(void)state;
	AUTO_CERT struct cert first = {0}, second = {0};
	const struct anchor *of_first, *of_second;
	enum card_kind kind;
	read_card(issue(CA_AUTH, CA_ROOT_1, NULL), &first);
	read_card(issue(CA_AUTH, CA_ROOT_2, NULL), &second);
	assert_int_equal(anchors_issuer(fixture.anchors, &first, &of_first, &kind).code, OK);
	assert_int_equal(anchors_issuer(fixture.anchors, &second, &of_second, &kind).code, OK);
	assert_ptr_not_equal(of_first, of_second);
	assert_int_equal(
		anchors_path(fixture.anchors, of_second, &first, CARD_AUTH, NOW).code, ERR_INVALID);
	assert_int_equal(
		anchors_path(fixture.anchors, of_second, &second, CARD_AUTH, NOW).code, OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_issuer),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_other_name),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_production_takes_no_simulation),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_path_of_another_root),
	};
	return cmocka_run_group_tests(tests, card_setup, card_teardown);
}

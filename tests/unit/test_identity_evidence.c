/* identity/evidence: each fault of a card's proof by its own code, the first one first. */
#include "identity/evidence.h"

#include "card_fixture.h"

#include <pthread.h>

#define STATEMENT STR("CLP1 AUTH\nrp=rp:test\norigin=https://portal.example\nnonce=x\n")

static struct evidence evidence_of(struct ca_issued card, enum evidence_method method)
{
	return (struct evidence){
		.method = method,
		.alg = CARD_RS256,
		.cert = card.cert,
		.statement = STATEMENT,
		.signature = sign_with(card.key, STATEMENT, false),
	};
}

static void expect_at(struct evidence evidence, const struct anchors *anchors, int64_t at,
	enum idv_error wanted, const char *what)
{
	AUTO_VERIFIED struct verified verified = {.not_after = 99};
	enum idv_error fault = IDV_ERROR_internal;
	assert_int_equal(
		evidence_check(&fixture.arena, anchors, &evidence, at, &verified, &fault).code, OK);
	if (fault != wanted)
		fail_msg("%s: %s (%s)", what, fault ? idv_errors[fault].name.p : "none",
			err_detail());
	if (fault != IDV_ERROR_NONE)
		assert_true(verified.not_after == 99 && !verified.cert.x509);
}

static void expect(struct evidence evidence, enum idv_error wanted, const char *what)
{
	expect_at(evidence, fixture.anchors, NOW, wanted, what);
}

static void test_right(void **state)
{
	(void)state;
	static const struct {
		enum ca_kind kind;
		enum ca_root root;
		enum evidence_method method;
	} rows[] = {
		{CA_AUTH, CA_ROOT_1, EVIDENCE_JPKI_AUTH},
		{CA_AUTH, CA_ROOT_2, EVIDENCE_JPKI_AUTH},
		{CA_SIGN, CA_ROOT_1, EVIDENCE_JPKI_SIGN},
		{CA_SIGN, CA_ROOT_P384, EVIDENCE_JPKI_SIGN},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		AUTO_VERIFIED struct verified verified = {0};
		enum idv_error fault;
		struct ca_issued card = issue(rows[i].kind, rows[i].root, NULL);
		struct evidence evidence = evidence_of(card, rows[i].method);
		if (rows[i].root == CA_ROOT_P384)
			evidence.alg = CARD_ES384;
		assert_int_equal(evidence_check(&fixture.arena, fixture.anchors, &evidence, NOW,
					 &verified, &fault)
					 .code,
			OK);
		assert_int_equal(fault, IDV_ERROR_NONE);
		assert_true(str_eq(verified.serial, str_lower(&fixture.arena, card.serial)));
		assert_true(verified.not_after == NOW + YEAR);
		assert_true(verified.subject.n == 64 && verified.issuer.n == 64 &&
			    verified.issuer_key.n == 64 && verified.spki.n == 64 &&
			    verified.cert_sha256.n == 64 && verified.evidence.n == 64);
		assert_true(str_eq(verified.cert_sha256, sha256_hex(&fixture.arena, card.cert)));
	}
}

/* The subject is the issuer's name and the serial, whatever key a root has. */
static void test_subject(void **state)
{
	(void)state;
	AUTO_VERIFIED struct verified verified = {0};
	enum idv_error fault;
	struct ca_issued card = issue(CA_AUTH, CA_ROOT_1, NULL);
	struct evidence evidence = evidence_of(card, EVIDENCE_JPKI_AUTH);
	assert_int_equal(
		evidence_check(&fixture.arena, fixture.anchors, &evidence, NOW, &verified, &fault)
			.code,
		OK);
	struct str parts = joined(joined(STR("card"), verified.cert.issuer), verified.cert.serial);
	assert_true(str_eq(verified.subject, sha256_hex(&fixture.arena, parts)));
	/* Other evidence, another digest of it. */
	struct str before = verified.evidence;
	evidence.statement = joined(STATEMENT, STR("more=1\n"));
	evidence.signature = sign_with(card.key, evidence.statement, false);
	AUTO_VERIFIED struct verified again = {0};
	assert_int_equal(
		evidence_check(&fixture.arena, fixture.anchors, &evidence, NOW, &again, &fault)
			.code,
		OK);
	assert_int_equal(fault, IDV_ERROR_NONE);
	assert_false(str_eq(before, again.evidence));
	assert_true(str_eq(verified.subject, again.subject));
}

static void test_kinds(void **state)
{
	(void)state;
	struct ca_issued auth = issue(CA_AUTH, CA_ROOT_1, NULL);
	struct ca_issued sign = issue(CA_SIGN, CA_ROOT_1, NULL);
	expect(evidence_of(auth, EVIDENCE_JPKI_SIGN), IDV_ERROR_cert_kind, "auth for basic4");
	expect(evidence_of(sign, EVIDENCE_JPKI_AUTH), IDV_ERROR_cert_kind, "sign for auth");
	/* The policy of one under the root of the other. */
	struct ca_wrong wrong = {.policy = "1.2.392.200149.8.5.1.0.20"};
	struct ca_issued odd = issue(CA_AUTH, CA_ROOT_1, &wrong);
	expect(evidence_of(odd, EVIDENCE_JPKI_AUTH), IDV_ERROR_cert_kind, "policy of sign");
	expect(evidence_of(odd, EVIDENCE_JPKI_SIGN), IDV_ERROR_cert_kind, "root of auth");
	wrong.policy = "1.2.392.200149.8.5.1.0.30";
	odd = issue(CA_SIGN, CA_ROOT_1, &wrong);
	expect(evidence_of(odd, EVIDENCE_JPKI_SIGN), IDV_ERROR_cert_kind, "policy of auth");
	expect(evidence_of(odd, EVIDENCE_JPKI_AUTH), IDV_ERROR_cert_kind, "root of sign");
	wrong.policy = "2.5.29.32.0";
	expect(evidence_of(issue(CA_AUTH, CA_ROOT_1, &wrong), EVIDENCE_JPKI_AUTH),
		IDV_ERROR_cert_kind, "any policy");
	wrong = (struct ca_wrong){.no_policy = true};
	expect(evidence_of(issue(CA_AUTH, CA_ROOT_1, &wrong), EVIDENCE_JPKI_AUTH),
		IDV_ERROR_cert_kind, "no policy");
	wrong = (struct ca_wrong){.policy = "1.2.392.200149.8.5.1.3.30"};
	expect(evidence_of(issue(CA_AUTH, CA_ROOT_1, &wrong), EVIDENCE_JPKI_AUTH),
		IDV_ERROR_cert_kind, "production's policy");
}

/* Who signs answers about cards is no card, though the same root has signed it. */
static void test_responder_as_card(void **state)
{
	(void)state;
	struct str der, pem = ca_file("auth/1/ocsp.cert.pem"),
			key_pem = ca_file("auth/ocsp.key.pem");
	assert_int_equal(cert_from_pem(&fixture.arena, pem, &der).code, OK);
	BIO *bio = BIO_new_mem_buf(key_pem.p, (int)key_pem.n);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	unsigned char *bytes = NULL;
	int n = i2d_PrivateKey(key, &bytes);
	struct ca_issued card = {der, str_make((const char *)bytes, (size_t)n), der};
	expect(evidence_of(card, EVIDENCE_JPKI_AUTH), IDV_ERROR_cert_kind, "the responder");
	OPENSSL_free(bytes);
	EVP_PKEY_free(key);
	BIO_free(bio);
}

/* Roots are shared by all threads that check. */
static void *check_many(void *arg)
{
	const struct evidence *evidence = arg;
	AUTO_ARENA arena;
	arena_init(&arena, 4u << 20);
	for (int i = 0; i < 40; i++) {
		AUTO_VERIFIED struct verified verified = {0};
		enum idv_error fault;
		if (failed(evidence_check(
			    &arena, fixture.anchors, evidence, NOW, &verified, &fault)) ||
			fault != IDV_ERROR_NONE)
			return arg;
	}
	return NULL;
}

static void test_threads(void **state)
{
	(void)state;
	struct evidence cards[4];
	pthread_t threads[4];
	/* Anchors that no thread has used before. */
	struct anchors *kept = fixture.anchors;
	struct anchors_conf conf = {fixture.anchor_folder, ANCHORS_SIMULATION, true};
	for (int i = 0; i < 4; i++) {
		enum ca_kind kind = i % 2 ? CA_SIGN : CA_AUTH;
		cards[i] = evidence_of(issue(kind, i < 2 ? CA_ROOT_1 : CA_ROOT_2, NULL),
			i % 2 ? EVIDENCE_JPKI_SIGN : EVIDENCE_JPKI_AUTH);
	}
	assert_int_equal(anchors_load(&conf, &fixture.anchors).code, OK);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, check_many, &cards[i]), 0);
	for (int i = 0; i < 4; i++) {
		void *wrong;
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
	anchors_free(fixture.anchors);
	fixture.anchors = kept;
}

static void test_malformed(void **state)
{
	(void)state;
	struct ca_issued card = issue(CA_AUTH, CA_ROOT_1, NULL);
	struct evidence evidence = evidence_of(card, EVIDENCE_JPKI_AUTH);
	evidence.cert = joined(card.cert, STR("\0"));
	expect(evidence, IDV_ERROR_cert_malformed, "trailing byte");
	evidence.cert = STR("");
	expect(evidence, IDV_ERROR_cert_malformed, "no certificate");
	evidence.cert = joined(
		joined(STR("\x30\x83\x00"), str_sub(card.cert, 2, 2)), str_skip(card.cert, 4));
	expect(evidence, IDV_ERROR_cert_malformed, "another encoding");
	evidence.cert = der_made(0x30, str_skip(card.cert, 4));
	expect(evidence, IDV_ERROR_NONE, "the same encoding");
	char *large = arena_alloc(&fixture.arena, 9000);
	memset(large, 0x30, 9000);
	evidence.cert = str_make(large, 9000);
	expect(evidence, IDV_ERROR_cert_malformed, "9000 bytes");

	static const struct ca_wrong wrongs[] = {{.ca = true}, {.version1 = true},
		{.unknown_critical = true}, {.no_key_usage = true}};
	for (size_t i = 0; i < COUNT(wrongs); i++)
		expect(evidence_of(issue(CA_AUTH, CA_ROOT_1, &wrongs[i]), EVIDENCE_JPKI_AUTH),
			IDV_ERROR_cert_malformed, "wrong profile");
	struct str root;
	assert_int_equal(
		ca_root_cert(&fixture.ca, &fixture.arena, CA_AUTH, CA_ROOT_1, &root).code, OK);
	struct ca_issued as_leaf = {root, ca_file("auth/1/key.pem"), root};
	evidence.cert = as_leaf.cert;
	expect(evidence, IDV_ERROR_cert_malformed, "the root as a card");
}

static void test_untrusted(void **state)
{
	(void)state;
	struct ca_wrong wrong = {.self_signed = true};
	expect(evidence_of(issue(CA_AUTH, CA_ROOT_1, &wrong), EVIDENCE_JPKI_AUTH),
		IDV_ERROR_cert_untrusted, "by its own key");
	wrong = (struct ca_wrong){.sha1 = true};
	expect(evidence_of(issue(CA_AUTH, CA_ROOT_1, &wrong), EVIDENCE_JPKI_AUTH),
		IDV_ERROR_cert_untrusted, "over SHA-1");
	struct ca ours = fixture.ca;
	const char *dir = in_folder("other");
	assert_int_equal(ca_init(dir, NOW - 5 * YEAR).code, OK);
	assert_int_equal(ca_open(&fixture.arena, dir, &fixture.ca).code, OK);
	struct ca_issued stranger = issue(CA_AUTH, CA_ROOT_1, NULL);
	fixture.ca = ours;
	expect(evidence_of(stranger, EVIDENCE_JPKI_AUTH), IDV_ERROR_cert_untrusted,
		"another authority with the same names");
	/* It is strange before it is of the wrong kind. */
	expect(evidence_of(stranger, EVIDENCE_JPKI_SIGN), IDV_ERROR_cert_untrusted,
		"another authority, another kind");
}

static void test_times(void **state)
{
	(void)state;
	expect(evidence_of(issue_from_to(CA_AUTH, NOW - YEAR, NOW - TIME_DAY), EVIDENCE_JPKI_AUTH),
		IDV_ERROR_cert_expired, "expired");
	expect(evidence_of(issue_from_to(CA_AUTH, NOW + TIME_DAY, NOW + YEAR), EVIDENCE_JPKI_AUTH),
		IDV_ERROR_cert_expired, "not valid yet");
	expect(evidence_of(issue_from_to(CA_SIGN, NOW - YEAR, NOW - TIME_DAY), EVIDENCE_JPKI_AUTH),
		IDV_ERROR_cert_kind, "expired, and of another kind");
	struct ca_issued card = issue(CA_AUTH, CA_ROOT_1, NULL);
	expect_at(evidence_of(card, EVIDENCE_JPKI_AUTH), fixture.anchors, NOW + 2 * YEAR,
		IDV_ERROR_cert_expired, "later");
}

static void test_keys(void **state)
{
	(void)state;
	static const struct ca_wrong wrongs[] = {
		{.rsa_bits = 1024}, {.rsa_exponent = 3}, {.key_usage = 0x20}, {.key_usage = 0x40}};
	for (size_t i = 0; i < COUNT(wrongs); i++)
		/* OpenSSL's own path refuses a short key first, and that is as well. */
		expect(evidence_of(issue(CA_AUTH, CA_ROOT_1, &wrongs[i]), EVIDENCE_JPKI_AUTH),
			wrongs[i].rsa_bits ? IDV_ERROR_cert_untrusted : IDV_ERROR_cert_kind, "key");
	struct ca_wrong half = {.key_usage = 0x80};
	expect(evidence_of(issue(CA_SIGN, CA_ROOT_1, &half), EVIDENCE_JPKI_SIGN),
		IDV_ERROR_cert_kind, "a signing certificate without nonRepudiation");

	struct ca_issued p384 = issue(CA_AUTH, CA_ROOT_P384, NULL);
	struct evidence evidence = evidence_of(p384, EVIDENCE_JPKI_AUTH);
	evidence.alg = CARD_ES384;
	expect(evidence, IDV_ERROR_NONE, "P-384");
	struct anchors_conf conf = {fixture.anchor_folder, ANCHORS_SIMULATION, false};
	struct anchors *without;
	assert_int_equal(anchors_load(&conf, &without).code, OK);
	expect_at(evidence, without, NOW, IDV_ERROR_cert_untrusted, "P-384 that is not enabled");
	anchors_free(without);
}

static void test_signatures(void **state)
{
	(void)state;
	struct ca_issued card = issue(CA_AUTH, CA_ROOT_1, NULL);
	struct ca_issued other = issue(CA_AUTH, CA_ROOT_1, NULL);
	struct evidence right = evidence_of(card, EVIDENCE_JPKI_AUTH), evidence = right;
	evidence.signature = sign_with(other.key, STATEMENT, false);
	expect(evidence, IDV_ERROR_sig_invalid, "another card");
	evidence.signature = sign_with(card.key, STATEMENT, true);
	expect(evidence, IDV_ERROR_sig_invalid, "PSS");
	evidence.signature = STR("");
	expect(evidence, IDV_ERROR_sig_invalid, "none");
	evidence = right;
	evidence.alg = CARD_ES384;
	expect(evidence, IDV_ERROR_sig_invalid, "another algorithm");
	static const struct str statements[] = {
		STR_INIT("CLP1 AUTH\nrp=rp:test\norigin=https://other.example\nnonce=x\n"),
		STR_INIT("CLP1 AUTH\nrp=rp:test\norigin=https://portal.example\nnonce=y\n"),
		STR_INIT("CLP1 BASIC4\nrp=rp:test\norigin=https://portal.example\nnonce=x\n"),
		STR_INIT(""),
	};
	for (size_t i = 0; i < COUNT(statements); i++) {
		evidence = right;
		evidence.statement = statements[i];
		expect(evidence, IDV_ERROR_sig_invalid, "another statement");
	}
}

/* ---- the four items of a certificate ---- */

static enum idv_error items_of(const struct ca_wrong *wrong, struct basic4 *out)
{
	AUTO_VERIFIED struct verified verified = {0};
	enum idv_error fault;
	struct evidence evidence =
		evidence_of(issue(CA_SIGN, CA_ROOT_1, wrong), EVIDENCE_JPKI_SIGN);
	assert_int_equal(
		evidence_check(&fixture.arena, fixture.anchors, &evidence, NOW, &verified, &fault)
			.code,
		OK);
	assert_int_equal(fault, IDV_ERROR_NONE);
	assert_int_equal(evidence_basic4(&fixture.arena, &verified, out, &fault).code, OK);
	return fault;
}

static void test_items(void **state)
{
	(void)state;
	struct basic4 out;
	assert_int_equal(items_of(NULL, &out), IDV_ERROR_NONE);
	assert_true(str_eq(out.name, somebody.name) && str_eq(out.address, somebody.address));
	assert_true(out.year == 1999 && out.month == 12 && out.day == 31 && out.sex == 2);
	assert_true(str_eq(out.name_subst, STR("00000")));
	assert_int_equal(items_of(&(struct ca_wrong){.item_more = true}, &out), IDV_ERROR_NONE);
	/* Places: name, birth, sex, address, substitutes of name and address. */
	for (unsigned i = 0; i < 6; i++) {
		struct ca_wrong missing = {.item_missing = 1u << i};
		assert_int_equal(items_of(&missing, &out),
			i < 4 ? IDV_ERROR_basic4_malformed : IDV_ERROR_NONE);
		struct ca_wrong twice = {.item_double = 1u << i};
		assert_int_equal(items_of(&twice, &out), IDV_ERROR_basic4_malformed);
	}
	struct ca_wrong type = {.item_bmp = 1};
	assert_int_equal(items_of(&type, &out), IDV_ERROR_basic4_malformed);
	static const struct {
		unsigned place;
		struct str text;
		enum idv_error fault;
	} rows[] = {
		{1, STR_INIT("919991231"), IDV_ERROR_NONE},
		{1, STR_INIT("419990000"), IDV_ERROR_NONE},
		{1, STR_INIT("419991301"), IDV_ERROR_basic4_malformed},
		{1, STR_INIT("419990230"), IDV_ERROR_basic4_malformed},
		{2, STR_INIT("4"), IDV_ERROR_basic4_malformed},
		{0, STR_INIT("a\x01"), IDV_ERROR_basic4_malformed},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ca_wrong wrong = {.item_missing = 1u << 4};
		wrong.item_text[rows[i].place] = rows[i].text;
		if (items_of(&wrong, &out) != rows[i].fault)
			fail_msg("row %zu", i);
	}
}

static void test_auth_has_no_items(void **state)
{
	(void)state;
	AUTO_VERIFIED struct verified verified = {0};
	struct basic4 out = {.year = 7};
	enum idv_error fault;
	struct evidence evidence = evidence_of(issue(CA_AUTH, CA_ROOT_1, NULL), EVIDENCE_JPKI_AUTH);
	assert_int_equal(
		evidence_check(&fixture.arena, fixture.anchors, &evidence, NOW, &verified, &fault)
			.code,
		OK);
	assert_int_equal(evidence_basic4(&fixture.arena, &verified, &out, &fault).code, OK);
	assert_int_equal(fault, IDV_ERROR_cert_kind);
	assert_int_equal(out.year, 7);
}

static int64_t worked_us(void)
{
	struct timespec used;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

/* How long it works; measured and said, and no test. */
static void test_time_is_said(void **state)
{
	(void)state;
	enum { ROUNDS = 50 };
	for (int p384 = 0; p384 < 2; p384++) {
		struct ca_issued card = issue(CA_SIGN, p384 ? CA_ROOT_P384 : CA_ROOT_2, NULL);
		struct evidence evidence = evidence_of(card, EVIDENCE_JPKI_SIGN);
		evidence.alg = p384 ? CARD_ES384 : CARD_RS256;
		int64_t began = worked_us();
		for (int i = 0; i < ROUNDS; i++) {
			AUTO_VERIFIED struct verified verified = {0};
			struct basic4 out;
			enum idv_error fault;
			assert_int_equal(evidence_check(&fixture.arena, fixture.anchors, &evidence,
						 NOW, &verified, &fault)
						 .code,
				OK);
			assert_int_equal(
				evidence_basic4(&fixture.arena, &verified, &out, &fault).code, OK);
			assert_int_equal(fault, IDV_ERROR_NONE);
		}
		print_message("%s: %lld us of work each, without asking about revocation\n",
			p384 ? "P-384" : "RSA-2048", (long long)((worked_us() - began) / ROUNDS));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_subject),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_responder_as_card),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_untrusted),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_auth_has_no_items),
		cmocka_unit_test(test_time_is_said),
	};
	return cmocka_run_group_tests(tests, card_setup, card_teardown);
}

/* crypto/crl: which lists of revoked certificates count, and what they say. */
#include "crypto/crl.h"

#include "base/limits.h"
#include "card_fixture.h"

#include <openssl/x509v3.h>
#include <sys/stat.h>

#define DAY TIME_DAY

/* A folder with the roots of the authority, and no list. */
static char folder[PATH_MAX];
static struct anchors *anchors;
static struct ca_issued card;
static struct cert cert;
static const struct anchor *anchor;

static const char *list_path(const char *name)
{
	return str_c(&fixture.arena, str_fmt(&fixture.arena, "%s/crl-%s.der", folder, name));
}

/* What a list made by hand has; zero: as it should be. */
struct plan {
	const char *key;  /* "auth/1": whose key signs, and whose name stands in it */
	const char *name; /* whose name, when another */
	int64_t this, next;
	bool no_next, version1, critical, delta, sha1;
	struct str serial; /* of the one that is in it; absent: none */
	int reason;        /* 0: not said */
	size_t bytes;      /* the list is to have, by an extension that says nothing */
};

static ASN1_TIME *time_of(int64_t at)
{
	ASN1_TIME *time = ASN1_TIME_new();
	assert_non_null(X509_time_adj_ex(time, 0, 0, &(time_t){(time_t)(at / 1000)}));
	return time;
}

static X509 *root_of(const char *name)
{
	struct str pem =
		ca_file(str_c(&fixture.arena, str_fmt(&fixture.arena, "%s/cert.pem", name)));
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	X509 *root = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	BIO_free(bio);
	assert_non_null(root);
	return root;
}

static void add_entry(X509_CRL *crl, const struct plan *plan)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	BIGNUM *number =
		BN_bin2bn((const unsigned char *)plan->serial.p, (int)plan->serial.n, NULL);
	ASN1_INTEGER *serial = BN_to_ASN1_INTEGER(number, NULL);
	ASN1_TIME *at = time_of(NOW - DAY);
	X509_REVOKED_set_serialNumber(entry, serial);
	X509_REVOKED_set_revocationDate(entry, at);
	if (plan->reason) {
		ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
		ASN1_ENUMERATED_set(reason, plan->reason);
		X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0);
		ASN1_ENUMERATED_free(reason);
	}
	X509_CRL_add0_revoked(crl, entry);
	ASN1_TIME_free(at);
	ASN1_INTEGER_free(serial);
	BN_free(number);
}

static void add_extension(X509_CRL *crl, int nid, bool critical, size_t n)
{
	char *bytes = arena_alloc(&fixture.arena, n);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	ASN1_OCTET_STRING_set(value, (unsigned char *)bytes, (int)n);
	X509_EXTENSION *one = X509_EXTENSION_create_by_NID(NULL, nid, critical, value);
	X509_CRL_add_ext(crl, one, -1);
	X509_EXTENSION_free(one);
	ASN1_OCTET_STRING_free(value);
}

static struct str crl_made(const struct plan *plan, size_t more)
{
	const char *by = plan->key ? plan->key : "auth/1";
	struct str pem = ca_file(str_c(&fixture.arena, str_fmt(&fixture.arena, "%s/key.pem", by)));
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	BIO_free(bio);
	X509 *root = root_of(plan->name ? plan->name : by);
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *this = time_of(plan->this ? plan->this : NOW);
	ASN1_TIME *next = time_of(plan->next ? plan->next : NOW + DAY);
	X509_CRL_set_version(crl, plan->version1 ? X509_CRL_VERSION_1 : X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(root));
	X509_CRL_set1_lastUpdate(crl, this);
	if (!plan->no_next)
		X509_CRL_set1_nextUpdate(crl, next);
	if (!str_absent(plan->serial))
		add_entry(crl, plan);
	if (plan->critical)
		add_extension(crl, NID_issuing_distribution_point, true, 2);
	if (plan->delta)
		add_extension(crl, NID_delta_crl, true, 3);
	if (more)
		add_extension(crl, NID_netscape_comment, false, more);
	X509_CRL_sign(crl, key, plan->sha1 ? EVP_sha1() : EVP_sha256());
	unsigned char *der = NULL;
	int n = i2d_X509_CRL(crl, &der);
	struct str out = str_dup(&fixture.arena, str_make((const char *)der, (size_t)n));
	OPENSSL_free(der);
	ASN1_TIME_free(this);
	ASN1_TIME_free(next);
	X509_CRL_free(crl);
	X509_free(root);
	EVP_PKEY_free(key);
	return out;
}

static struct str made(struct plan plan)
{
	if (!plan.bytes)
		return crl_made(&plan, 0);
	size_t more = plan.bytes - 1000;
	more += plan.bytes - crl_made(&plan, more).n;
	struct str out = crl_made(&plan, more);
	assert_int_equal(out.n, plan.bytes);
	return out;
}

static err check(struct revocation *out)
{
	return crl_check(anchors, anchor, &cert, NOW, out);
}

/* The only list there is. */
static enum err_code with(struct plan plan, struct revocation *out)
{
	put_file(list_path("a"), made(plan));
	err e = check(out);
	assert_int_equal(unlink(list_path("a")), 0);
	return e.code;
}

static void counts(struct plan plan, const char *what)
{
	struct revocation out;
	if (with(plan, &out) != OK)
		fail_msg("%s: %s", what, err_detail());
	assert_int_equal(out.status, REVOCATION_GOOD);
	plan.serial = cert.serial;
	assert_int_equal(with(plan, &out), OK);
	assert_int_equal(out.status, REVOCATION_REVOKED);
}

static void does_not_count(struct plan plan, const char *what)
{
	struct revocation out = {.reason = 99};
	plan.serial = cert.serial;
	if (with(plan, &out) != ERR_NOT_FOUND)
		fail_msg("%s counts", what);
	assert_int_equal(out.reason, 99);
}

static void test_lists(void **state)
{
	(void)state;
	counts((struct plan){0}, "as it should be");
	counts((struct plan){.this = NOW - 26 * TIME_HOUR}, "26 hours old");
	does_not_count((struct plan){.this = NOW - 26 * TIME_HOUR - TIME_SECOND}, "an older one");
	counts((struct plan){.this = NOW + 120 * TIME_SECOND}, "two minutes ahead");
	does_not_count((struct plan){.this = NOW + 121 * TIME_SECOND}, "one of the future");
	counts((struct plan){.next = NOW}, "over now");
	does_not_count((struct plan){.next = NOW - TIME_SECOND}, "one that is over");
	does_not_count((struct plan){.no_next = true}, "one without an end");
	does_not_count((struct plan){.key = "auth/2"}, "one of another root of the same name");
	does_not_count((struct plan){.key = "auth/2", .name = "auth/1"}, "by another root's key");
	does_not_count((struct plan){.key = "sign/1"}, "one of the other hierarchy");
	does_not_count((struct plan){.key = "sign/1", .name = "auth/1"}, "by the other hierarchy");
	does_not_count((struct plan){.name = "sign/1"}, "under the other hierarchy's name");
	does_not_count((struct plan){.critical = true}, "a list of a part");
	does_not_count((struct plan){.delta = true}, "a list of changes");
	does_not_count((struct plan){.sha1 = true}, "over SHA-1");
}

static void test_files(void **state)
{
	(void)state;
	struct revocation out;
	struct str good = made((struct plan){0});
	const struct str none[] = {
		STR(""),
		STR("x"),
		str_sub(good, 0, good.n - 1),
		joined(good, STR("\0")),
		made((struct plan){.version1 = true}),
	};
	assert_int_equal(check(&out).code, ERR_NOT_FOUND);
	for (size_t i = 0; i < COUNT(none); i++) {
		put_file(list_path("a"), none[i]);
		if (check(&out).code != ERR_NOT_FOUND)
			fail_msg("row %zu counts", i);
		/* A bad one beside a good one takes nothing from it. */
		put_file(list_path("b"), good);
		assert_int_equal(check(&out).code, OK);
		assert_int_equal(unlink(list_path("b")), 0);
	}
	assert_int_equal(unlink(list_path("a")), 0);
	assert_int_equal(mkdir(list_path("a"), 0700), 0);
	assert_int_equal(check(&out).code, ERR_NOT_FOUND);
	assert_int_equal(rmdir(list_path("a")), 0);
}

static void test_every_byte_counts(void **state)
{
	(void)state;
	struct str good = made((struct plan){.serial = STR("\x01\x02\x03")});
	char *bytes = arena_alloc(&fixture.arena, good.n);
	memcpy(bytes, good.p, good.n);
	for (size_t i = 0; i < good.n; i++) {
		struct revocation out;
		unsigned mask = 1u << i % 8;
		bytes[i] = (char)((unsigned char)bytes[i] ^ mask);
		put_file(list_path("a"), str_make(bytes, good.n));
		if (!failed(check(&out)))
			fail_msg("byte %zu of %zu does not count", i, good.n);
		bytes[i] = (char)((unsigned char)bytes[i] ^ mask);
		/* Another file each time, so that none is taken for the one before. */
		assert_int_equal(unlink(list_path("a")), 0);
	}
}

static void test_size(void **state)
{
	(void)state;
	for (size_t n = LIMIT_CRL - 1; n <= LIMIT_CRL + 1; n++) {
		/* Memory of its own: these lists are large. */
		struct arena kept = fixture.arena;
		arena_init(&fixture.arena, (size_t)1 << 30);
		if (n <= LIMIT_CRL)
			counts((struct plan){.bytes = n}, "up to the limit");
		else
			does_not_count((struct plan){.bytes = n}, "above the limit");
		arena_release(&fixture.arena);
		fixture.arena = kept;
	}
}

/* Exchanged while the program runs. */
static void test_exchanged(void **state)
{
	(void)state;
	struct revocation out;
	put_file(list_path("a"), made((struct plan){0}));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(check(&out).code, OK);
		assert_int_equal(out.status, REVOCATION_GOOD);
	}
	put_file(list_path("new"), made((struct plan){.serial = cert.serial, .reason = 5}));
	assert_int_equal(rename(list_path("new"), list_path("a")), 0);
	assert_int_equal(check(&out).code, OK);
	assert_int_equal(out.status, REVOCATION_REVOKED);
	assert_int_equal(out.reason, 5);
	assert_true(out.revoked_at == NOW - DAY);
	/* Of two that count, one is enough to be revoked by. */
	put_file(list_path("b"), made((struct plan){0}));
	assert_int_equal(check(&out).code, OK);
	assert_int_equal(out.status, REVOCATION_REVOKED);
	assert_int_equal(unlink(list_path("a")), 0);
	assert_int_equal(check(&out).code, OK);
	assert_int_equal(out.status, REVOCATION_GOOD);
	assert_int_equal(unlink(list_path("b")), 0);
	assert_int_equal(check(&out).code, ERR_NOT_FOUND);
}

static const char *junk_path(int i)
{
	return list_path(str_c(&fixture.arena, str_fmt(&fixture.arena, "junk-%d", i)));
}

static void test_number(void **state)
{
	(void)state;
	struct revocation out;
	put_file(list_path("a"), made((struct plan){0}));
	for (int i = 0; i < LIMIT_CRL_LISTS; i++) {
		if (i >= LIMIT_CRL_LISTS - 2)
			assert_int_equal(check(&out).code, OK);
		put_file(junk_path(i), STR("no list"));
	}
	assert_int_equal(check(&out).code, ERR_UNAVAILABLE);
	assert_int_equal(check(&out).code, ERR_UNAVAILABLE);
	for (int i = 0; i < LIMIT_CRL_LISTS; i++) {
		assert_int_equal(unlink(junk_path(i)), 0);
		if (i % 100 == 0)
			assert_int_equal(check(&out).code, OK);
	}
	assert_int_equal(unlink(list_path("a")), 0);
	assert_int_equal(check(&out).code, ERR_NOT_FOUND);
}

static void test_entries(void **state)
{
	(void)state;
	struct revocation out;
	assert_int_equal(with((struct plan){.serial = cert.serial}, &out), OK);
	assert_int_equal(out.status, REVOCATION_REVOKED);
	assert_int_equal(out.reason, -1);
	/* "Taken from the list" belongs into lists of changes. */
	assert_int_equal(with((struct plan){.serial = cert.serial, .reason = 8}, &out), OK);
	assert_int_equal(out.status, REVOCATION_REVOKED);
	assert_int_equal(with((struct plan){.serial = STR("\x01")}, &out), OK);
	assert_int_equal(out.status, REVOCATION_GOOD);
	assert_int_equal(with((struct plan){.serial = str_skip(cert.serial, 1)}, &out), OK);
	assert_int_equal(out.status, REVOCATION_GOOD);
	assert_int_equal(with((struct plan){.serial = joined(cert.serial, STR("\0"))}, &out), OK);
	assert_int_equal(out.status, REVOCATION_GOOD);
}

/* As the simulated authority makes them, in its own folder of anchors. */
static void test_simulated(void **state)
{
	(void)state;
	struct revocation out;
	struct ca_issued gone = issue(CA_AUTH, CA_ROOT_P384, NULL);
	AUTO_CERT struct cert read = {0};
	const struct anchor *issuer;
	enum card_kind kind;
	assert_int_equal(cert_read(&fixture.arena, gone.cert, &read).code, OK);
	assert_int_equal(anchors_issuer(fixture.anchors, &read, &issuer, &kind).code, OK);
	assert_int_equal(crl_check(fixture.anchors, issuer, &read, NOW, &out).code, ERR_NOT_FOUND);
	struct str der;
	assert_int_equal(
		ca_crl(&fixture.ca, &fixture.arena, CA_AUTH, CA_ROOT_P384, NOW, &der).code, OK);
	assert_int_equal(crl_check(fixture.anchors, issuer, &read, NOW, &out).code, OK);
	assert_int_equal(out.status, REVOCATION_GOOD);
	assert_int_equal(ca_revoke(&fixture.ca, gone.serial, CA_AFFILIATION, NOW).code, OK);
	assert_int_equal(
		ca_crl(&fixture.ca, &fixture.arena, CA_AUTH, CA_ROOT_P384, NOW, &der).code, OK);
	assert_int_equal(crl_check(fixture.anchors, issuer, &read, NOW, &out).code, OK);
	assert_int_equal(out.status, REVOCATION_REVOKED);
	assert_int_equal(out.reason, CA_AFFILIATION);
	/* It says nothing about cards of the other roots. */
	assert_int_equal(crl_check(fixture.anchors, anchor, &cert, NOW, &out).code, ERR_NOT_FOUND);
}

static void copy_root(const char *name)
{
	put_file(str_c(&fixture.arena, str_fmt(&fixture.arena, "%s/%s", folder, name)),
		get_file(str_c(&fixture.arena,
			str_fmt(&fixture.arena, "%s/%s", fixture.anchor_folder, name))));
}

static int set_up(void **state)
{
	enum card_kind kind;
	if (card_setup(state))
		return -1;
	(void)snprintf(folder, sizeof folder, "%s/lists", fixture.folder);
	if (mkdir(folder, 0700) != 0)
		return -1;
	copy_root("auth-1.pem");
	copy_root("auth-2.pem");
	copy_root("sign-1.pem");
	struct anchors_conf conf = {folder, ANCHORS_SIMULATION, true};
	card = issue(CA_AUTH, CA_ROOT_1, NULL);
	return failed(anchors_load(&conf, &anchors)) ||
	       failed(cert_read(&fixture.arena, card.cert, &cert)) ||
	       failed(anchors_issuer(anchors, &cert, &anchor, &kind));
}

static int tear_down(void **state)
{
	cert_release(&cert);
	anchors_free(anchors);
	return card_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_every_byte_counts),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_exchanged),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_simulated),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

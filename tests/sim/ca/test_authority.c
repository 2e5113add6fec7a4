/* sim/ca: folders that are no authority, issue, revocation, and lists, with what each refuses. */
#include "folder.h"

#include "base/time.h"
#include "sim/ca/folder.h"
#include "sim/ca/ssl.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

static X509 *cert_of(struct str der)
{
	const unsigned char *at = (const unsigned char *)der.p;
	X509 *cert = d2i_X509(NULL, &at, (long)der.n);
	assert_non_null(cert);
	assert_ptr_equal(at, der.p + der.n);
	return cert;
}

static struct ca_issued issue(enum ca_kind kind, enum ca_root root)
{
	struct ca_person person = person_right();
	struct ca_request request = request_right(kind, root, &person);
	struct ca_issued issued;
	assert_int_equal(ca_issue(&authority, &test_arena, &request, &issued).code, OK);
	return issued;
}

static void test_init(void **state)
{
	(void)state;
	/* Refused, and nothing is left behind. */
	assert_int_equal(ca_init(authority_path("ca"), NOW).code, ERR_CONFLICT);
	assert_int_equal(mkdir(authority_path("full"), 0700), 0);
	assert_int_equal(mkdir(authority_path("full/x"), 0700), 0);
	assert_int_equal(ca_init(authority_path("full"), NOW).code, ERR_CONFLICT);
	assert_int_equal(rmdir(authority_path("full/x")), 0);
	assert_int_equal(ca_init(authority_path("none/there"), NOW).code, ERR_UNAVAILABLE);
	assert_int_equal(ca_init("", NOW).code, ERR_INVALID);
	char path[5000];
	memset(path, 'a', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	assert_int_equal(ca_init(path, NOW).code, ERR_INVALID);
	/* An empty folder is taken. */
	struct ca other;
	const char *slash = authority_path("full/");
	assert_int_equal(ca_init(slash, NOW).code, OK);
	assert_int_equal(ca_open(&test_arena, slash, &other).code, OK);
	assert_int_equal(rename(authority_path("full"), authority_path("other")), 0);
}

static enum err_code open_with(const char *index)
{
	struct ca ca;
	const char *dir = authority_path("broken");
	if (access(dir, F_OK) != 0)
		assert_int_equal(mkdir(dir, 0700), 0);
	const char *path = authority_path("broken/index.tsv");
	assert_int_equal(folder_write(path, str_of(index), 0644).code, OK);
	return ca_open(&test_arena, dir, &ca).code;
}

#define HEAD "simca\t1\t0\n"

static void test_open(void **state)
{
	(void)state;
	struct ca ca;
	assert_int_equal(ca_open(&test_arena, authority_path("nothing"), &ca).code, ERR_NOT_FOUND);
	assert_int_equal(mkdir(authority_path("dir"), 0700), 0);
	assert_int_equal(mkdir(authority_path("dir/index.tsv"), 0700), 0);
	assert_int_equal(ca_open(&test_arena, authority_path("dir"), &ca).code, ERR_INVALID);
	static const char *const right[] = {HEAD, HEAD "AA\tauth\t1\tgood\t0\t1\t2\tcn\n",
		HEAD "AA\tsign\tp384\tsuperseded\t3\t-1\t2\t\n"};
	static const char *const wrong[] = {"", "simca\t1\t0", "simca\t2\t0\n", "other\t1\t0\n",
		"simca\t1\n", "simca\t1\t0\t0\n", "simca\t1\tx\n",
		HEAD "AA\tauth\t1\tgood\t0\t1\t2\tcn", HEAD "\tauth\t1\tgood\t0\t1\t2\tcn\n",
		HEAD "AA\tother\t1\tgood\t0\t1\t2\tcn\n", HEAD "AA\tauth\t3\tgood\t0\t1\t2\tcn\n",
		HEAD "AA\tauth\t1\tbad\t0\t1\t2\tcn\n", HEAD "AA\tauth\t1\tgood\tx\t1\t2\tcn\n",
		HEAD "AA\tauth\t1\tgood\t0\tx\t2\tcn\n", HEAD "AA\tauth\t1\tgood\t0\t1\tx\tcn\n",
		HEAD "AA\tauth\t1\tgood\t0\t1\t2\n", HEAD "AA\tauth\t1\tgood\t0\t1\t2\tcn\tmore\n",
		HEAD "\n"};
	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		assert_int_equal(open_with(right[i]), OK);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(open_with(wrong[i]), ERR_INVALID);
	AUTO_ARENA arena;
	arena_init(&arena, 8u << 20);
	char *large = arena_alloc(&arena, FOLDER_FILE_MAX + 2);
	memset(large, 'x', FOLDER_FILE_MAX + 1);
	assert_int_equal(open_with(large), ERR_LIMIT);
}

static void test_words(void **state)
{
	(void)state;
	enum ca_kind kind;
	enum ca_root root;
	enum ca_reason reason;
	assert_int_equal(ca_kind_of(STR("sign"), &kind).code, OK);
	assert_int_equal(kind, CA_SIGN);
	assert_int_equal(ca_kind_of(STR("Sign"), &kind).code, ERR_INVALID);
	assert_int_equal(ca_root_of(STR("p384"), &root).code, OK);
	assert_int_equal(root, CA_ROOT_P384);
	assert_int_equal(ca_root_of(STR("0"), &root).code, ERR_INVALID);
	assert_int_equal(ca_reason_of(STR("cessationOfOperation"), &reason).code, OK);
	assert_int_equal(reason, CA_CESSATION);
	assert_int_equal(ca_reason_of(STR(""), &reason).code, ERR_INVALID);
	assert_string_equal(ca_reason_name((enum ca_reason)2), "");
	assert_string_equal(ca_reason_name((enum ca_reason)99), "");
}

static enum err_code try_issue(const struct ca_request *request)
{
	struct ca_issued issued = {.serial = STR("untouched")};
	enum err_code code = ca_issue(&authority, &test_arena, request, &issued).code;
	if (code != OK)
		assert_true(str_eq(issued.serial, STR("untouched")));
	return code;
}

static void test_issue_refused(void **state)
{
	(void)state;
	struct ca_person person = person_right();
	struct ca_request request = request_right(CA_SIGN, CA_ROOT_P384, &person);
	const struct ca_entry *entries;
	size_t before, after;
	assert_int_equal(ca_list(&authority, &test_arena, &entries, &before).code, OK);
	request.not_after = request.not_before;
	assert_int_equal(try_issue(&request), ERR_INVALID);
	request.not_after = INT64_C(253402300800000); /* the year 10000 */
	assert_int_equal(try_issue(&request), ERR_INVALID);
	request = request_right(CA_SIGN, CA_ROOT_P384, &person);
	request.not_before = INT64_C(-631152000001); /* the year 1949 */
	assert_int_equal(try_issue(&request), ERR_INVALID);
	request = request_right(CA_KIND_COUNT, CA_ROOT_1, &person);
	assert_int_equal(try_issue(&request), ERR_INVALID);
	request = request_right(CA_AUTH, CA_ROOT_COUNT, &person);
	assert_int_equal(try_issue(&request), ERR_INVALID);
	person.sex = 9;
	request = request_right(CA_AUTH, CA_ROOT_P384, &person);
	assert_int_equal(try_issue(&request), ERR_INVALID);
	assert_int_equal(ca_list(&authority, &test_arena, &entries, &after).code, OK);
	assert_int_equal(before, after);
}

static void test_issue_term(void **state)
{
	(void)state;
	struct ca_person person = person_right();
	struct ca_request request = request_right(CA_AUTH, CA_ROOT_P384, &person);
	struct ca_issued issued;
	request.not_before = INT64_C(-631152000000);  /* 1950 */
	request.not_after = INT64_C(253402300799000); /* 9999 */
	assert_int_equal(ca_issue(&authority, &test_arena, &request, &issued).code, OK);
	X509 *cert = cert_of(issued.cert);
	assert_int_equal(X509_get0_notBefore(cert)->type, V_ASN1_UTCTIME);
	assert_string_equal(X509_get0_notBefore(cert)->data, "500101000000Z");
	assert_int_equal(X509_get0_notAfter(cert)->type, V_ASN1_GENERALIZEDTIME);
	assert_string_equal(X509_get0_notAfter(cert)->data, "99991231235959Z");
	X509_free(cert);
}

static void test_issue(void **state)
{
	(void)state;
	for (int i = 0; i < CA_KIND_COUNT * CA_ROOT_COUNT; i++) {
		enum ca_kind kind = (enum ca_kind)(i / CA_ROOT_COUNT);
		enum ca_root root = (enum ca_root)(i % CA_ROOT_COUNT);
		struct ca_issued issued = issue(kind, root);
		struct ca_entry entry;
		X509 *cert = cert_of(issued.cert);
		const unsigned char *at = (const unsigned char *)issued.key.p;
		EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)issued.key.n);
		assert_int_equal(X509_check_private_key(cert, key), 1);
		assert_int_equal(EVP_PKEY_get_bits(key), root == CA_ROOT_P384 ? 384 : 2048);
		assert_int_equal(ca_find(&authority, &test_arena, issued.serial, &entry).code, OK);
		assert_int_equal(entry.kind, kind);
		assert_int_equal(entry.root, root);
		assert_false(entry.revoked);
		assert_int_equal(entry.revoked_at, 0);
		assert_int_equal(entry.issued_at, NOW);
		assert_int_equal(entry.not_after, NOW + 365 * TIME_DAY);
		assert_int_equal(issued.serial.n, 16);
		struct str root_der;
		assert_int_equal(
			ca_root_cert(&authority, &test_arena, kind, root, &root_der).code, OK);
		X509 *issuer = cert_of(root_der);
		EVP_PKEY *public = X509_get_pubkey(issuer);
		assert_int_equal(X509_verify(cert, public), 1);
		EVP_PKEY_free(public);
		X509_free(issuer);
		EVP_PKEY_free(key);
		X509_free(cert);
	}
}

static void test_revoke(void **state)
{
	(void)state;
	struct str serial = issue(CA_SIGN, CA_ROOT_P384).serial;
	struct ca_entry entry;
	assert_int_equal(ca_find(&authority, &test_arena, STR("00"), &entry).code, ERR_NOT_FOUND);
	assert_int_equal(ca_revoke(&authority, STR("00"), CA_AFFILIATION, NOW).code, ERR_NOT_FOUND);
	assert_int_equal(ca_revoke(&authority, serial, (enum ca_reason)2, NOW).code, ERR_INVALID);
	assert_int_equal(ca_revoke(&authority, serial, CA_AFFILIATION, 0).code, ERR_INVALID);
	assert_int_equal(ca_revoke(&authority, serial, CA_AFFILIATION, NOW).code, OK);
	assert_int_equal(ca_revoke(&authority, serial, CA_CESSATION, NOW + 1).code, ERR_CONFLICT);
	assert_int_equal(ca_find(&authority, &test_arena, serial, &entry).code, OK);
	assert_true(entry.revoked);
	assert_int_equal(entry.reason, CA_AFFILIATION);
	assert_int_equal(entry.revoked_at, NOW);
}

static X509_CRL *list_of(enum ca_kind kind, enum ca_root root, int64_t *number)
{
	struct str der;
	assert_int_equal(ca_crl(&authority, &test_arena, kind, root, NOW, &der).code, OK);
	const unsigned char *at = (const unsigned char *)der.p;
	X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der.n);
	assert_non_null(crl);
	ASN1_INTEGER *value = X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
	assert_int_equal(ASN1_INTEGER_get_int64(number, value), 1);
	ASN1_INTEGER_free(value);
	return crl;
}

static void test_crl(void **state)
{
	(void)state;
	struct str serial = issue(CA_AUTH, CA_ROOT_2).serial;
	int64_t first, second;
	X509_CRL *crl = list_of(CA_AUTH, CA_ROOT_2, &first);
	assert_null(X509_CRL_get_REVOKED(crl));
	X509_CRL_free(crl);
	assert_int_equal(ca_revoke(&authority, serial, CA_UNSPECIFIED, NOW).code, OK);
	crl = list_of(CA_AUTH, CA_ROOT_2, &second);
	assert_int_equal(second, first + 1);
	STACK_OF(X509_REVOKED) *all = X509_CRL_get_REVOKED(crl);
	assert_int_equal(sk_X509_REVOKED_num(all), 1);
	/* Unspecified is told by saying nothing. */
	assert_int_equal(
		X509_REVOKED_get_ext_by_NID(sk_X509_REVOKED_value(all, 0), NID_crl_reason, -1), -1);
	X509_CRL_free(crl);
	/* It is on the list of its own root only. */
	crl = list_of(CA_AUTH, CA_ROOT_1, &first);
	assert_int_equal(first, second + 1);
	assert_null(X509_CRL_get_REVOKED(crl));
	X509_CRL_free(crl);
}

static void test_damaged(void **state)
{
	(void)state;
	struct ca_person person = person_right();
	struct ca_request request = request_right(CA_AUTH, CA_ROOT_1, &person);
	const char *const files[] = {"ca/auth/1/key.pem", "ca/auth/1/cert.pem"};
	for (size_t i = 0; i < 2; i++) {
		const char *path = authority_path(files[i]), *kept = authority_path("kept");
		struct str out;
		assert_int_equal(rename(path, kept), 0);
		assert_int_equal(try_issue(&request), ERR_INVALID);
		assert_int_equal(folder_write(path, STR("-----BEGIN X-----\n"), 0600).code, OK);
		assert_int_equal(try_issue(&request), ERR_INVALID);
		assert_int_equal(
			ca_crl(&authority, &test_arena, CA_AUTH, CA_ROOT_1, NOW, &out).code,
			ERR_INVALID);
		assert_int_equal(
			ca_root_cert(&authority, &test_arena, CA_AUTH, CA_ROOT_1, &out).code,
			ERR_INVALID);
		assert_int_equal(rename(kept, path), 0);
	}
	assert_int_equal(try_issue(&request), OK);
}

/* What was written by another process between is not lost: nothing is kept in memory. */
static void test_two_handles(void **state)
{
	(void)state;
	struct ca again;
	struct ca_entry entry;
	struct str serial = issue(CA_AUTH, CA_ROOT_P384).serial;
	assert_int_equal(ca_open(&test_arena, authority.dir, &again).code, OK);
	assert_int_equal(ca_revoke(&again, serial, CA_SUPERSEDED, NOW).code, OK);
	assert_int_equal(ca_find(&authority, &test_arena, serial, &entry).code, OK);
	assert_int_equal(entry.reason, CA_SUPERSEDED);
}

/* Files with keys are for their owner; a full index is refused, not cut. */
static void test_files(void **state)
{
	(void)state;
	struct stat st;
	assert_int_equal(stat(authority_path("ca/sign/2/key.pem"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(authority_path("ca"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	AUTO_ARENA arena;
	arena_init(&arena, 16u << 20);
	const char *path = authority_path("ca/index.tsv"), *kept = authority_path("kept");
	struct buf index;
	buf_init(&index, &arena, FOLDER_FILE_MAX);
	buf_lit(&index, HEAD);
	while (index.n + 40 <= FOLDER_FILE_MAX)
		buf_fmt(&index, "%016zX\tauth\t1\tgood\t0\t1\t2\tcn\n", index.n);
	assert_int_equal(rename(path, kept), 0);
	assert_int_equal(folder_write(path, buf_view(&index), 0644).code, OK);
	struct ca_person person = person_right();
	struct ca_request request = request_right(CA_AUTH, CA_ROOT_P384, &person);
	assert_int_equal(try_issue(&request), ERR_LIMIT);
	struct str after;
	assert_int_equal(folder_read(&arena, path, &after).code, OK);
	assert_true(str_eq(after, buf_view(&index)));
	assert_int_equal(rename(kept, path), 0);
}

/* What a killed process has left goes with the next change; what has a name of its own stays. */
static void test_left(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool stays;
	} files[] = {
		{"ca/index.tsv.0123456789abcdef", false},
		{"ca/anchors/crl-auth-1.der.fedcba9876543210", false},
		{"ca/index.tsv.0123456789abcde", true},
		{"ca/index.tsv.0123456789abcdeg", true},
		{"ca/notes", true},
	};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		assert_int_equal(
			folder_write(authority_path(files[i].name), STR("x"), 0600).code, OK);
	assert_int_equal(
		ca_crl(&authority, &test_arena, CA_AUTH, CA_ROOT_P384, NOW, NULL).code, OK);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		assert_int_equal(access(authority_path(files[i].name), F_OK) == 0, files[i].stays);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_issue_refused),
		cmocka_unit_test(test_issue_term),
		cmocka_unit_test(test_issue),
		cmocka_unit_test(test_revoke),
		cmocka_unit_test(test_crl),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_two_handles),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_left),
	};
	return cmocka_run_group_tests(tests, authority_make, authority_remove);
}

/* sim/ca/ocsp: requests that are none, that ask too much, or for others; what stands in answers. */
#include "folder.h"

#include "base/time.h"
#include "sim/ca/folder.h"
#include "sim/ca/ocsp.h"
#include "sim/ca/ssl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static X509 *cert_of(struct str der)
{
	const unsigned char *at = (const unsigned char *)der.p;
	X509 *cert = d2i_X509(NULL, &at, (long)der.n);
	assert_non_null(cert);
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

static OCSP_CERTID *id_of(const struct ca *ca, enum ca_kind kind, enum ca_root root,
	const EVP_MD *digest, uint64_t serial)
{
	struct str der;
	assert_int_equal(ca_root_cert(ca, &test_arena, kind, root, &der).code, OK);
	X509 *issuer = cert_of(der);
	ASN1_INTEGER *number = ASN1_INTEGER_new();
	assert_int_equal(ASN1_INTEGER_set_uint64(number, serial), 1);
	OCSP_CERTID *id = OCSP_cert_id_new(
		digest, X509_get_subject_name(issuer), X509_get0_pubkey_bitstr(issuer), number);
	ASN1_INTEGER_free(number);
	X509_free(issuer);
	return id;
}

static uint64_t number_of(struct str serial)
{
	return strtoull(str_c(&test_arena, serial), NULL, 16);
}

static void add(OCSP_REQUEST *request, OCSP_CERTID *id)
{
	assert_non_null(OCSP_request_add0_id(request, id));
}

/* Frees the request. */
static struct str bytes_of(OCSP_REQUEST *request)
{
	unsigned char *bytes = NULL;
	struct str out;
	int n = i2d_OCSP_REQUEST(request, &bytes);
	assert_int_equal(ssl_der(&test_arena, bytes, n, &out).code, OK);
	OCSP_REQUEST_free(request);
	return out;
}

static struct str answer(struct str request, enum ocsp_mode mode)
{
	struct str out;
	assert_int_equal(ocsp_answer(&authority, &test_arena, request, mode, NOW, &out).code, OK);
	return out;
}

static OCSP_RESPONSE *response_of(struct str bytes)
{
	const unsigned char *at = (const unsigned char *)bytes.p;
	OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &at, (long)bytes.n);
	assert_non_null(response);
	assert_ptr_equal(at, bytes.p + bytes.n);
	return response;
}

/* The response's own status: 0 successful, 1 malformedRequest, 3 tryLater, 6 unauthorized. */
static int status_of(struct str request)
{
	OCSP_RESPONSE *response = response_of(answer(request, OCSP_GOOD));
	int status = OCSP_response_status(response);
	if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		assert_null(OCSP_response_get1_basic(response));
	OCSP_RESPONSE_free(response);
	ssl_forget();
	return status;
}

static struct str request_with_nonce(int n)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	unsigned char nonce[200];
	memset(nonce, 7, sizeof nonce);
	add(request, id_of(&authority, CA_AUTH, CA_ROOT_1, EVP_sha1(), 5));
	if (n > 0)
		assert_int_equal(OCSP_request_add1_nonce(request, nonce, n), 1);
	return bytes_of(request);
}

/* The extension holds what it should not. */
static struct str request_with_raw_nonce(const char *bytes, int n)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	add(request, id_of(&authority, CA_AUTH, CA_ROOT_1, EVP_sha1(), 5));
	assert_int_equal(ASN1_OCTET_STRING_set(value, (const unsigned char *)bytes, n), 1);
	X509_EXTENSION *one = X509_EXTENSION_create_by_NID(NULL, NID_id_pkix_OCSP_Nonce, 0, value);
	assert_int_equal(OCSP_REQUEST_add_ext(request, one, -1), 1);
	X509_EXTENSION_free(one);
	ASN1_OCTET_STRING_free(value);
	return bytes_of(request);
}

static void test_nonce(void **state)
{
	(void)state;
	assert_int_equal(status_of(request_with_nonce(0)), 0);
	assert_int_equal(status_of(request_with_nonce(1)), 0);
	assert_int_equal(status_of(request_with_nonce(128)), 0);
	assert_int_equal(status_of(request_with_nonce(129)), 1);
	assert_int_equal(status_of(request_with_raw_nonce("\x04\x00", 2)), 1);
	assert_int_equal(status_of(request_with_raw_nonce("\x01\x01\xff", 3)), 1);
	assert_int_equal(status_of(request_with_raw_nonce("\x04\x10?", 3)), 1);
	assert_int_equal(status_of(request_with_raw_nonce("", 0)), 1);
}

static void test_no_request(void **state)
{
	(void)state;
	struct str right = request_with_nonce(16);
	char *long_one = arena_alloc(&test_arena, OCSP_REQUEST_MAX + 1);
	assert_int_equal(status_of((struct str){0}), 1);
	assert_int_equal(status_of(STR("hello")), 1);
	assert_int_equal(status_of(str_sub(right, 0, right.n - 1)), 1);
	assert_int_equal(status_of(str_fmt(&test_arena, STR_FMT "x", STR_ARG(right))), 1);
	assert_int_equal(status_of(str_make(long_one, OCSP_REQUEST_MAX + 1)), 1);
	assert_int_equal(status_of(bytes_of(OCSP_REQUEST_new())), 1);
}

static struct str request_for(int n)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	for (int i = 0; i < n; i++)
		add(request, id_of(&authority, CA_SIGN, CA_ROOT_2, EVP_sha1(), (uint64_t)i));
	return bytes_of(request);
}

static void test_many(void **state)
{
	(void)state;
	assert_int_equal(status_of(request_for(OCSP_ASKED_MAX)), 0);
	assert_int_equal(status_of(request_for(OCSP_ASKED_MAX + 1)), 1);
}

static void test_unauthorized(void **state)
{
	(void)state;
	struct ca other;
	const char *dir = authority_path("other");
	assert_int_equal(ca_init(dir, NOW).code, OK);
	assert_int_equal(ca_open(&test_arena, dir, &other).code, OK);
	/* The same names, another key. */
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	add(request, id_of(&other, CA_AUTH, CA_ROOT_1, EVP_sha1(), 1));
	assert_int_equal(status_of(bytes_of(request)), 6);
	/* Two roots: nobody could sign for both. */
	request = OCSP_REQUEST_new();
	add(request, id_of(&authority, CA_AUTH, CA_ROOT_1, EVP_sha1(), 1));
	add(request, id_of(&authority, CA_AUTH, CA_ROOT_2, EVP_sha1(), 1));
	assert_int_equal(status_of(bytes_of(request)), 6);
	request = OCSP_REQUEST_new();
	add(request, id_of(&authority, CA_AUTH, CA_ROOT_1, EVP_sha1(), 1));
	add(request, id_of(&authority, CA_SIGN, CA_ROOT_1, EVP_sha1(), 1));
	assert_int_equal(status_of(bytes_of(request)), 6);
	/* A digest that OpenSSL does not know. */
	OCSP_CERTID *id = id_of(&authority, CA_AUTH, CA_ROOT_1, EVP_sha1(), 1);
	ASN1_OBJECT *algorithm = NULL;
	assert_int_equal(OCSP_id_get0_info(NULL, &algorithm, NULL, NULL, id), 1);
	unsigned char *der = NULL;
	int n = i2d_OCSP_CERTID(id, &der);
	static const unsigned char sha1[] = {0x2b, 0x0e, 0x03, 0x02, 0x1a};
	unsigned char *at = memmem(der, (size_t)n, sha1, sizeof sha1);
	assert_non_null(at);
	at[4] = 0x7f;
	const unsigned char *from = der;
	OCSP_CERTID *strange = d2i_OCSP_CERTID(NULL, &from, n);
	assert_non_null(strange);
	request = OCSP_REQUEST_new();
	add(request, strange);
	assert_int_equal(status_of(bytes_of(request)), 6);
	OPENSSL_free(der);
	OCSP_CERTID_free(id);
}

struct told {
	int status, reason;
	bool nonce, certid;
	int64_t revoked, this, next, produced;
};

static int64_t time_of(const ASN1_GENERALIZEDTIME *time)
{
	struct tm tm;
	if (!time)
		return 0;
	assert_int_equal(ASN1_TIME_to_tm(time, &tm), 1);
	return (int64_t)timegm(&tm) * TIME_SECOND;
}

/* Asks with a nonce of 16 bytes for one certificate and reads the answer. */
static struct told ask(enum ca_kind kind, enum ca_root root, const EVP_MD *digest, uint64_t serial,
	enum ocsp_mode mode)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	add(request, id_of(&authority, kind, root, digest, serial));
	assert_int_equal(OCSP_request_add1_nonce(request, NULL, 16), 1);
	OCSP_REQUEST *kept = NULL;
	struct str bytes = bytes_of(request);
	const unsigned char *at = (const unsigned char *)bytes.p;
	kept = d2i_OCSP_REQUEST(NULL, &at, (long)bytes.n);
	OCSP_RESPONSE *response = response_of(answer(bytes, mode));
	OCSP_BASICRESP *basic = OCSP_response_get1_basic(response);
	OCSP_CERTID *id = id_of(&authority, kind, root, digest, serial);
	ASN1_GENERALIZEDTIME *revoked = NULL, *this = NULL, *next = NULL;
	struct told told = {.reason = -2};
	assert_int_equal(OCSP_resp_count(basic), 1);
	OCSP_SINGLERESP *single = OCSP_resp_get0(basic, 0);
	told.status = OCSP_single_get0_status(single, &told.reason, &revoked, &this, &next);
	told.certid = OCSP_resp_find(basic, id, -1) == 0;
	told.nonce = OCSP_check_nonce(kept, basic) == 1;
	told.revoked = time_of(revoked);
	told.this = time_of(this);
	told.next = time_of(next);
	told.produced = time_of(OCSP_resp_get0_produced_at(basic));
	OCSP_CERTID_free(id);
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(response);
	OCSP_REQUEST_free(kept);
	return told;
}

static void test_truth(void **state)
{
	(void)state;
	uint64_t serial = number_of(issue(CA_SIGN, CA_ROOT_P384).serial);
	struct told told = ask(CA_SIGN, CA_ROOT_P384, EVP_sha1(), serial, OCSP_GOOD);
	assert_int_equal(told.status, V_OCSP_CERTSTATUS_GOOD);
	assert_true(told.nonce && told.certid);
	assert_int_equal(told.this, NOW);
	assert_int_equal(told.produced, NOW);
	assert_int_equal(told.next, NOW + OCSP_VALID_MS);
	told = ask(CA_SIGN, CA_ROOT_P384, EVP_sha256(), serial, OCSP_GOOD);
	assert_int_equal(told.status, V_OCSP_CERTSTATUS_GOOD);
	/* The number is known, but of another root; and one that was never given. */
	told = ask(CA_SIGN, CA_ROOT_1, EVP_sha1(), serial, OCSP_GOOD);
	assert_int_equal(told.status, V_OCSP_CERTSTATUS_UNKNOWN);
	told = ask(CA_AUTH, CA_ROOT_P384, EVP_sha1(), serial, OCSP_GOOD);
	assert_int_equal(told.status, V_OCSP_CERTSTATUS_UNKNOWN);
	told = ask(CA_SIGN, CA_ROOT_P384, EVP_sha1(), 1, OCSP_GOOD);
	assert_int_equal(told.status, V_OCSP_CERTSTATUS_UNKNOWN);
	struct str text = str_fmt(&test_arena, "%016llX", (unsigned long long)serial);
	assert_int_equal(ca_revoke(&authority, text, CA_AFFILIATION, NOW - TIME_HOUR).code, OK);
	told = ask(CA_SIGN, CA_ROOT_P384, EVP_sha1(), serial, OCSP_GOOD);
	assert_int_equal(told.status, V_OCSP_CERTSTATUS_REVOKED);
	assert_int_equal(told.reason, 3);
	assert_int_equal(told.revoked, NOW - TIME_HOUR);
}

static void test_modes(void **state)
{
	(void)state;
	uint64_t serial = number_of(issue(CA_AUTH, CA_ROOT_P384).serial);
	struct told told = ask(CA_AUTH, CA_ROOT_P384, EVP_sha1(), serial, OCSP_UNKNOWN);
	assert_int_equal(told.status, V_OCSP_CERTSTATUS_UNKNOWN);
	assert_true(told.nonce && told.certid);
	told = ask(CA_AUTH, CA_ROOT_P384, EVP_sha1(), serial, OCSP_STALE);
	assert_int_equal(told.status, V_OCSP_CERTSTATUS_GOOD);
	assert_int_equal(told.next, NOW - TIME_HOUR);
	assert_int_equal(told.this, NOW - TIME_HOUR - OCSP_VALID_MS);
	assert_true(told.nonce && told.certid);
	told = ask(CA_AUTH, CA_ROOT_P384, EVP_sha1(), serial, OCSP_NO_NONCE);
	assert_int_equal(told.status, V_OCSP_CERTSTATUS_GOOD);
	assert_true(!told.nonce && told.certid);
	told = ask(CA_AUTH, CA_ROOT_P384, EVP_sha1(), serial, OCSP_WRONG_CERTID);
	assert_int_equal(told.status, V_OCSP_CERTSTATUS_GOOD);
	assert_true(told.nonce && !told.certid);
	told = ask(CA_AUTH, CA_ROOT_P384, EVP_sha1(), serial, OCSP_SILENT);
	assert_int_equal(told.status, V_OCSP_CERTSTATUS_GOOD);
	OCSP_RESPONSE *response = response_of(answer(request_with_nonce(16), OCSP_TRY_LATER));
	assert_int_equal(OCSP_response_status(response), OCSP_RESPONSE_STATUS_TRYLATER);
	OCSP_RESPONSE_free(response);
	struct str garbage = answer(request_with_nonce(16), OCSP_GARBAGE);
	const unsigned char *at = (const unsigned char *)garbage.p;
	assert_null(d2i_OCSP_RESPONSE(NULL, &at, (long)garbage.n));
	ssl_forget();
}

static void test_mode_file(void **state)
{
	(void)state;
	enum ocsp_mode mode;
	for (int i = 0; i < OCSP_MODE_COUNT; i++) {
		assert_int_equal(ocsp_mode_write(&authority, (enum ocsp_mode)i).code, OK);
		assert_int_equal(ocsp_mode_read(&authority, &mode).code, OK);
		assert_int_equal(mode, i);
	}
	static const char *const bad[] = {"", "GOOD\n", "goo\n", "good good\n"};
	const char *path = authority_path("ca/ocsp-mode");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(folder_write(path, str_of(bad[i]), 0644).code, OK);
		assert_int_equal(ocsp_mode_read(&authority, &mode).code, ERR_INVALID);
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(ocsp_mode_read(&authority, &mode).code, ERR_NOT_FOUND);
	assert_int_equal(ocsp_mode_write(&authority, OCSP_GOOD).code, OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nonce),
		cmocka_unit_test(test_no_request),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_unauthorized),
		cmocka_unit_test(test_truth),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_mode_file),
	};
	return cmocka_run_group_tests(tests, authority_make, authority_remove);
}

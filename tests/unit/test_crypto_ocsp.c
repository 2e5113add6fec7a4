/* crypto/ocsp: what a responder says counts when everything about it is right. */
#include "crypto/ocsp.h"

#include "base/limits.h"
#include "ocsp_fixture.h"
#include "sim/ca/ocsp.h"

static struct ca_issued card;
static struct cert cert;
static const struct anchor *anchor;

static err judge(struct str answer, int64_t at, struct revocation *out)
{
	return ocsp_judge(anchor, &cert, NONCE, answer, at, out);
}

static void good(struct plan plan, const char *what)
{
	struct revocation out;
	err e = judge(ocsp_made(&plan, card.cert), NOW, &out);
	if (failed(e))
		fail_msg("%s: %s", what, err_detail());
	assert_int_equal(out.status, REVOCATION_GOOD);
	assert_int_equal(out.reason, -1);
}

static void refused(struct plan plan, const char *what)
{
	struct revocation out = {.reason = 99};
	err e = judge(ocsp_made(&plan, card.cert), NOW, &out);
	if (e.code != ERR_INVALID)
		fail_msg("%s: %s", what, err_name(e.code));
	assert_int_equal(out.reason, 99);
}

static void test_by_hand(void **state)
{
	(void)state;
	good((struct plan){0}, "as it should be");
	good((struct plan){.by_key = true}, "named by key");
	good((struct plan){.root_signs = true}, "the root itself");
	good((struct plan){.root_signs = true, .no_cert = true}, "the root, without certificates");
	good((struct plan){.root_signs = true, .by_key = true, .no_cert = true}, "the root by key");
	good((struct plan){.digest = "SHA384"}, "SHA-384");
}

static void test_status(void **state)
{
	(void)state;
	struct revocation out;
	struct str revoked =
		der_made(DER_IN(1), joined(time_der(NOW - TIME_DAY), STR("\xA0\x03\x0A\x01\x03")));
	struct plan plan = {.status = revoked};
	assert_int_equal(judge(ocsp_made(&plan, card.cert), NOW, &out).code, OK);
	assert_int_equal(out.status, REVOCATION_REVOKED);
	assert_int_equal(out.reason, 3);
	assert_true(out.revoked_at == NOW - TIME_DAY);
	assert_string_equal(revocation_reason_name(out.reason), "affiliationChanged");
	plan.status = der_made(DER_IN(1), time_der(NOW - TIME_DAY));
	assert_int_equal(judge(ocsp_made(&plan, card.cert), NOW, &out).code, OK);
	assert_int_equal(out.status, REVOCATION_REVOKED);
	assert_int_equal(out.reason, -1);
	plan.status = STR("\x82\x00");
	assert_int_equal(judge(ocsp_made(&plan, card.cert), NOW, &out).code, OK);
	assert_int_equal(out.status, REVOCATION_UNKNOWN);
	assert_string_equal(revocation_reason_name(-1), "");
	assert_string_equal(revocation_reason_name(7), "");
	assert_string_equal(revocation_reason_name(11), "");
}

static void test_times(void **state)
{
	(void)state;
	good((struct plan){.this = NOW + 120 * TIME_SECOND}, "two minutes ahead");
	refused((struct plan){.this = NOW + 121 * TIME_SECOND}, "more");
	good((struct plan){.this = NOW - 20 * TIME_MINUTE}, "20 minutes old");
	refused((struct plan){.this = NOW - 20 * TIME_MINUTE - TIME_SECOND}, "older");
	good((struct plan){.next = NOW}, "ends now");
	refused((struct plan){.next = NOW - TIME_SECOND}, "has ended");
	refused((struct plan){.no_next = true}, "without an end");
	good((struct plan){.produced = NOW + 120 * TIME_SECOND}, "made two minutes ahead");
	refused((struct plan){.produced = NOW + 121 * TIME_SECOND}, "made in the future");
	good((struct plan){.produced = NOW - 20 * TIME_MINUTE}, "made 20 minutes ago");
	refused((struct plan){.produced = NOW - 20 * TIME_MINUTE - TIME_SECOND}, "made long ago");
}

static void test_what_it_is_about(void **state)
{
	(void)state;
	struct str root = pem_to_der(ca_file("auth/1/cert.pem"));
	struct str other = issue(CA_AUTH, CA_ROOT_1, NULL).cert;
	refused((struct plan){.id = id_of(other, root)}, "another serial number");
	refused((struct plan){.id = id_of(card.cert, pem_to_der(ca_file("auth/2/cert.pem")))},
		"another root of the same name");
	refused((struct plan){.id = id_of(card.cert, pem_to_der(ca_file("sign/1/cert.pem")))},
		"the other hierarchy");
	refused((struct plan){.singles = 2}, "two");
	refused((struct plan){.no_nonce = true}, "no nonce");
	refused((struct plan){.nonce = STR("0123456789abcdef0123456789abcdeX")}, "another nonce");
	refused((struct plan){.nonce = str_sub(NONCE, 0, 31)}, "a shorter nonce");
	refused((struct plan){.nonce = STR("")}, "an empty nonce");
	refused((struct plan){.two_nonces = true}, "two nonces");
	refused((struct plan){.bare_nonce = true}, "a nonce that is not wrapped");
	refused((struct plan){.critical = true}, "a critical extension");
	refused((struct plan){.single_critical = true},
		"a critical extension of the certificate's");
}

static void test_signers(void **state)
{
	(void)state;
	/* Other keys under the right names. */
	refused((struct plan){.key = card.key}, "another key");
	refused((struct plan){.root_signs = true, .key = ca_file("auth/2/key.pem")},
		"another root's key under this root's name");
	refused((struct plan){.key = ca_file("auth/2/key.pem"),
			.cert = pem_to_der(ca_file("auth/2/cert.pem"))},
		"another root of the same name");
	/* Right keys of others. */
	refused((struct plan){.key = ca_file("sign/ocsp.key.pem"),
			.cert = pem_to_der(ca_file("sign/1/ocsp.cert.pem"))},
		"the responder of the other hierarchy");
	refused((struct plan){.cert = pem_to_der(ca_file("auth/2/ocsp.cert.pem"))},
		"this responder, certified by another root");
	refused((struct plan){.key = card.key, .cert = card.cert}, "a card");
	refused((struct plan){.no_cert = true}, "a responder whose certificate is not there");
	refused((struct plan){.digest = "SHA1"}, "SHA-1");
	refused((struct plan){.pss = true}, "PSS");
}

static void test_delegate_time(void **state)
{
	(void)state;
	struct revocation out;
	struct cert delegate = {0};
	assert_int_equal(
		cert_parse(&fixture.arena, pem_to_der(ca_file("auth/1/ocsp.cert.pem")), &delegate)
			.code,
		OK);
	const int64_t ends = delegate.not_after;
	cert_release(&delegate);
	for (int i = 0; i < 2; i++) {
		int64_t at = ends - TIME_SECOND + i * TIME_SECOND;
		struct plan plan = {.produced = at, .this = at, .next = at + TIME_MINUTE};
		assert_int_equal(
			judge(ocsp_made(&plan, card.cert), at, &out).code, i ? ERR_INVALID : OK);
	}
}

static void test_every_byte_counts(void **state)
{
	(void)state;
	struct str answer = ocsp_made(&(struct plan){0}, card.cert);
	char *bytes = arena_alloc(&fixture.arena, answer.n);
	memcpy(bytes, answer.p, answer.n);
	for (size_t i = 0; i < answer.n; i++) {
		struct revocation out;
		unsigned mask = 1u << i % 8;
		bytes[i] = (char)((unsigned char)bytes[i] ^ mask);
		if (!failed(judge(str_make(bytes, answer.n), NOW, &out)))
			fail_msg("byte %zu of %zu does not count", i, answer.n);
		bytes[i] = (char)((unsigned char)bytes[i] ^ mask);
	}
	for (size_t n = 0; n < answer.n; n++) {
		struct revocation out;
		assert_true(failed(judge(str_sub(answer, 0, n), NOW, &out)));
	}
	struct revocation out;
	assert_int_equal(judge(joined(answer, STR("\0")), NOW, &out).code, ERR_INVALID);
	assert_int_equal(judge(answer, NOW, &out).code, OK);
}

static void test_errors_of_responders(void **state)
{
	(void)state;
	struct revocation out;
	/* malformedRequest, internalError, tryLater, sigRequired, unauthorized */
	static const char codes[] = {1, 2, 3, 5, 6};
	for (size_t i = 0; i < COUNT(codes); i++) {
		struct str answer =
			der_made(DER_SEQUENCE, der_made(DER_ENUMERATED, str_make(&codes[i], 1)));
		assert_int_equal(judge(answer, NOW, &out).code, ERR_UNAVAILABLE);
	}
	static const struct str none[] = {
		STR_INIT("<html>"),
		STR_INIT("\x30\x03\x0A\x01\x00"), /* successful, and nothing in it */
		STR_INIT("\x30\x00"),
	};
	for (size_t i = 0; i < COUNT(none); i++)
		assert_int_equal(judge(none[i], NOW, &out).code, ERR_INVALID);
}

/* Against the simulated responder, in each of its moods. */
static void test_responder(void **state)
{
	(void)state;
	static const struct {
		enum ocsp_mode mode;
		enum err_code code;
		enum revocation_status status;
	} rows[] = {
		{OCSP_GOOD, OK, REVOCATION_GOOD},
		{OCSP_UNKNOWN, OK, REVOCATION_UNKNOWN},
		{OCSP_TRY_LATER, ERR_UNAVAILABLE, 0},
		{OCSP_STALE, ERR_INVALID, 0},
		{OCSP_WRONG_SIGNER, ERR_INVALID, 0},
		{OCSP_WRONG_DELEGATE, ERR_INVALID, 0},
		{OCSP_WRONG_CERTID, ERR_INVALID, 0},
		{OCSP_NO_NONCE, ERR_INVALID, 0},
		{OCSP_GARBAGE, ERR_INVALID, 0},
	};
	int64_t now = NOW;
	for (int kind = 0; kind < CA_KIND_COUNT; kind++)
		for (int root = 0; root < CA_ROOT_COUNT; root++)
			for (size_t i = 0; i < COUNT(rows); i++) {
				struct ca_issued one =
					issue((enum ca_kind)kind, (enum ca_root)root, NULL);
				AUTO_CERT struct cert read = {0};
				const struct anchor *issuer;
				enum card_kind found;
				struct revocation out;
				struct str request, answer;
				assert_int_equal(
					cert_read(&fixture.arena, one.cert, &read).code, OK);
				assert_int_equal(
					anchors_issuer(fixture.anchors, &read, &issuer, &found)
						.code,
					OK);
				assert_int_equal(
					ocsp_request(&fixture.arena, issuer, &read, NONCE, &request)
						.code,
					OK);
				assert_int_equal(ocsp_answer(&fixture.ca, &fixture.arena, request,
							 rows[i].mode, now, &answer)
							 .code,
					OK);
				assert_true(answer.n <= LIMIT_FETCH_BODY);
				err e = ocsp_judge(issuer, &read, NONCE, answer, now, &out);
				if (e.code != rows[i].code)
					fail_msg("%s: %s: %s", ocsp_mode_name(rows[i].mode),
						err_name(e.code), err_detail());
				if (!failed(e))
					assert_int_equal(out.status, rows[i].status);
				if (root)
					break; /* the moods with one root are enough */
			}
}

static void test_revoked(void **state)
{
	(void)state;
	struct ca_issued one = issue(CA_SIGN, CA_ROOT_2, NULL);
	AUTO_CERT struct cert read = {0};
	const struct anchor *issuer;
	enum card_kind found;
	struct revocation out;
	struct str request, answer;
	int64_t now = NOW;
	assert_int_equal(cert_read(&fixture.arena, one.cert, &read).code, OK);
	assert_int_equal(anchors_issuer(fixture.anchors, &read, &issuer, &found).code, OK);
	assert_int_equal(
		ca_revoke(&fixture.ca, one.serial, CA_CESSATION, now - TIME_HOUR).code, OK);
	assert_int_equal(ocsp_request(&fixture.arena, issuer, &read, NONCE, &request).code, OK);
	assert_int_equal(
		ocsp_answer(&fixture.ca, &fixture.arena, request, OCSP_GOOD, now, &answer).code,
		OK);
	assert_int_equal(ocsp_judge(issuer, &read, NONCE, answer, now, &out).code, OK);
	assert_int_equal(out.status, REVOCATION_REVOKED);
	assert_int_equal(out.reason, CA_CESSATION);
	assert_true(out.revoked_at == now - TIME_HOUR);
}

static void test_request(void **state)
{
	(void)state;
	struct str request;
	assert_int_equal(ocsp_request(&fixture.arena, anchor, &cert, NONCE, &request).code, OK);
	assert_true(str_find(request, NONCE) > 0);
	assert_true(str_find(request, cert.serial) > 0);
	assert_int_equal(
		ocsp_request(&fixture.arena, anchor, &cert, str_sub(NONCE, 0, 31), &request).code,
		ERR_INTERNAL);
}

static int set_up(void **state)
{
	enum card_kind kind;
	if (card_setup(state))
		return -1;
	card = issue(CA_AUTH, CA_ROOT_1, NULL);
	return failed(cert_read(&fixture.arena, card.cert, &cert)) ||
	       failed(anchors_issuer(fixture.anchors, &cert, &anchor, &kind));
}

static int tear_down(void **state)
{
	cert_release(&cert);
	return card_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_what_it_is_about),
		cmocka_unit_test(test_signers),
		cmocka_unit_test(test_delegate_time),
		cmocka_unit_test(test_every_byte_counts),
		cmocka_unit_test(test_errors_of_responders),
		cmocka_unit_test(test_responder),
		cmocka_unit_test(test_revoked),
		cmocka_unit_test(test_request),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

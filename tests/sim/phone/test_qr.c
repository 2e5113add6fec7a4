/* Texts of codes: one spelling, and nothing else is one. */

#include "sim/phone/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TX "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
#define CLAIM "AAAAAAAAAAAAAAAAAAAAAA"

static void takes_a_code_apart(void **state)
{
	(void)state;
	struct qr qr;
	assert_int_equal(qr_read(STR("https://portal.example/q#1." TX "." CLAIM), &qr).code, OK);
	assert_true(str_eq(qr.origin, STR("https://portal.example")));
	assert_true(str_eq(qr.tx, STR(TX)));
	assert_true(str_eq(qr.claim, STR(CLAIM)));
	/* A number of over 128 bits, and letters that Crockford left out. */
	assert_int_equal(
		qr_read(STR("https://portal.example/q#1.8ZZZZZZZZZZZZZZZZZZZZZZZZZ." CLAIM), &qr)
			.code,
		ERR_INVALID);
	assert_int_equal(
		qr_read(STR("https://portal.example/q#1.7ZZZZZZZZZZZZZZZZZZZZZZZZU." CLAIM), &qr)
			.code,
		ERR_INVALID);
}

static void knows_origins(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{"https://portal.example", true},
		{"https://portal.example:8443", true},
		{"https://a-b.c1.example", true},
		{"https://192.0.2.1", true},
		{"http://localhost:8080", true},
		{"http://127.0.0.1:8080", true},
		{"http://[::1]:8080", true},
		{"https://[::1]", true},
		{"http://localhost:65535", true},
		{"http://localhost:65536", false},
		{"http://localhost:99999", false},
		{"http://portal.example", false},
		{"https://portal.example/", false},
		{"https://portal.example:", false},
		{"https://portal.example:443", false},
		{"http://localhost:80", false},
		{"https://portal.example:0443", false},
		{"https://portal.example:8a", false},
		{"https://Portal.example", false},
		{"https://-a.example", false},
		{"https://a-.example", false},
		{"https://a..example", false},
		{"https://.example", false},
		{"https://example.", false},
		{"https://a@b.example", false},
		{"https://[::2]", false},
		{"https://[::1", false},
		{"https://[::1]x", false},
		{"https://", false},
		{"ftp://localhost", false},
		{"", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (qr_is_origin(str_of(cases[i].text)) != cases[i].good)
			fail_msg("%s", cases[i].text);
	}
}

/* Each with one character of the right text changed at every place: another code, or none. */
static void refuses_every_other_spelling(void **state)
{
	(void)state;
	struct qr qr;
	char text[] = "http://localhost:8080/q#1." TX "." CLAIM;
	size_t n = sizeof text - 1;
	for (size_t cut = 0; cut < n; cut++)
		assert_int_equal(qr_read(str_make(text, cut), &qr).code, ERR_INVALID);
	for (size_t i = 0; i < n; i++) {
		char kept = text[i];
		for (const char *wrong = " \n\t\x7f\x80%?"; *wrong; wrong++) {
			text[i] = *wrong;
			assert_int_equal(qr_read(str_make(text, n), &qr).code, ERR_INVALID);
		}
		text[i] = '\0';
		assert_int_equal(qr_read(str_make(text, n), &qr).code, ERR_INVALID);
		text[i] = kept;
	}
}

/* A host of 120 characters is the longest; the whole text is below QR_TEXT_MOST then. */
static void holds_the_length(void **state)
{
	(void)state;
	struct qr qr;
	char text[300];
	int n = snprintf(text, sizeof text, "https://%063d.%056d:10000/q#1." TX "." CLAIM, 0, 0);
	assert_true(n > 0 && n <= QR_TEXT_MOST);
	assert_int_equal(qr_read(str_of(text), &qr).code, OK);
	(void)snprintf(text, sizeof text, "https://%063d.%057d:10000/q#1." TX "." CLAIM, 0, 0);
	assert_int_equal(qr_read(str_of(text), &qr).code, ERR_INVALID);
	(void)snprintf(text, sizeof text, "https://%064d.example/q#1." TX "." CLAIM, 0);
	assert_int_equal(qr_read(str_of(text), &qr).code, ERR_INVALID);
	n = snprintf(text, sizeof text, "https://%063d.%063d.%063d/q#1." TX "." CLAIM, 0, 0, 0);
	assert_true(n > QR_TEXT_MOST);
	assert_int_equal(qr_read(str_of(text), &qr).code, ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_code_apart),
		cmocka_unit_test(knows_origins),
		cmocka_unit_test(refuses_every_other_spelling),
		cmocka_unit_test(holds_the_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

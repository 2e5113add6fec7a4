/* sim/card/jpki: the terminal's side over a soft card in this process. */
#include "fixture.h"

#include "sim/card/apdu.h"
#include "sim/card/disk.h"
#include "sim/card/jpki.h"

static struct fixture f;
static struct card_port port;

static int make_rsa(void **state)
{
	(void)state;
	fixture_make(&f, false);
	port = card_port_folder(&f.card);
	return 0;
}

static int make_p384(void **state)
{
	(void)state;
	fixture_make(&f, true);
	port = card_port_folder(&f.card);
	return 0;
}

static int clean(void **state)
{
	(void)state;
	fixture_remove(&f);
	return 0;
}

static void must(err e)
{
	if (failed(e))
		fail_msg("%s: %s", err_name(e.code), err_detail());
}

static void must_be(err e, enum err_code code)
{
	if (e.code != code)
		fail_msg("%s instead of %s: %s", err_name(e.code), err_name(code), err_detail());
}

static void verify(
	enum card_secret secret, const char *text, enum jpki_verdict want, unsigned tries)
{
	enum jpki_verdict verdict;
	unsigned left;

	must(jpki_verify(&port, secret, str_of(text), &verdict, &left));
	assert_int_equal(verdict, want);
	assert_int_equal(left, tries);
}

static void test_about(void **state)
{
	struct str label;
	bool auth, sign;

	(void)state;
	must(jpki_select(&port, APPLET_JPKI));
	must(jpki_token(&port, &f.arena, &label));
	assert_true(str_eq(label, STR("JPKIAPICCTOKEN2")));
	must(jpki_available(&port, &auth, &sign));
	assert_true(auth && sign);
	must(disk_write(f.dir, CARD_AVAILABLE, STR("\0\x8F\0")));
	must(jpki_available(&port, &auth, &sign));
	assert_true(auth && !sign);
	must(disk_write(f.dir, CARD_AVAILABLE, STR("\0\x8F")));
	must_be(jpki_available(&port, &auth, &sign), ERR_INVALID);
	must(disk_write(f.dir, CARD_TOKEN, STR("short")));
	must_be(jpki_token(&port, &f.arena, &label), ERR_INVALID);
}

static void test_secrets(void **state)
{
	unsigned left;
	enum jpki_verdict verdict;

	(void)state;
	must(jpki_select(&port, APPLET_JPKI));
	must(jpki_tries(&port, SECRET_AUTH, &left));
	assert_int_equal(left, 3);
	verify(SECRET_AUTH, "0000", JPKI_WRONG, 2);
	verify(SECRET_AUTH, AUTH_PIN, JPKI_RIGHT, 3);
	/* What is no PIN is not sent. */
	must_be(jpki_verify(&port, SECRET_AUTH, STR("123"), &verdict, &left), ERR_INVALID);
	must_be(jpki_verify(&port, SECRET_AUTH, STR("12345"), &verdict, &left), ERR_INVALID);
	must_be(jpki_verify(&port, SECRET_AUTH, STR("12a4"), &verdict, &left), ERR_INVALID);
	must_be(jpki_verify(&port, SECRET_SIGN, STR("abc123"), &verdict, &left), ERR_INVALID);
	must_be(jpki_verify(&port, SECRET_SIGN, STR("12345"), &verdict, &left), ERR_INVALID);
	must_be(jpki_verify(&port, SECRET_SIGN, STR("12345678901234567"), &verdict, &left),
		ERR_INVALID);
	must(jpki_tries(&port, SECRET_AUTH, &left));
	assert_int_equal(left, 3);
	verify(SECRET_AUTH, "0000", JPKI_WRONG, 2);
	verify(SECRET_AUTH, "0000", JPKI_WRONG, 1);
	verify(SECRET_AUTH, "0000", JPKI_WRONG, 0);
	verify(SECRET_AUTH, AUTH_PIN, JPKI_LOCKED, 0);
	must(jpki_tries(&port, SECRET_AUTH, &left));
	assert_int_equal(left, 0);
	/* The other secret has tries of its own; the text applet's is in another applet. */
	verify(SECRET_SIGN, SIGN_PASSWORD, JPKI_RIGHT, 5);
	must_be(jpki_tries(&port, SECRET_TEXT, &left), ERR_NOT_FOUND);
}

static void test_change(void **state)
{
	(void)state;
	must(jpki_select(&port, APPLET_JPKI));
	must_be(jpki_change(&port, SECRET_AUTH, STR("9876")), ERR_DENIED);
	verify(SECRET_AUTH, AUTH_PIN, JPKI_RIGHT, 3);
	must_be(jpki_change(&port, SECRET_AUTH, STR("98765")), ERR_INVALID);
	must(jpki_change(&port, SECRET_AUTH, STR("9876")));
	verify(SECRET_AUTH, AUTH_PIN, JPKI_WRONG, 2);
	verify(SECRET_AUTH, "9876", JPKI_RIGHT, 3);
}

static void test_certificates(void **state)
{
	struct str der, file;

	(void)state;
	must_be(jpki_cert(&port, &f.arena, KEY_AUTH, false, &der), ERR_NOT_FOUND);
	must(jpki_select(&port, APPLET_JPKI));
	must(jpki_cert(&port, &f.arena, KEY_AUTH, false, &der));
	must(disk_read(&f.arena, f.dir, CARD_AUTH_CERT, &file));
	assert_true(str_eq(der, file));
	must_be(jpki_cert(&port, &f.arena, KEY_SIGN, false, &der), ERR_DENIED);
	must_be(jpki_cert(&port, &f.arena, KEY_SIGN, true, &der), ERR_NOT_FOUND);
	verify(SECRET_SIGN, SIGN_PASSWORD, JPKI_RIGHT, 5);
	must(jpki_cert(&port, &f.arena, KEY_SIGN, false, &der));
	must(disk_read(&f.arena, f.dir, CARD_SIGN_CERT, &file));
	assert_true(str_eq(der, file));
	/* What stands behind the object is not part of it. */
	must(disk_write(f.dir, CARD_SIGN_CERT, STR("\x30\x02xy and more")));
	must(jpki_cert(&port, &f.arena, KEY_SIGN, false, &der));
	assert_true(str_eq(der, STR("\x30\x02xy")));
}

static void test_broken_objects(void **state)
{
	static const struct str broken[] = {STR_INIT("\x30"), STR_INIT("\x30\x03xy"),
		STR_INIT("\x30\x80xy"), STR_INIT("\x30\x83\0\0\2xy"), STR_INIT("\x30\x82\x01"),
		STR_INIT("\x30\x82\xFF\xFFxy"), STR_INIT("\xFF\xA0\x01x"), STR_INIT("\xFF\x20")};
	struct str der;

	(void)state;
	must(jpki_select(&port, APPLET_JPKI));
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		must(disk_write(f.dir, CARD_AUTH_CERT, broken[i]));
		err e = jpki_cert(&port, &f.arena, KEY_AUTH, false, &der);

		if (e.code != ERR_INVALID && e.code != ERR_UNAVAILABLE)
			fail_msg("%zu: %s", i, err_name(e.code));
	}
}

static void sign_both(enum jpki_alg alg)
{
	static const char *const certs[] = {CARD_AUTH_CERT, CARD_SIGN_CERT};
	struct str signature, message = STR("CLP1 AUTH\nrp=rp:test\n");
	enum jpki_alg found;
	struct str der;

	must(jpki_select(&port, APPLET_JPKI));
	must(jpki_cert(&port, &f.arena, KEY_AUTH, false, &der));
	must(jpki_alg_of(der, &found));
	assert_int_equal(found, alg);
	must_be(jpki_sign(&port, &f.arena, KEY_AUTH, alg, message, &signature), ERR_DENIED);
	verify(SECRET_AUTH, AUTH_PIN, JPKI_RIGHT, 3);
	must_be(jpki_sign(&port, &f.arena, KEY_SIGN, alg, message, &signature), ERR_DENIED);
	verify(SECRET_SIGN, SIGN_PASSWORD, JPKI_RIGHT, 5);
	for (enum card_key key = KEY_AUTH; key < KEY_COUNT; key++) {
		must(jpki_sign(&port, &f.arena, key, alg, message, &signature));
		assert_true(fixture_verifies(&f, certs[key], message, signature));
		assert_false(fixture_verifies(&f, certs[!key], message, signature));
		assert_false(fixture_verifies(&f, certs[key], STR("another"), signature));
	}
	/* Selected anew, the card has forgotten. */
	must(jpki_select(&port, APPLET_JPKI));
	must_be(jpki_sign(&port, &f.arena, KEY_AUTH, alg, message, &signature), ERR_DENIED);
}

static void test_sign_rsa(void **state)
{
	struct str signature;

	(void)state;
	sign_both(JPKI_RS256);
	verify(SECRET_AUTH, AUTH_PIN, JPKI_RIGHT, 3);
	must_be(jpki_sign(&port, &f.arena, KEY_AUTH, JPKI_ES384, STR("x"), &signature),
		ERR_INVALID);
}

static void test_sign_p384(void **state)
{
	struct str signature;

	(void)state;
	sign_both(JPKI_ES384);
	verify(SECRET_AUTH, AUTH_PIN, JPKI_RIGHT, 3);
	must_be(jpki_sign(&port, &f.arena, KEY_AUTH, JPKI_RS256, STR("x"), &signature),
		ERR_UNAVAILABLE);
	assert_string_equal(jpki_alg_name(JPKI_ES384), "ES384");
	assert_string_equal(jpki_alg_name(JPKI_RS256), "RS256");
}

static void test_alg_of(void **state)
{
	enum jpki_alg alg;

	(void)state;
	must_be(jpki_alg_of(STR(""), &alg), ERR_INVALID);
	must_be(jpki_alg_of(STR("\x30\x02xy"), &alg), ERR_INVALID);
}

static void test_text(void **state)
{
	struct str bytes, signature;

	(void)state;
	must(jpki_select(&port, APPLET_TEXT));
	must_be(jpki_text_file(&port, &f.arena, 2, &bytes), ERR_DENIED);
	verify(SECRET_TEXT, TEXT_PIN, JPKI_RIGHT, 3);
	must(jpki_text_file(&port, &f.arena, 2, &bytes));
	assert_true(str_eq(bytes, STR("\xFF\x20\x01x")));
	must_be(jpki_text_file(&port, &f.arena, 3, &bytes), ERR_NOT_FOUND);
	/* The My Number is not read, whatever is verified. */
	must_be(jpki_text_file(&port, &f.arena, 1, &bytes), ERR_DENIED);
	must(jpki_select(&port, APPLET_TEXT));
	must(jpki_text_sign(&port, &f.arena, STR("challenge"), &signature));
	assert_true(fixture_verifies(&f, "text-cert.der", STR("challenge"), signature));
}

static void test_phone_has_no_text(void **state)
{
	static const char *const files[] = {
		CARD_TEXT("0001"), CARD_TEXT("0002"), CARD_TEXT("0004"), CARD_TEXT_KEY};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		must(disk_remove(f.dir, files[i]));
	must_be(jpki_select(&port, APPLET_TEXT), ERR_NOT_FOUND);
}

/* A reader without a card, and one that answers nonsense. */
static err gone(void *arg, struct str apdu, struct buf *answer)
{
	(void)arg;
	(void)apdu;
	(void)answer;
	return err_make(ERR_UNAVAILABLE);
}

static err nonsense(void *arg, struct str apdu, struct buf *answer)
{
	(void)apdu;
	buf_str(answer, *(const struct str *)arg);
	return ok();
}

static void test_bad_ports(void **state)
{
	static struct str answers[] = {STR_INIT(""), STR_INIT("\x90"), STR_INIT("\x90\x00"),
		STR_INIT("abc\x90\x00"), STR_INIT("\x6F\x00")};
	const struct card_port no_card = {gone, NULL};
	struct str out;
	enum jpki_verdict verdict;
	unsigned left;
	bool a, b;

	(void)state;
	must_be(jpki_select(&no_card, APPLET_JPKI), ERR_UNAVAILABLE);
	must_be(jpki_verify(&no_card, SECRET_AUTH, STR("1234"), &verdict, &left), ERR_UNAVAILABLE);
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		const struct card_port bad = {nonsense, &answers[i]};

		assert_true(failed(jpki_token(&bad, &f.arena, &out)));
		assert_true(
			failed(jpki_sign(&bad, &f.arena, KEY_AUTH, JPKI_RS256, STR("m"), &out)));
		assert_true(failed(jpki_text_sign(&bad, &f.arena, STR("m"), &out)));
		assert_true(failed(jpki_tries(&bad, SECRET_AUTH, &left)));
		/* "abc" is three bytes, and the beginning of an object. */
		if (i == 3)
			continue;
		assert_true(failed(jpki_available(&bad, &a, &b)));
		assert_true(failed(jpki_cert(&bad, &f.arena, KEY_AUTH, false, &out)));
	}
}

#define WITH_CARD(test) cmocka_unit_test_setup_teardown(test, make_rsa, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {WITH_CARD(test_about), WITH_CARD(test_secrets),
		WITH_CARD(test_change), WITH_CARD(test_certificates),
		WITH_CARD(test_broken_objects), WITH_CARD(test_sign_rsa),
		cmocka_unit_test_setup_teardown(test_sign_p384, make_p384, clean),
		WITH_CARD(test_alg_of), WITH_CARD(test_text), WITH_CARD(test_phone_has_no_text),
		WITH_CARD(test_bad_ports)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

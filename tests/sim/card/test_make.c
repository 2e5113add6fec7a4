/* Cards as they are made, and the city hall: with an authority of their own. */
#include "check_text.h"
#include "fixture.h"

#include "base/time.h"
#include "base/utf8.h"
#include "crypto/init.h"
#include "sim/card/cast.h"
#include "sim/card/disk.h"
#include "sim/card/hall.h"
#include "sim/card/jpki.h"
#include "sim/card/signer.h"

#include <ftw.h>
#include <openssl/x509.h>

static struct arena arena;
static char root[64];
static struct ca ca;
static int64_t now;
/* The card of the test that runs. */
static const char *whole;

static void must(err e)
{
	if (failed(e))
		fail_msg("%s: %s", err_name(e.code), err_detail());
}

static const char *in_root(const char *name)
{
	return str_c(&arena, str_fmt(&arena, "%s/%s", root, name));
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	must(crypto_init());
	now = time_now();
	(void)snprintf(root, sizeof root, "/tmp/softcard-make-XXXXXX");
	assert_non_null(mkdtemp(root));
	must(ca_init(in_root("ca"), now));
	must(ca_open(&arena, in_root("ca"), &ca));
	return 0;
}

static int end(void **state)
{
	(void)state;
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	arena_release(&arena);
	return 0;
}

static struct card_order order(void)
{
	return (struct card_order){.now = now,
		.about = {.label = STR("test"),
			.token = STR("JPKIAPICCTOKEN2"),
			.root = STR("1"),
			.expires_on = date_add_months(time_date(now), 24),
			.security_code = STR("2285"),
			.holder = {.name = STR("黒桐　幹也"),
				.address = STR("東京都清瀬市観布子南１２－７－２０２"),
				.birth = STR("19800217"),
				.era = 3,
				.sex = 1,
				.name_subst = STR("00000"),
				.address_subst = STR("000000000000000000"),
				.prefecture = STR("Tokyo-to"),
				.municipality = STR("Kiyose-shi")}},
		.secrets = {STR("1234"), STR("PASS1234"), STR("5678"), {0}, {0}}};
}

/* A card of its own for a test. */
static int make_one(void **state)
{
	static unsigned count;
	struct card_order made = order();

	(void)state;
	whole = str_c(&arena, str_fmt(&arena, "card-%u", ++count));
	must(card_make(&ca, in_root(whole), &made));
	return 0;
}

static struct str file(const char *card, const char *name)
{
	struct str bytes;

	must(disk_read(&arena, in_root(card), name, &bytes));
	return bytes;
}

static bool has_file(const char *card, const char *name)
{
	struct str bytes;

	return !failed(disk_read(&arena, in_root(card), name, &bytes));
}

static struct card_state state_of(const char *card)
{
	struct card_state about;

	must(card_state_read(&arena, in_root(card), &about));
	return about;
}

static struct str anchor_of_cards(void)
{
	struct str bytes;

	must(disk_read(&arena, in_root("ca/anchors"), "cv-1.bin", &bytes));
	return bytes;
}

/* As an app reads them. */
static struct text_files read_text(const char *dir)
{
	struct card card;
	struct text_files files = {.root = anchor_of_cards(), .challenge = STR("a challenge")};
	enum jpki_verdict verdict;
	unsigned left;

	must(card_open(&arena, in_root(dir), &card));
	struct card_port port = card_port_folder(&card);

	must(jpki_select(&port, APPLET_TEXT));
	must(jpki_verify(&port, SECRET_TEXT, STR("5678"), &verdict, &left));
	assert_int_equal(verdict, JPKI_RIGHT);
	must(jpki_text_file(&port, &arena, 2, &files.basic4));
	must(jpki_text_file(&port, &arena, 3, &files.integrity));
	must(jpki_text_file(&port, &arena, 4, &files.certificate));
	must(jpki_text_file(&port, &arena, 7, &files.signed_key));
	must(jpki_text_sign(&port, &arena, files.challenge, &files.answer));
	return files;
}

static bool revoked(struct str serial, enum ca_reason reason)
{
	struct ca_entry entry;

	must(ca_find(&ca, &arena, serial, &entry));
	assert_true(!entry.revoked || entry.reason == reason);
	return entry.revoked;
}

static void check_pair(const char *card, const char *key, const char *cert)
{
	AUTO_SIGNER signer = {0};

	must(signer_open(file(card, key), &signer));
	assert_true(signer_matches(&signer, file(card, cert)));
}

static void test_whole_card(void **state)
{
	struct card_order made = order();

	(void)state;
	check_pair(whole, CARD_AUTH_KEY, CARD_AUTH_CERT);
	check_pair(whole, CARD_SIGN_KEY, CARD_SIGN_CERT);
	assert_int_equal(file(whole, CARD_TOKEN).n, 160);
	assert_true(str_eq(file(whole, CARD_AVAILABLE), STR("\x8F\x8F\0")));
	assert_true(str_find(file(whole, CARD_SIGN_CERT), made.about.holder.address) > 0);
	assert_true(str_find(file(whole, CARD_AUTH_CERT), made.about.holder.name) < 0);
	assert_int_equal(file(whole, CARD_TEXT("0005")).n, 162);
	assert_int_equal(file(whole, CARD_TEXT("0006")).n, 269);
	assert_int_equal(file(whole, CARD_TEXT("0007")).n, 536);
	struct card_state about = state_of(whole);

	assert_false(revoked(about.serials[KEY_AUTH], CA_UNSPECIFIED));
	assert_false(revoked(about.serials[KEY_SIGN], CA_UNSPECIFIED));
	assert_int_equal(card_make(&ca, in_root(whole), &made).code, ERR_CONFLICT);
}

/* Neither the secrets nor the My Number stand in card.json. */
static void test_nothing_secret(void **state)
{
	struct str about = file(whole, CARD_STATE_FILE), number = file(whole, CARD_TEXT("0001"));

	(void)state;
	assert_true(str_find(about, STR("1234\"")) < 0);
	assert_true(str_find(about, STR("PASS1234")) < 0);
	assert_true(str_find(about, STR("5678\"")) < 0);
	assert_int_equal(number.n, 17);
	assert_true(str_find(about, str_sub(number, 3, 12)) < 0);
	assert_true(str_find(about, STR("$argon2id$")) > 0);
}

/* Whatever byte of a file is another, something does not hold. */
static void flip_each(const struct text_files *good, struct str *flipped, struct text_files *files)
{
	struct str all = *flipped;

	for (size_t i = 0; i < all.n; i++) {
		AUTO_ARENA one;

		arena_init(&one, 1u << 20);
		*files = *good;
		struct str copy = str_dup(&one, all);

		((char *)(uintptr_t)copy.p)[i] ^= 0x01;
		*flipped = copy;
		if (text_files_hold(files))
			fail_msg("byte %zu of %zu may change", i, all.n);
	}
	*files = *good;
}

static void test_text_is_signed(void **state)
{
	struct text_files good = read_text(whole), files = good;

	(void)state;
	assert_true(text_files_hold(&good));
	flip_each(&good, &files.basic4, &files);
	flip_each(&good, &files.integrity, &files);
	flip_each(&good, &files.certificate, &files);
	flip_each(&good, &files.signed_key, &files);
	flip_each(&good, &files.answer, &files);
	files.challenge = STR("another challenge");
	assert_false(text_files_hold(&files));
}

/* The My Number file is covered in whole, with what stands behind the number. */
static void test_number_is_covered(void **state)
{
	struct str inside = text_value(file(whole, CARD_TEXT("0003")), 0xFF30), value;
	uint8_t digest[32];

	(void)state;
	assert_true(text_next(&inside, 0xDF31, &value));
	unsigned n = 0;
	struct str number = file(whole, CARD_TEXT("0001"));

	assert_true(EVP_Digest(number.p, number.n, digest, &n, EVP_sha256(), NULL) == 1);
	assert_true(str_eq(value, str_make((const char *)digest, n)));
}

static void test_codes(void **state)
{
	struct card card;
	struct card_port port;
	enum jpki_verdict verdict;
	unsigned left;
	struct card_state about = state_of(whole);
	struct str number = str_sub(file(whole, CARD_TEXT("0001")), 3, 12);

	(void)state;
	must(card_open(&arena, in_root(whole), &card));
	port = card_port_folder(&card);
	must(jpki_select(&port, APPLET_TEXT));
	must(jpki_verify(&port, SECRET_CODE_A, number, &verdict, &left));
	assert_int_equal(verdict, JPKI_RIGHT);
	must(jpki_verify(&port, SECRET_CODE_B, card_code_b(&arena, &about), &verdict, &left));
	assert_int_equal(verdict, JPKI_RIGHT);
}

static void test_refused_orders(void **state)
{
	struct {
		struct card_order order;
	} bad[16];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 16; i++)
		bad[i].order = order();
	bad[n++].order.secrets[SECRET_AUTH] = STR("12345");
	bad[n++].order.secrets[SECRET_AUTH] = STR("12a4");
	bad[n++].order.secrets[SECRET_SIGN] = STR("pass1234");
	bad[n++].order.secrets[SECRET_SIGN] = STR("PASS1");
	bad[n++].order.about.token = STR("");
	bad[n++].order.about.root = STR("3");
	bad[n++].order.about.expires_on = 20270230;
	bad[n++].order.about.security_code = STR("228");
	bad[n++].order.issued_on = 20261301;
	bad[n++].order.about.holder.name = STR("");
	bad[n++].order.about.holder.name_subst = STR("0000");
	bad[n++].order.about.holder.birth = STR("19800230");
	bad[n++].order.about.holder.sex = 4;
	bad[n++].order.about.holder.municipality = STR("");
	bad[n++].order.about.holder.address = STR("a\nb");
	bad[n++].order.about.holder.era = 10;
	for (size_t i = 0; i < n; i++) {
		err e = card_make(&ca, in_root("bad"), &bad[i].order);

		if (e.code != ERR_INVALID)
			fail_msg("order %zu: %s", i, err_name(e.code));
		assert_false(has_file("bad", CARD_STATE_FILE));
		(void)rmdir(in_root("bad"));
	}
}

static const struct hall_address moved_to = {STR_INIT("福岡県福岡市中央区天神１－８－１"),
	STR_INIT("Fukuoka-ken"), STR_INIT("Fukuoka-shi")};

static void test_move(void **state)
{
	const struct hall_address to = moved_to;
	const struct hall_address nowhere = {STR(""), STR("Fukuoka-ken"), STR("Fukuoka-shi")};
	struct card_state before = state_of(whole);
	struct str number = file(whole, CARD_TEXT("0001"));

	(void)state;
	assert_int_equal(hall_move(&ca, in_root(whole), &nowhere, now).code, ERR_INVALID);
	assert_false(revoked(before.serials[KEY_SIGN], CA_UNSPECIFIED));
	must(hall_move(&ca, in_root(whole), &to, now));
	assert_true(revoked(before.serials[KEY_SIGN], CA_AFFILIATION));
	assert_false(revoked(before.serials[KEY_AUTH], CA_UNSPECIFIED));
	struct text_files files = read_text(whole);

	assert_true(text_files_hold(&files));
	assert_true(str_find(files.basic4, to.address) > 0);
	assert_true(str_eq(number, file(whole, CARD_TEXT("0001"))));
	/* The certificate with the old address is still on it. */
	assert_true(str_find(file(whole, CARD_SIGN_CERT), before.holder.address) > 0);
	/* Interrupted and done again. */
	must(hall_move(&ca, in_root(whole), &to, now));
}

static void test_renew(void **state)
{
	struct card_state before = state_of(whole), after;
	struct str old_key = file(whole, CARD_AUTH_KEY);
	int32_t until = date_add_months(time_date(now), 36);

	(void)state;
	must(hall_move(&ca, in_root(whole), &moved_to, now));
	assert_int_equal(hall_renew(&ca, in_root(whole), time_date(now), now).code, ERR_INVALID);
	assert_int_equal(hall_renew(&ca, in_root(whole), 20270230, now).code, ERR_INVALID);
	must(hall_renew(&ca, in_root(whole), until, now));
	after = state_of(whole);
	assert_true(revoked(before.serials[KEY_AUTH], CA_CESSATION));
	/* That one was revoked by the move, and stays so. */
	assert_true(revoked(before.serials[KEY_SIGN], CA_AFFILIATION));
	assert_false(str_eq(before.serials[KEY_AUTH], after.serials[KEY_AUTH]));
	assert_false(revoked(after.serials[KEY_AUTH], CA_UNSPECIFIED));
	assert_false(revoked(after.serials[KEY_SIGN], CA_UNSPECIFIED));
	assert_int_equal(after.expires_on, until);
	assert_false(str_eq(old_key, file(whole, CARD_AUTH_KEY)));
	check_pair(whole, CARD_AUTH_KEY, CARD_AUTH_CERT);
	check_pair(whole, CARD_SIGN_KEY, CARD_SIGN_CERT);
	assert_true(str_find(file(whole, CARD_SIGN_CERT), after.holder.address) > 0);
	/* The secrets are those from before; code B has the new year. */
	assert_true(str_eq(before.secrets[SECRET_AUTH].hash, after.secrets[SECRET_AUTH].hash));
	test_codes(state);
}

static void test_lock_and_unlock(void **state)
{
	const struct str none[SECRET_COUNT] = {{0}},
			 pin[SECRET_COUNT] = {STR("4321"), {0}, {0}, {0}, {0}};
	const struct str bad[SECRET_COUNT] = {STR("43210"), {0}, {0}, {0}, {0}};
	struct card card;
	struct card_port port;
	enum jpki_verdict verdict;
	unsigned left;

	(void)state;
	must(hall_lock(in_root(whole), SECRET_AUTH));
	must(card_open(&arena, in_root(whole), &card));
	port = card_port_folder(&card);
	must(jpki_select(&port, APPLET_JPKI));
	must(jpki_verify(&port, SECRET_AUTH, STR("1234"), &verdict, &left));
	assert_int_equal(verdict, JPKI_LOCKED);
	must(hall_unlock(in_root(whole), none));
	must(jpki_verify(&port, SECRET_AUTH, STR("1234"), &verdict, &left));
	assert_int_equal(verdict, JPKI_RIGHT);
	assert_int_equal(hall_unlock(in_root(whole), bad).code, ERR_INVALID);
	must(hall_unlock(in_root(whole), pin));
	must(jpki_verify(&port, SECRET_AUTH, STR("1234"), &verdict, &left));
	assert_int_equal(verdict, JPKI_WRONG);
	must(jpki_verify(&port, SECRET_AUTH, STR("4321"), &verdict, &left));
	assert_int_equal(verdict, JPKI_RIGHT);
	assert_int_equal(hall_unlock(in_root("none"), none).code, ERR_NOT_FOUND);
	assert_int_equal(hall_lock(in_root("none"), SECRET_AUTH).code, ERR_NOT_FOUND);
	assert_int_equal(hall_renew(&ca, in_root("none"), 20990101, now).code, ERR_NOT_FOUND);
}

/* --- the cast --- */

static X509 *cert_of(const char *card, const char *name)
{
	struct str der = file(card, name);
	const unsigned char *p = (const unsigned char *)der.p;
	X509 *cert = d2i_X509(NULL, &p, (long)der.n);

	assert_non_null(cert);
	return cert;
}

static bool expired(const char *card, const char *name)
{
	X509 *cert = cert_of(card, name);
	bool past = X509_cmp_current_time(X509_get0_notAfter(cert)) < 0;

	assert_true(X509_cmp_current_time(X509_get0_notBefore(cert)) < 0);
	X509_free(cert);
	return past;
}

/* The certificate verifies under the key of the root that is on the card beside it. */
static bool hangs_on(
	const char *card, const char *cert_name, const char *root_card, const char *root_name)
{
	X509 *cert = cert_of(card, cert_name), *above = cert_of(root_card, root_name);
	bool good = X509_verify(cert, X509_get0_pubkey(above)) == 1;

	X509_free(cert);
	X509_free(above);
	return good;
}

static void check_actor(size_t i)
{
	const char *card = str_c(&arena, str_fmt(&arena, "cast/%s", cast_cards[i].name));
	struct card_state about = state_of(card);
	bool child = !strcmp(cast_cards[i].name, "child"),
	     phone = !strcmp(cast_cards[i].name, "phone");

	assert_true(str_eq(about.label, str_of(cast_cards[i].words)));
	check_pair(card, CARD_AUTH_KEY, CARD_AUTH_CERT);
	assert_true(hangs_on(card, CARD_AUTH_CERT, card, CARD_AUTH_CA));
	assert_int_equal(expired(card, CARD_AUTH_CERT), !strcmp(cast_cards[i].name, "expired"));
	assert_int_equal(has_file(card, CARD_SIGN_CERT), !child);
	assert_int_equal(!str_absent(about.serials[KEY_SIGN]), !child);
	if (!child) {
		check_pair(card, CARD_SIGN_KEY, CARD_SIGN_CERT);
		assert_int_equal(revoked(about.serials[KEY_SIGN], CA_AFFILIATION),
			!strcmp(cast_cards[i].name, "moved"));
	}
	assert_int_equal(has_file(card, CARD_TEXT("0002")), !phone);
	if (!phone) {
		struct text_files files = read_text(card);

		assert_true(text_files_hold(&files));
		assert_true(str_find(files.basic4, about.holder.name) > 0);
	}
	assert_int_equal(
		about.secrets[SECRET_AUTH].tries, strcmp(cast_cards[i].name, "locked") ? 3 : 0);
}

static void test_cast(void **state)
{
	(void)state;
	must(cast_make(&ca, in_root("cast"), (struct str){0}, now));
	for (size_t i = 0; i < CAST_COUNT; i++)
		check_actor(i);
	struct card_state about = state_of("cast/long-address");

	assert_int_equal(utf8_count(about.holder.address), 200);
	assert_int_equal(utf8_count(state_of("cast/long-name").holder.name), 60);
	assert_true(str_find_byte(state_of("cast/substitute").holder.name_subst, '1') >= 0);
	assert_int_equal(state_of("cast/birth-unknown").holder.era, 0);
	assert_true(str_eq(state_of("cast/phone").token, STR("JPKIAPGPSETOKEN")));
	/* The other root has the same name and another key. */
	assert_false(hangs_on("cast/other-root", CARD_AUTH_CERT, "cast/student", CARD_AUTH_CA));
	bool ec;

	must(signer_cert_is_ec(file("cast/p384", CARD_SIGN_CERT), &ec));
	assert_true(ec);
	must(signer_cert_is_ec(file("cast/student", CARD_SIGN_CERT), &ec));
	assert_false(ec);
}

static void test_cast_only(void **state)
{
	(void)state;
	assert_int_equal(
		cast_make(&ca, in_root("few"), STR("student,nobody"), now).code, ERR_INVALID);
	assert_int_equal(access(in_root("few"), F_OK), -1);
	must(cast_make(&ca, in_root("few"), STR("child"), now));
	assert_true(has_file("few/child", CARD_STATE_FILE));
	assert_false(has_file("few/student", CARD_STATE_FILE));
	assert_int_equal(cast_make(&ca, in_root("few"), STR("child"), now).code, ERR_CONFLICT);
}

#define WITH_CARD(test) cmocka_unit_test_setup(test, make_one)

int main(void)
{
	const struct CMUnitTest tests[] = {WITH_CARD(test_whole_card),
		WITH_CARD(test_nothing_secret), WITH_CARD(test_text_is_signed),
		WITH_CARD(test_number_is_covered), WITH_CARD(test_codes),
		cmocka_unit_test(test_refused_orders), WITH_CARD(test_move), WITH_CARD(test_renew),
		WITH_CARD(test_lock_and_unlock), cmocka_unit_test(test_cast),
		cmocka_unit_test(test_cast_only)};

	return cmocka_run_group_tests(tests, begin, end);
}

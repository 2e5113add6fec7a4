/* sim/card/card: every command with every status word, hostile APDUs, the security state. */
#include "fixture.h"

#include "sim/card/apdu.h"
#include "sim/card/disk.h"

#include <fcntl.h>
#include <sys/stat.h>

static struct fixture f;

static int make(void **state)
{
	(void)state;
	fixture_make(&f, false);
	return 0;
}

static int make_p384(void **state)
{
	(void)state;
	fixture_make(&f, true);
	return 0;
}

static int clean(void **state)
{
	(void)state;
	fixture_remove(&f);
	return 0;
}

struct expected {
	const char *apdu;
	unsigned status;
};

static void check_all(const struct expected *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned status = fixture_send(&f, rows[i].apdu);

		if (status != rows[i].status)
			fail_msg("%s: %04X, not %04X", rows[i].apdu, status, rows[i].status);
	}
}

#define CHECK(rows) check_all(rows, sizeof rows / sizeof *rows)

static void test_select(void **state)
{
	static const struct expected rows[] = {/* nothing is selected yet */
		{"00A4020C 02 0001", 0x6A82}, {"00200080", 0x6986}, {"00B00000 00", 0x6986},
		{"802A0080 01 00 00", 0x6986}, {"802A0000 01 00 00", 0x6A86}, {SELECT_JPKI, 0x9000},
		{"00A4020C 02 000A", 0x9000}, {"00A4020C 02 00FF", 0x6A82},
		{"00A4020C 02 0003", 0x6A82}, {"00A4020C 02 0011", 0x6A82},
		/* a name that is none, in part, too long */
		{"00A4040C 0A D392F000260100000002", 0x6A82}, {"00A4040C 01 D3", 0x6A82},
		{"00A4040C 11 D392F00026010000000100000000000000", 0x6700},
		/* other forms of the command */
		{"00A40400 0A D392F000260100000001", 0x6A86}, {"00A4000C 02 3F00", 0x6A86},
		{"00A4040C 0A D392F000260100000001 00", 0x6700}, {"00A4020C 01 00", 0x6700},
		{"00A4020C 03 000001", 0x6700}, {"00A4020C", 0x6700}, {"00A40000", 0x6A86},
		/* what failed has selected nothing */
		{"00B00000 04", 0x9000}, {SELECT_TEXT, 0x9000}, {"00B00000 04", 0x6986},
		{"00A4020C 02 0011", 0x9000}, {"00A4020C 02 0018", 0x6A82}};

	(void)state;
	CHECK(rows);
}

static void test_unknown_commands(void **state)
{
	static const struct expected rows[] = {{"00CA0000 00", 0x6D00}, {"00840000 08", 0x6D00},
		{"80FC0000", 0x6D00}, {"00C00000 00", 0x6D00}, {"80CA0000", 0x6D00},
		{"002A9E9A 01 00 00", 0x6E00}, {"80A4040C 0A D392F000260100000001", 0x6E00},
		{"0CA4040C 0A D392F000260100000001", 0x6E00}, {"FFFFFFFF", 0x6E00},
		{"01A4040C 00", 0x6E00}};

	(void)state;
	CHECK(rows);
}

static void test_lengths(void **state)
{
	static const struct expected rows[] = {{SELECT_JPKI, 0x9000},
		/* too short for a header */
		{"", 0x6700}, {"00", 0x6700}, {"00A4", 0x6700}, {"00A404", 0x6700},
		/* Lc beside the data */
		{"00A4020C 02 00", 0x6700}, {"00A4020C 02 000A0000", 0x6700},
		{"00A4020C FF 000A", 0x6700}, {"00A4020C 00 0A", 0x6700},
		/* extended forms: right, and wrong */
		{"00A4020C 000002 000A", 0x9000}, {"00A4020C 000002 000A 0000", 0x6700},
		{"00A4020C 000002 000A 00", 0x6700}, {"00A4020C 000000 000A", 0x6700},
		{"00A4020C 000003 000A", 0x6700}, {"00A4020C 0000", 0x6700},
		{"00B00000 000000", 0x9000}, {"00B00000 000004", 0x9000},
		{"00B00000 00000000", 0x6700},
		/* commands that want no data, or no Le */
		{"00B00000", 0x6700}, {"00B00000 01 00", 0x6700}, {"00B00000 01 00 00", 0x6700},
		{"00A4020C 02 0018", 0x9000}, {"00200080 04 31323334 00", 0x6700},
		{"00240180 04 31323334 00", 0x6700}, {"00240180", 0x6700}, {"00240180 00", 0x6700}};

	(void)state;
	CHECK(rows);
}

static void test_read(void **state)
{
	struct str data, file;
	static const struct expected rows[] = {{"00B07FFF 00", 0x6B00}, {"00B08A00 00", 0x9000},
		{"00B08A80 00", 0x9000}, {"00B08000 00", 0x6A86}, {"00B0CA00 00", 0x6A86},
		{"00B0A000 00", 0x6A86}, {"00B08300 00", 0x6A82}, {"00B09800 00", 0x6981},
		{"00B09700 00", 0x6981}, {"00B08100 00", 0x6982}};

	(void)state;
	assert_int_equal(fixture_send(&f, SELECT_JPKI), 0x9000);
	assert_int_equal(fixture_send(&f, "00A4020C 02 0006"), 0x9000);
	assert_int_equal(fixture_ask(&f, "00B00000 00", &data), 0x9000);
	assert_true(str_eq(data, STR("JPKIAPICCTOKEN2                 ")));
	assert_int_equal(fixture_ask(&f, "00B00004 03", &data), 0x9000);
	assert_true(str_eq(data, STR("API")));
	assert_int_equal(fixture_ask(&f, "00B0001F 00", &data), 0x9000);
	assert_int_equal(data.n, 1);
	assert_int_equal(fixture_send(&f, "00B00020 00"), 0x6B00);
	CHECK(rows);
	/* An extended Le takes the whole file at once. */
	assert_int_equal(fixture_send(&f, "00A4020C 02 000A"), 0x9000);
	assert_int_equal(fixture_ask(&f, "00B00000 000000", &data), 0x9000);
	assert_false(failed(disk_read(&f.arena, f.dir, CARD_AUTH_CERT, &file)));
	assert_true(str_eq(data, file));
	assert_int_equal(fixture_ask(&f, "00B00000 00", &data), 0x9000);
	assert_int_equal(data.n, 256);
}

static void test_verify(void **state)
{
	static const struct expected rows[] = {{"00200080", 0x63C3}, {"00200080 00", 0x63C3},
		{"00200098", 0x63C3}, {"0020009B", 0x63C5}, {"00200080", 0x63C5},
		{"00A4020C 02 0018", 0x9000}, {"00200180 04 31323334", 0x6A86},
		{"00200000 04 31323334", 0x6A86}, {"002000C0 04 31323334", 0x6A86},
		{"00200099 04 31323334", 0x6A82}, {"00200081 04 31323334", 0x6985},
		{"00200097 04 31323334", 0x6985}, {"00A4020C 02 0018", 0x9000},
		/* longer than any secret: no try */
		{"00200080 11 3131313131313131313131313131313131", 0x6700}, {"00200080", 0x63C3},
		/* of another length, but a secret: a try */
		{"00200080 03 313233", 0x63C2}, {"00200080 05 3132333430", 0x63C1},
		{"00200080 04 31323334", 0x9000}, {"00200080", 0x63C3},
		{"00200080 04 30303030", 0x63C2}, {"00200080 04 30303030", 0x63C1},
		{"00200080 04 30303030", 0x63C0}, {"00200080 04 31323334", 0x6984},
		{"00200080 04 30303030", 0x6984}, {"00200080", 0x63C0}, {SELECT_JPKI, 0x9000},
		{"00200098 04 31323334", 0x6984}, {"0020009B", 0x63C5}};

	(void)state;
	assert_int_equal(fixture_send(&f, SELECT_JPKI), 0x9000);
	assert_int_equal(fixture_send(&f, "00A4020C 02 0018"), 0x9000);
	CHECK(rows);
}

static void test_sign_password(void **state)
{
	(void)state;
	assert_int_equal(fixture_send(&f, SELECT_JPKI), 0x9000);
	for (unsigned left = 4; left < 5; left--)
		assert_int_equal(fixture_verify(&f, 0x1B, "WRONG1"), 0x63C0 | left);
	assert_int_equal(fixture_verify(&f, 0x1B, SIGN_PASSWORD), 0x6984);
	assert_int_equal(fixture_verify(&f, 0x18, AUTH_PIN), 0x9000);
}

static void test_text_secrets(void **state)
{
	static const struct expected before[] = {
		{"00B08100 00", 0x6982}, {"00B08200 00", 0x6982}, {"00B08400 00", 0x9000}};
	static const struct expected pin[] = {{"00B08100 00", 0x9000}, {"00B08200 00", 0x9000}};
	static const struct expected a[] = {{"00B08100 00", 0x9000}, {"00B08200 00", 0x6982}};
	static const struct expected b[] = {{"00B08100 00", 0x6982}, {"00B08200 00", 0x9000}};

	(void)state;
	assert_int_equal(fixture_send(&f, SELECT_TEXT), 0x9000);
	CHECK(before);
	assert_int_equal(fixture_verify(&f, 0x11, TEXT_PIN), 0x9000);
	CHECK(pin);
	assert_int_equal(fixture_send(&f, SELECT_TEXT), 0x9000);
	CHECK(before);
	assert_int_equal(fixture_verify(&f, 0x14, "000000000000"), 0x63C9);
	assert_int_equal(fixture_verify(&f, 0x14, CODE_A), 0x9000);
	CHECK(a);
	assert_int_equal(fixture_send(&f, SELECT_TEXT), 0x9000);
	assert_int_equal(fixture_verify(&f, 0x15, CODE_B), 0x9000);
	CHECK(b);
	/* The codes are printed on the card: they cannot be changed. */
	assert_int_equal(fixture_send(&f, "00240195 04 31323334"), 0x6985);
}

static void test_change(void **state)
{
	static const struct expected rows[] = {{"00240198 04 39383736", 0x6982},
		{"00240098 04 39383736", 0x6A86}, {"00240100 04 39383736", 0x6A86},
		{"00240197 04 39383736", 0x6985}};
	static const struct expected forms[] = {{"00240180 03 393837", 0x6A80},
		{"00240180 05 3938373635", 0x6A80}, {"00240180 04 39383741", 0x6A80},
		{"00240180 11 3131313131313131313131313131313131", 0x6700},
		{"00240180 04 39383736", 0x9000}};
	static const struct expected password[] = {{"00240180 05 4142434445", 0x6A80},
		{"00240180 06 414243646566", 0x6A80}, {"00240180 06 41424344452D", 0x6A80},
		{"00240180 10 41424344454631323334353637383930", 0x9000},
		{"00240180 06 414243444546", 0x9000}};

	(void)state;
	assert_int_equal(fixture_send(&f, SELECT_JPKI), 0x9000);
	CHECK(rows);
	assert_int_equal(fixture_verify(&f, 0x1B, SIGN_PASSWORD), 0x9000);
	CHECK(password);
	assert_int_equal(fixture_send(&f, "00240198 04 39383736"), 0x6982);
	assert_int_equal(fixture_verify(&f, 0x18, AUTH_PIN), 0x9000);
	CHECK(forms);
	assert_int_equal(fixture_verify(&f, 0x18, AUTH_PIN), 0x63C2);
	assert_int_equal(fixture_send(&f, "00240180 04 31323334"), 0x6982);
	assert_int_equal(fixture_verify(&f, 0x18, "9876"), 0x9000);
	assert_int_equal(fixture_verify(&f, 0x1B, "ABCDEF"), 0x9000);
}

#define DIGEST_32 "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"
#define DIGEST_INFO "3031300D060960864801650304020105000420"
/* SHA-256 of "abc" */
#define ABC_32 "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"

static void signs(const char *apdu, const char *cert)
{
	struct str signature;

	assert_int_equal(fixture_ask(&f, apdu, &signature), 0x9000);
	assert_int_equal(signature.n, 256);
	if (cert)
		assert_true(fixture_verifies(&f, cert, STR("abc"), signature));
}

static void test_sign(void **state)
{
	static const struct expected closed[] = {{"00A4020C 02 0017", 0x9000},
		{"802A0080 33 " DIGEST_INFO ABC_32 " 00", 0x6982}, {"802A009A 01 00 00", 0x6982}};
	static const struct expected wrong[] = {{"802A0097 00", 0x6700}, {"802A0097", 0x6700},
		{"802A0097 01 00", 0x6700}, {"802A0197 00", 0x6700},
		{"802A0297 20 " DIGEST_32, 0x6700}, {"802A0297 01 00 00", 0x6700},
		{"802A0497 01 00 00", 0x6700}, {"802A0697 20 " DIGEST_32 " 00", 0x6A86},
		{"802A8097 20 " DIGEST_32 " 00", 0x6A86}, {"802A00D7 20 " DIGEST_32 " 00", 0x6A86},
		{"802A0000 20 " DIGEST_32 " 00", 0x6A86}, {"802A0098 20 " DIGEST_32 " 00", 0x6985},
		{"802A008A 20 " DIGEST_32 " 00", 0x6985}, {"802A0093 20 " DIGEST_32 " 00", 0x6A82},
		{"802A0097 20 " DIGEST_32 " FF", 0x6C00}, {"802A0097 20 " DIGEST_32 " 01", 0x6C00}};

	(void)state;
	assert_int_equal(fixture_send(&f, SELECT_JPKI), 0x9000);
	CHECK(closed);
	assert_int_equal(fixture_verify(&f, 0x18, AUTH_PIN), 0x9000);
	CHECK(wrong);
	/* OpenSC's way, then the direct one, then the card's own digest. */
	assert_int_equal(fixture_send(&f, "00A4020C 02 0017"), 0x9000);
	signs("802A0080 33 " DIGEST_INFO ABC_32 " 00", CARD_AUTH_CERT);
	signs("802A0097 33 " DIGEST_INFO ABC_32 " 00", CARD_AUTH_CERT);
	signs("802A0297 20 " ABC_32 " 00", CARD_AUTH_CERT);
	signs("802A0397 03 616263 00", CARD_AUTH_CERT);
	signs("802A0397 000003 616263 0000", CARD_AUTH_CERT);
	signs("802A0397 000003 616263 0100", CARD_AUTH_CERT);
	signs("802A0197 03 616263 00", NULL);
	signs("802A0497 20 " ABC_32 " 00", NULL);
	signs("802A0597 03 616263 00", NULL);
	assert_int_equal(fixture_send(&f, "802A009A 01 00 00"), 0x6982);
}

/* 245 bytes is what the padding leaves; 246 is refused. */
static void test_sign_longest(void **state)
{
	static const char *const heads[] = {"802A0097 F5", "802A0097 F6", "802A0397 FF"};
	static const size_t sizes[] = {245, 246, 255};
	static const unsigned want[] = {0x9000, 0x6700, 0x9000};
	char hex[600];

	(void)state;
	assert_int_equal(fixture_send(&f, SELECT_JPKI), 0x9000);
	assert_int_equal(fixture_verify(&f, 0x18, AUTH_PIN), 0x9000);
	for (size_t i = 0; i < 3; i++) {
		size_t at = (size_t)snprintf(hex, sizeof hex, "%s", heads[i]);

		for (size_t n = 0; n < sizes[i]; n++)
			at += (size_t)snprintf(hex + at, sizeof hex - at, "5A");
		(void)snprintf(hex + at, sizeof hex - at, "00");
		assert_int_equal(fixture_send(&f, hex), want[i]);
	}
}

static void test_sign_p384(void **state)
{
	static const struct expected rows[] = {{"802A0097 20 " DIGEST_32 " 00", 0x6700},
		{"802A0197 03 616263 00", 0x6A86}, {"802A0497 20 " DIGEST_32 " 00", 0x6A86},
		{"802A0397 03 616263 5F", 0x6C60}};
	struct str signature;

	(void)state;
	assert_int_equal(fixture_send(&f, SELECT_JPKI), 0x9000);
	assert_int_equal(fixture_verify(&f, 0x18, AUTH_PIN), 0x9000);
	CHECK(rows);
	assert_int_equal(fixture_ask(&f, "802A0397 03 616263 60", &signature), 0x9000);
	assert_int_equal(signature.n, 96);
	assert_true(fixture_verifies(&f, CARD_AUTH_CERT, STR("abc"), signature));
}

static void test_text_key(void **state)
{
	struct str signature;

	(void)state;
	assert_int_equal(fixture_send(&f, SELECT_TEXT), 0x9000);
	assert_int_equal(
		fixture_ask(&f, "802A0000 33 " DIGEST_INFO ABC_32 " 00", &signature), 0x9000);
	assert_true(fixture_verifies(&f, "text-cert.der", STR("abc"), signature));
	assert_int_equal(fixture_send(&f, "802A0097 33 " DIGEST_INFO ABC_32 " 00"), 0x6A82);
}

static void test_forgetting(void **state)
{
	static const struct expected rows[] = {{"00B08100 00", 0x9000}, {SELECT_JPKI, 0x9000},
		{"00B08100 00", 0x6982}, {"0020009B 06 414243313233", 0x9000},
		{"00B08100 00", 0x9000},
		/* a wrong one takes back what the right one gave */
		{"0020009B 06 414243313234", 0x63C4}, {"00B08100 00", 0x6982}};

	(void)state;
	assert_int_equal(fixture_send(&f, SELECT_JPKI), 0x9000);
	assert_int_equal(fixture_verify(&f, 0x1B, SIGN_PASSWORD), 0x9000);
	CHECK(rows);
	assert_int_equal(fixture_verify(&f, 0x1B, SIGN_PASSWORD), 0x9000);
	card_reset(&f.card);
	assert_int_equal(fixture_send(&f, "00B08100 00"), 0x6A82);
	assert_int_equal(fixture_send(&f, SELECT_JPKI), 0x9000);
	assert_int_equal(fixture_send(&f, "00B08100 00"), 0x6982);
}

/* A card whose memory fails compares nothing. */
static void test_memory_failure(void **state)
{
	char path[128], moved[128];

	(void)state;
	assert_int_equal(fixture_send(&f, SELECT_JPKI), 0x9000);
	assert_int_equal(fixture_send(&f, "00A4020C 02 0018"), 0x9000);
	(void)snprintf(path, sizeof path, "%s/card.json", f.dir);
	(void)snprintf(moved, sizeof moved, "%s/kept.json", f.dir);
	assert_int_equal(rename(path, moved), 0);
	assert_int_equal(fixture_send(&f, "00200080 04 31323334"), 0x6581);
	assert_int_equal(fixture_send(&f, "00200080"), 0x6581);
	assert_int_equal(rename(moved, path), 0);
	/* No new file can be written. */
	(void)snprintf(moved, sizeof moved, "%s/card.json.new", f.dir);
	assert_int_equal(mkdir(moved, 0700), 0);
	assert_int_equal(fixture_send(&f, "00200080 04 31323334"), 0x6581);
	assert_int_equal(fixture_send(&f, "802A0397 03 616263 00"), 0x6982);
	assert_int_equal(rmdir(moved), 0);
	assert_int_equal(fixture_send(&f, "00200098"), 0x63C3);
	/* A key that is none. */
	assert_int_equal(fixture_verify(&f, 0x18, AUTH_PIN), 0x9000);
	assert_false(failed(disk_write(f.dir, CARD_AUTH_KEY, STR("\x30\x01x"))));
	assert_int_equal(fixture_send(&f, "802A0397 03 616263 00"), 0x6581);
}

static void test_damaged_cards(void **state)
{
	static const struct str damaged[] = {STR_INIT(""), STR_INIT("{"), STR_INIT("{}"),
		STR_INIT("[]"), STR_INIT("{\"label\":1}")};
	struct card card;
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
		assert_false(failed(disk_write(f.dir, "card.json", damaged[i])));
		assert_int_equal(card_open(&f.arena, f.dir, &card).code, ERR_INVALID);
	}
	(void)snprintf(path, sizeof path, "%s/none", f.dir);
	assert_int_equal(card_open(&f.arena, path, &card).code, ERR_NOT_FOUND);
}

/* A card without a signing certificate and its secret. */
static void test_what_is_not_on_it(void **state)
{
	struct card_state about;

	(void)state;
	assert_false(failed(card_state_read(&f.arena, f.dir, &about)));
	about.secrets[SECRET_SIGN] = (struct secret_state){0};
	assert_false(failed(card_state_write(f.dir, &about)));
	assert_false(failed(disk_remove(f.dir, CARD_SIGN_CERT)));
	assert_false(failed(disk_remove(f.dir, CARD_SIGN_KEY)));
	assert_int_equal(fixture_send(&f, SELECT_JPKI), 0x9000);
	assert_int_equal(fixture_send(&f, "00A4020C 02 0001"), 0x6A82);
	assert_int_equal(fixture_send(&f, "802A009A 01 00 00"), 0x6A82);
	assert_int_equal(fixture_send(&f, "0020009B"), 0x6A82);
	assert_int_equal(fixture_verify(&f, 0x1B, SIGN_PASSWORD), 0x6A82);
}

#define WITH_CARD(test) cmocka_unit_test_setup_teardown(test, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {WITH_CARD(test_select), WITH_CARD(test_unknown_commands),
		WITH_CARD(test_lengths), WITH_CARD(test_read), WITH_CARD(test_verify),
		WITH_CARD(test_sign_password), WITH_CARD(test_text_secrets), WITH_CARD(test_change),
		WITH_CARD(test_sign), WITH_CARD(test_sign_longest),
		cmocka_unit_test_setup_teardown(test_sign_p384, make_p384, clean),
		WITH_CARD(test_text_key), WITH_CARD(test_forgetting),
		WITH_CARD(test_memory_failure), WITH_CARD(test_damaged_cards),
		WITH_CARD(test_what_is_not_on_it)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

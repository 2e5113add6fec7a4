/* identity/card_text: the text applet's files, which count to the last byte. */
#include "identity/card_text.h"

#include "identity/tlv.h"
#include "text_fixture.h"

static enum idv_error fault_of(struct evidence card)
{
	AUTO_VERIFIED struct verified verified = {0};
	enum idv_error fault = IDV_ERROR_internal;
	assert_int_equal(
		evidence_check(&fixture.arena, fixture.anchors, &card, NOW, &verified, &fault).code,
		OK);
	return fault;
}

static void expect(struct evidence card, enum idv_error wanted, const char *what)
{
	enum idv_error fault = fault_of(card);
	if (fault != wanted)
		fail_msg("%s: %d (%s), not %d", what, fault, err_detail(), wanted);
}

static void test_lengths(void **state)
{
	(void)state;
	struct str rest = STR("\xDF\x22\x02xy\xDF\x23\x00"), content;
	struct tlv value;
	assert_int_equal(tlv_take(&rest, 0xDF23, &value).code, ERR_INVALID);
	assert_int_equal(tlv_take(&rest, 0xDF22, &value).code, OK);
	assert_true(str_eq(value.content, STR("xy")) && value.whole.n == 5);
	assert_int_equal(tlv_take(&rest, 0xDF23, &value).code, OK);
	assert_int_equal(value.content.n, 0);
	assert_int_equal(tlv_take(&rest, 0xDF23, &value).code, ERR_INVALID);
	static const struct str bad[] = {
		STR_INIT(""),
		STR_INIT("\xDF"),
		STR_INIT("\xDF\x22"),
		STR_INIT("\xDF\x22\x01"),
		STR_INIT("\xDF\x22\x01xy"),
		STR_INIT("\xDF\x22\x80xx"),
		STR_INIT("\xDF\x22\x81"),
		STR_INIT("\xDF\x22\x81\x01x"),
		STR_INIT("\xDF\x22\x82\x00"),
		STR_INIT("\xDF\x22\x82\x00\x01x"),
		STR_INIT("\xDF\x22\x83\x00\x00\x01x"),
		STR_INIT("\xDF\x22\xFFx"),
	};
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(tlv_only(bad[i], 0xDF22, &content).code, ERR_INVALID);
	char text[400] = {0};
	static const size_t sizes[] = {0, 0x7F, 0x80, 0xFF, 0x100, 400};
	for (size_t i = 0; i < COUNT(sizes); i++) {
		assert_int_equal(
			tlv_only(tlv_made(0xDF22, str_make(text, sizes[i])), 0xDF22, &content).code,
			OK);
		assert_int_equal(content.n, sizes[i]);
	}
}

/* The bytes of a published reading of a test card: its lengths and offsets. */
static void test_known_bytes(void **state)
{
	(void)state;
	struct str file = ef0002_of(right_items);
	assert_true(str_starts(
		file, STR("\xFF\x20\x65\xDF\x21\x08\x00\x0E\x00\x20\x00\x59\x00\x64\xDF\x22\x0F"
			  "\xE9\xBB\x92")));
	assert_int_equal(file.n, 0x65 + 3);
	struct basic4 out;
	assert_int_equal(card_text_basic4(file, &out).code, OK);
	assert_true(str_eq(out.name, right_items.name) && str_eq(out.address, right_items.address));
	assert_true(out.year == 1980 && out.month == 2 && out.day == 17 && out.sex == 1);
	assert_true(str_empty(out.name_subst) && str_empty(out.address_subst));
	assert_int_equal(out.source, IDV_CARD_TEXT);
}

static void test_right(void **state)
{
	(void)state;
	expect(text_card(right_items), IDV_ERROR_NONE, "as it should be");
	struct items items = right_items;
	struct str long_address = STR("");
	for (int i = 0; i < 200; i++)
		long_address = joined(long_address, STR("町"));
	items.address = long_address; /* lengths behind 82 */
	expect(text_card(items), IDV_ERROR_NONE, "a long address");
	items.address = str_sub(long_address, 0, 150); /* and behind 81 */
	expect(text_card(items), IDV_ERROR_NONE, "a middle address");
}

/* Whatever byte is changed, of whatever file. */
static void test_every_byte_counts(void **state)
{
	(void)state;
	struct evidence card = text_card(right_items);
	struct str *files[] = {&card.ef0002, &card.ef0003, &card.ef0004, &card.ef0007,
		&card.signature, &card.statement};
	for (size_t f = 0; f < COUNT(files); f++) {
		struct str kept = *files[f];
		char *bytes = arena_alloc(&fixture.arena, kept.n);
		memcpy(bytes, kept.p, kept.n);
		*files[f] = str_make(bytes, kept.n);
		for (size_t i = 0; i < kept.n; i++) {
			unsigned mask = 1u << i % 8;
			bytes[i] = (char)((unsigned char)bytes[i] ^ mask);
			if (fault_of(card) == IDV_ERROR_NONE)
				fail_msg("file %zu, byte %zu does not count", f, i);
			bytes[i] = (char)((unsigned char)bytes[i] ^ mask);
		}
		*files[f] = joined(kept, STR("\0"));
		assert_int_not_equal(fault_of(card), IDV_ERROR_NONE);
		*files[f] = str_sub(kept, 0, kept.n - 1);
		assert_int_not_equal(fault_of(card), IDV_ERROR_NONE);
		*files[f] = STR("");
		assert_int_not_equal(fault_of(card), IDV_ERROR_NONE);
		*files[f] = kept;
	}
	expect(card, IDV_ERROR_NONE, "unchanged");
}

static void test_faults(void **state)
{
	(void)state;
	struct evidence card = text_card(right_items), other = card;
	struct items items = right_items;
	items.name = STR("別人");
	other.ef0002 = ef0002_of(items);
	expect(other, IDV_ERROR_sig_invalid, "items of another card");
	other.ef0002 = joined(card.ef0002, STR("\xFF"));
	expect(other, IDV_ERROR_basic4_malformed, "something behind the items");
	other = card;
	other.ef0003 = STR("\xFF\x30\x00");
	expect(other, IDV_ERROR_basic4_malformed, "no digests");
	other = card;
	other.ef0004 = STR("x");
	expect(other, IDV_ERROR_cert_malformed, "no certificate");
	other.ef0004 = replaced(card.ef0004, str_sub(card.ef0004, 10, 16), STR("0123456789abcdef"));
	expect(other, IDV_ERROR_cert_untrusted, "a root key that is unknown");
	other.ef0004 = replaced(card.ef0004, str_sub(card.ef0004, 26, 16), STR("0123456789abcdef"));
	expect(other, IDV_ERROR_cert_untrusted, "another name for the office's key");
	other = card;
	other.ef0007 = tlv_made(0xFF50, STR(""));
	expect(other, IDV_ERROR_cert_malformed, "no key");
	other = card;
	other.ef0007 = text_card(right_items).ef0007;
	expect(other, IDV_ERROR_sig_invalid, "the key of another card");
	other = card;
	other.statement = STR("another statement");
	expect(other, IDV_ERROR_sig_invalid, "another statement");
	other = card;
	other.ef0002 = STR("\xFF\x10\x0C"
			   "123456789012\xFF\xFF");
	expect(other, IDV_ERROR_my_number_present, "the file with the My Number");
	other.ef0002 = card.ef0002;
	other.ef0007 = STR("\xFF\x10\x0C"
			   "123456789012\xFF\xFF");
	expect(other, IDV_ERROR_my_number_present, "the file with the My Number elsewhere");
}

/* A key that the card made for itself, or that another authority has signed. */
static void test_strangers(void **state)
{
	(void)state;
	struct evidence card = text_card(right_items), fake = card;
	struct str private, public;
	assert_int_equal(ca_text_key(&fixture.arena, &private, &public).code, OK);
	struct str head = tlv_made(0xDF51, public);
	fake.ef0007 =
		tlv_made(0xFF50, joined(head, tlv_made(0xDF52, sign_with(private, head, false))));
	fake.signature = sign_with(private, STATEMENT, false);
	expect(fake, IDV_ERROR_sig_invalid, "a key that signs itself");

	/* An office that nobody made. */
	struct str body = joined(str_sub(card.ef0004, 10, 32), public);
	fake.ef0004 = tlv_made(0x7F21,
		joined(tlv_made(0x5F4E, body), tlv_made(0x5F37, sign_with(private, body, false))));
	expect(fake, IDV_ERROR_cert_untrusted, "an office of its own");

	struct ca ours = fixture.ca;
	const char *dir = in_folder("other");
	assert_int_equal(ca_init(dir, NOW - 5 * YEAR).code, OK);
	assert_int_equal(ca_open(&fixture.arena, dir, &fixture.ca).code, OK);
	struct evidence stranger = text_card(right_items);
	fixture.ca = ours;
	expect(stranger, IDV_ERROR_cert_untrusted, "a card of another authority");
	struct evidence mixed = card;
	mixed.ef0002 = stranger.ef0002;
	mixed.ef0003 = stranger.ef0003;
	expect(mixed, IDV_ERROR_sig_invalid, "its items with our office");

	/* PSS is not how applets sign. */
	fake = card;
	fake.ef0007 = ef0007_of(public);
	fake.signature = sign_with(private, STATEMENT, true);
	expect(fake, IDV_ERROR_sig_invalid, "PSS");
	fake.signature = sign_with(private, STATEMENT, false);
	expect(fake, IDV_ERROR_NONE, "PKCS 1");
}

/* Signed by the office, and still not what items can be: only the last step sees it. */
static void test_items(void **state)
{
	(void)state;
	static const struct {
		struct items items;
		enum idv_error fault;
	} rows[] = {
		{{STR_INIT("A"), STR_INIT("B"), STR_INIT("20000229"), STR_INIT("2"), 0},
			IDV_ERROR_NONE},
		{{STR_INIT("A"), STR_INIT("B"), STR_INIT("20000000"), STR_INIT("3"), 0},
			IDV_ERROR_NONE},
		{{STR_INIT("A"), STR_INIT("B"), STR_INIT("20000229"), STR_INIT("9"), 0},
			IDV_ERROR_NONE},
		{{STR_INIT(""), STR_INIT("B"), STR_INIT("20000229"), STR_INIT("2"), 0},
			IDV_ERROR_basic4_malformed},
		{{STR_INIT("A\n"), STR_INIT("B"), STR_INIT("20000229"), STR_INIT("2"), 0},
			IDV_ERROR_basic4_malformed},
		{{STR_INIT("\xFF"), STR_INIT("B"), STR_INIT("20000229"), STR_INIT("2"), 0},
			IDV_ERROR_basic4_malformed},
		{{STR_INIT("A"), STR_INIT("B"), STR_INIT("20010229"), STR_INIT("2"), 0},
			IDV_ERROR_basic4_malformed},
		{{STR_INIT("A"), STR_INIT("B"), STR_INIT("2001022"), STR_INIT("2"), 0},
			IDV_ERROR_basic4_malformed},
		{{STR_INIT("A"), STR_INIT("B"), STR_INIT("200102288"), STR_INIT("2"), 0},
			IDV_ERROR_basic4_malformed},
		{{STR_INIT("A"), STR_INIT("B"), STR_INIT("20010228"), STR_INIT("0"), 0},
			IDV_ERROR_basic4_malformed},
		{{STR_INIT("A"), STR_INIT("B"), STR_INIT("20010228"), STR_INIT("\0"), 0},
			IDV_ERROR_basic4_malformed},
		{{STR_INIT("A"), STR_INIT("B"), STR_INIT("20010228"), STR_INIT(""), 0},
			IDV_ERROR_basic4_malformed},
		{{STR_INIT("A"), STR_INIT("B"), STR_INIT("20010228"), STR_INIT("12"), 0},
			IDV_ERROR_basic4_malformed},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		AUTO_VERIFIED struct verified verified = {0};
		struct evidence card = text_card(rows[i].items);
		struct basic4 out = {.year = 7};
		enum idv_error fault;
		assert_int_equal(evidence_check(&fixture.arena, fixture.anchors, &card, NOW,
					 &verified, &fault)
					 .code,
			OK);
		assert_int_equal(fault, IDV_ERROR_NONE);
		assert_int_equal(evidence_basic4(&fixture.arena, &verified, &out, &fault).code, OK);
		if (fault != rows[i].fault)
			fail_msg("row %zu: %d", i, fault);
		if (fault == IDV_ERROR_NONE)
			assert_int_equal(out.sex, i == 0 ? 2 : 3);
		else
			assert_int_equal(out.year, 7);
	}
	struct items items = right_items;
	items.shift = 1;
	expect(text_card(items), IDV_ERROR_basic4_malformed, "offsets that point elsewhere");
	items.shift = 0x100;
	expect(text_card(items), IDV_ERROR_basic4_malformed, "offsets that point far away");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_known_bytes),
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_every_byte_counts),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_items),
	};
	return cmocka_run_group_tests(tests, card_setup, card_teardown);
}

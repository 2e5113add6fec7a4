/* sim/card/text: bytes as they are known from a test card; lengths at their borders; My Numbers. */
#include "check_text.h"
#include "fixture.h"

#include "base/encode.h"
#include "sim/card/make.h"
#include "sim/card/text.h"

static struct arena arena;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, 8u << 20);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct str hex_of(struct str bytes)
{
	struct buf out;

	buf_init(&out, &arena, 1u << 16);
	hex_write(&out, bytes);
	return buf_view(&out);
}

/* Published by those who read a test card of the real authority. */
static void test_known_bytes(void **state)
{
	const struct card_holder holder = {.name = STR("黒桐　幹也"),
		.address = STR("東京都清瀬市観布子南１２－７－２０２"),
		.birth = STR("19800217"),
		.sex = 1};
	struct str file;

	(void)state;
	assert_false(failed(text_basic4(&arena, &holder, &file)));
	assert_true(str_eq(hex_of(file), STR("ff2065df2108000e002000590064df22"
					     "0fe9bb92e6a190e38080e5b9b9e4b99f"
					     "df2336e69db1e4baace983bde6b885e7"
					     "80ace5b882e8a6b3e5b883e5ad90e58d"
					     "97efbc91efbc92efbc8defbc97efbc8d"
					     "efbc92efbc90efbc92df240831393830"
					     "30323137df250131")));
}

static struct str letters(size_t n)
{
	char *text = arena_alloc(&arena, n + 1);

	memset(text, 'A', n);
	return str_make(text, n);
}

/* Each length where the header of the whole or of a field grows: the table must still be right. */
static void test_lengths(void **state)
{
	(void)state;
	for (size_t n = 1; n <= 600; n++) {
		const struct card_holder holder = {.name = letters(n),
			.address = STR("x"),
			.birth = STR("20000101"),
			.sex = 2};
		struct str file, inside, table, value;

		assert_false(failed(text_basic4(&arena, &holder, &file)));
		inside = text_value(file, 0xFF20);
		assert_true(text_next(&inside, 0xDF21, &table) && table.n == 8);
		for (unsigned i = 0; i < 4; i++) {
			size_t want =
				(size_t)(uint8_t)table.p[2 * i] << 8 | (uint8_t)table.p[2 * i + 1];

			assert_int_equal((size_t)(inside.p - file.p), want);
			assert_true(text_next(&inside, 0xDF22 + i, &value));
			if (i == 0)
				assert_int_equal(value.n, n);
		}
		assert_int_equal(inside.n, 0);
	}
}

static void test_sex(void **state)
{
	static const char want[] = {'1', '2', '9'};
	struct card_holder holder = {
		.name = STR("n"), .address = STR("a"), .birth = STR("20000101")};
	struct str file;

	(void)state;
	for (unsigned sex = 1; sex <= 3; sex++) {
		holder.sex = sex;
		assert_false(failed(text_basic4(&arena, &holder, &file)));
		assert_int_equal(file.p[file.n - 1], want[sex - 1]);
	}
	holder.sex = 4;
	assert_int_equal(text_basic4(&arena, &holder, &file).code, ERR_INVALID);
	holder.sex = 0;
	assert_int_equal(text_basic4(&arena, &holder, &file).code, ERR_INVALID);
	holder.sex = 1;
	holder.birth = STR("2000010");
	assert_int_equal(text_basic4(&arena, &holder, &file).code, ERR_INVALID);
}

static void test_my_number(void **state)
{
	char number[12];

	(void)state;
	assert_int_equal(text_check_digit("12345678901"), '8');
	assert_int_equal(text_check_digit("53768667718"), '8');
	assert_int_equal(text_check_digit("00000000000"), '0');
	for (int i = 0; i < 1000; i++) {
		text_false_number(number);
		for (size_t j = 0; j < sizeof number; j++)
			assert_true(number[j] >= '0' && number[j] <= '9');
		assert_int_not_equal(number[11], text_check_digit(number));
	}
	assert_true(str_eq(text_my_number(&arena, "537686677188"), STR("\xFF\x10\x0C"
								       "537686677188\xFF\xFF")));
}

static void test_code_b(void **state)
{
	static const struct {
		struct str birth;
		unsigned era;
		struct str code;
	} rows[] = {
		{STR_INIT("19800217"), 3, STR_INIT("55021720352285")},
		{STR_INIT("20190430"), 4, STR_INIT("31043020352285")},
		{STR_INIT("20190501"), 5, STR_INIT("01050120352285")},
		{STR_INIT("19890107"), 3, STR_INIT("64010720352285")},
		{STR_INIT("19890108"), 4, STR_INIT("01010820352285")},
		{STR_INIT("19261225"), 3, STR_INIT("01122520352285")},
		{STR_INIT("19120730"), 2, STR_INIT("01073020352285")},
		{STR_INIT("18990101"), 1, STR_INIT("32010120352285")},
		{STR_INIT("19550000"), 0, STR_INIT("30000020352285")},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct card_state card = {.expires_on = 20350217,
			.security_code = STR("2285"),
			.holder = {.birth = rows[i].birth}};

		assert_int_equal(card_era(rows[i].birth), rows[i].era);
		assert_true(str_eq(card_code_b(&arena, &card), rows[i].code));
	}
}

/* To the fifth birthday behind the issue, and not longer than the card. */
static void test_last_day(void **state)
{
	static const struct {
		struct str birth;
		int32_t issued, expires, want;
	} rows[] = {
		{STR_INIT("20000410"), 20260409, 20360101, 20300410},
		{STR_INIT("20000410"), 20260410, 20360101, 20310410},
		{STR_INIT("20000410"), 20260411, 20360101, 20310410},
		{STR_INIT("20000410"), 20260411, 20280101, 20280101},
		{STR_INIT("20000229"), 20260301, 20360101, 20310228},
		{STR_INIT("20000229"), 20270301, 20360101, 20320229},
		{STR_INIT("20000000"), 20260101, 20360101, 20301231},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct card_state card = {
			.expires_on = rows[i].expires, .holder = {.birth = rows[i].birth}};

		assert_int_equal(card_certificates_end(&card, rows[i].issued), rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_known_bytes),
		cmocka_unit_test(test_lengths), cmocka_unit_test(test_sex),
		cmocka_unit_test(test_my_number), cmocka_unit_test(test_code_b),
		cmocka_unit_test(test_last_day)};

	return cmocka_run_group_tests(tests, begin, end);
}

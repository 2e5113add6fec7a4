#include "domain/form/input.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* behind base/err.h: it has a macro fail() */

/* Typed values into their own form. What is refused is refused in
 * tests/store/test_domain_registration as well; here are the forms. */

static struct arena arena;
static struct issues issues;
static struct input in;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 16u << 20);
	issues = (struct issues){0};
	in = (struct input){
		.arena = &arena, .locale = locale_get(LANG_EN, false), .issues = &issues};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void assert_text(struct str got, const char *wanted)
{
	assert_int_equal(issues.n, 0);
	assert_int_equal(got.n, strlen(wanted));
	assert_memory_equal(got.p, wanted, got.n);
}

static void refused(enum msg msg)
{
	assert_int_equal(issues.n, 1);
	assert_int_equal(issues.refusals, 1);
	assert_int_equal(issues.v[0].msg, msg);
	issues = (struct issues){0};
}

static void emails(void **state)
{
	char local[66], text[300];

	(void)state;
	assert_text(input_email(&in, STR("email"), STR("  Ｍai.Nguyen+a@EXAMPLE.co.jp　")),
		"mai.nguyen+a@example.co.jp");
	assert_text(input_email(&in, STR("email"), STR("!#$%&'*+-/=?^_`{|}~@a.b")),
		"!#$%&'*+-/=?^_`{|}~@a.b");
	memset(local, 'a', 65);
	snprintf(text, sizeof text, "%.64s@example.jp", local);
	assert_text(input_email(&in, STR("email"), str_of(text)), text);
	snprintf(text, sizeof text, "%.65s@example.jp", local);
	input_email(&in, STR("email"), str_of(text));
	refused(MSG_input_email);
	/* 254 bytes in all, with labels of 63 */
	memset(text, 'b', sizeof text);
	memcpy(text, "a@", 2);
	for (int i = 65; i < 254; i += 64)
		text[i] = '.';
	text[254] = '\0';
	assert_text(input_email(&in, STR("email"), str_make(text, 254)), text);
	text[254] = 'b';
	input_email(&in, STR("email"), str_make(text, 255));
	refused(MSG_input_too_long);
	memset(text, 'b', 70);
	memcpy(text, "a@", 2);
	memcpy(text + 66, ".jp", 4);
	input_email(&in, STR("email"), str_of(text)); /* a label of 64 */
	refused(MSG_input_email);
}

static void names(void **state)
{
	(void)state;
	assert_text(input_name(&in, STR("name"), STR("o\u2019brien-smith,  jr. ")),
		"O'BRIEN-SMITH, JR.");
	assert_text(input_name(&in, STR("name"), STR("Ｎ")), "N");
	assert_text(input_name(&in, STR("name"), STR("null")), "NULL");
	assert_text(input_name(&in, STR("name"), STR(" José  Ñandú\tGroß\u3000")), "JOSE NANDU GROSS");
	assert_text(input_name(&in, STR("name"), STR("Jose\xCC\x81")), "JOSE");
	assert_text(input_name(&in, STR("name"), STR("Nguyễn Thị Mai")), "NGUYEN THI MAI");
	input_name(&in, STR("name"), STR("Joséグ"));
	assert_int_equal(issues.n, 1);
	assert_memory_equal(issues.v[0].args[1].value.p, "グ", 3);
	refused(MSG_input_name_latin);
	/* Two letters come of one: the length is that of the result. */
	struct buf name;

	buf_init(&name, &arena, 1000);
	for (int i = 0; i < LIMIT_NAME / 2; i++)
		buf_lit(&name, "ß");
	(void)input_name(&in, STR("name"), buf_view(&name));
	assert_int_equal(issues.n, 0);
	buf_lit(&name, "e");
	(void)input_name(&in, STR("name"), buf_view(&name));
	refused(MSG_input_too_long);
	input_name(&in, STR("name"), str_make("A\0B", 3));
	refused(MSG_input_name_latin);
	input_name(&in, STR("name"), STR("\xff"));
	refused(MSG_input_name_latin);
}

static void phones_and_codes(void **state)
{
	(void)state;
	assert_text(input_phone(&in, STR("phone"), STR("（０９０） ００００－０００１")),
		"09000000001");
	static const char *const same[] = {
		"+81 90-1234-5678", "+81 (0)90 1234 5678", "＋８１－９０－１２３４－５６７８", "090.1234.5678", "０９０．１２３４．５６７８", "090ー1234ー5678",
		"\u3000090 1234 5678\xC2\xA0", "(090)1234-5678",
	};

	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		assert_text(input_phone(&in, STR("phone"), str_of(same[i])), "09012345678");
	input_phone(&in, STR("phone"), STR("+84 90 1234 5678"));
	refused(MSG_input_phone);
	input_phone(&in, STR("phone"), STR("\xff"));
	refused(MSG_input_phone);
	assert_text(input_phone(&in, STR("phone"), STR("+81 1234567890 1")), "012345678901");
	input_phone(&in, STR("phone"), STR("+81 1234567890 12"));
	refused(MSG_input_too_long);
	input_phone(&in, STR("phone"), STR("090-0000-000x"));
	refused(MSG_input_phone);
	input_phone(&in, STR("phone"), STR("-"));
	refused(MSG_input_required);
	assert_text(input_postal(&in, STR("postal_code"), STR("〒８７４－００００")), "8740000");
	assert_text(input_postal(&in, STR("postal_code"), STR(" 874 0000 ")), "8740000");
	assert_text(input_postal(&in, STR("postal_code"), STR("874ー0000")), "8740000");
	input_postal(&in, STR("postal_code"), STR("874_0000"));
	refused(MSG_input_postal);
	input_postal(&in, STR("postal_code"), STR("〒"));
	refused(MSG_input_required);
	input_postal(&in, STR("postal_code"), STR("\xff"));
	refused(MSG_input_postal);
}

static void addresses_and_lines(void **state)
{
	(void)state;
	assert_text(input_address(&in, STR("address"), STR(" 東京都千代田区1-1 ABCﾋﾞﾙ　")),
		"東京都千代田区１－１　ＡＢＣビル");
	assert_text(
		input_line(&in, STR("org_name"), STR("  か\u3099くえん "), 10, true), "がくえん");
	assert_text(input_line(&in, STR("org_name"), STR("  "), 10, false), "");
	input_line(&in, STR("org_name"), STR("  "), 10, true);
	refused(MSG_input_required);
	input_line(&in, STR("org_name"), STR("12345678901"), 10, true);
	refused(MSG_input_too_long);
	input_line(&in, STR("org_name"), STR("a\nb"), 10, true);
	refused(MSG_input_hidden);
}

static void births(void **state)
{
	(void)state;
	assert_int_equal(
		input_birth(&in, STR("birth_on"), STR("２００４"), STR("2"), STR(" 29"), 20261118),
		20040229);
	assert_int_equal(
		input_birth(&in, STR("birth_on"), STR("2026"), STR("11"), STR("18"), 20261118),
		20261118);
	/* as in the forms: eras, and a whole date where the year stands */
	assert_int_equal(
		input_birth(&in, STR("birth_on"), STR("平成15"), STR("４"), STR("9"), 20261118), 20030409);
	assert_int_equal(
		input_birth(&in, STR("birth_on"), STR("20030409"), STR(""), STR("\u3000"), 20261118), 20030409);
	assert_int_equal(
		input_birth(&in, STR("birth_on"), STR("9 April 2003"), STR(""), STR(""), 20261118), 20030409);
	assert_int_equal(issues.n, 0);
	input_birth(&in, STR("birth_on"), STR("200304"), STR(""), STR(""), 20261118);
	refused(MSG_input_date_part);
	input_birth(&in, STR("birth_on"), STR("20030431"), STR(""), STR(""), 20261118);
	refused(MSG_input_date);
	input_birth(&in, STR("birth_on"), STR("99999"), STR("99"), STR("99"), 20261118);
	refused(MSG_input_date);
	assert_int_equal(
		input_birth(&in, STR("birth_on"), STR("2026"), STR("11"), STR("19"), 20261118), 0);
	refused(MSG_input_date_future);
	assert_int_equal(
		input_birth(&in, STR("birth_on"), STR("2003"), STR("2"), STR("29"), 20261118), 0);
	refused(MSG_input_date);
	assert_int_equal(
		input_birth(&in, STR("birth_on"), STR("1879"), STR("1"), STR("1"), 20261118), 0);
	refused(MSG_input_date);
	assert_int_equal(
		input_birth(&in, STR("birth_on"), STR("2003"), STR("-1"), STR("1"), 20261118), 0);
	refused(MSG_input_date);
	assert_int_equal(
		input_birth(&in, STR("birth_on"), STR("2003"), STR("0"), STR("0"), 20261118), 0);
	refused(MSG_input_date);
	assert_int_equal(input_birth(&in, STR("birth_on"), STR(""), STR(""), STR(""), 20261118), 0);
	refused(MSG_input_required);
	assert_int_equal(
		input_birth(&in, STR("birth_on"), STR("2003"), STR(""), STR("1"), 20261118), 0);
	refused(MSG_input_date_part);
}

/* Every message of this module says its field by name, in both languages. */
static void messages_name_their_field(void **state)
{
	static const struct str paths[] = {
		STR_INIT("email"),
		STR_INIT("email_again"),
		STR_INIT("login"),
		STR_INIT("user_type"),
		STR_INIT("password"),
		STR_INIT("password_again"),
		STR_INIT("name"),
		STR_INIT("org_name"),
		STR_INIT("phone"),
		STR_INIT("postal_code"),
		STR_INIT("address"),
		STR_INIT("sex"),
		STR_INIT("birth_on"),
	};

	(void)state;
	for (int lang = 0; lang < LANG_COUNT; lang++)
		for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
			struct buf words;

			buf_init(&words, &arena, 1000);
			in.locale = locale_get((enum lang)lang, false);
			input_issue(&in, paths[i], MSG_input_required, NULL, 0);
			issue_write_html(&words, in.locale, &issues.v[issues.n - 1]);
			assert_true(str_find(buf_view(&words), STR("{")) < 0);
			assert_true(str_find(buf_view(&words), issues.v[issues.n - 1].args[0].value) >= 0);
			assert_false(str_eq(issues.v[issues.n - 1].args[0].value, paths[i]));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(emails, setup, teardown),
		cmocka_unit_test_setup_teardown(names, setup, teardown),
		cmocka_unit_test_setup_teardown(phones_and_codes, setup, teardown),
		cmocka_unit_test_setup_teardown(addresses_and_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(births, setup, teardown),
		cmocka_unit_test_setup_teardown(messages_name_their_field, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

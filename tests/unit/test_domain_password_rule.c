#include "domain/account/password_rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* behind base/err.h: it has a macro fail() */

/* Which passwords a person may choose. */

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 16u << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* MSG_NONE: accepted. */
static enum msg verdict(const struct password_profile *profile, struct str password)
{
	static const struct password_context context = {
		.email = STR_INIT("hanako.yamada@example.jp"),
		.name = STR_INIT("GARCIA LI O'NEILL"),
		.user_id = STR_INIT("K7MFWX3TRA"),
	};
	struct issues issues = {0};
	const struct input in = {
		.arena = &arena, .locale = locale_get(LANG_EN, false), .issues = &issues};

	password_rule_check(profile, &in, STR("password"), password, &context);
	assert_true(issues.n <= 2);
	for (size_t i = 0; i < issues.n; i++)
		for (size_t a = 0; a < issues.v[i].arg_count; a++)
			if (password.n > 2)
				assert_true(str_find(issues.v[i].args[a].value, password) < 0);
	return issues.n > 0 ? issues.v[0].msg : MSG_NONE;
}

static void the_manual(void **state)
{
	static const struct {
		const char *password;
		enum msg msg;
	} rows[] = {
		{"Kitsune-2026", MSG_NONE}, {"aB3$%&=@_#*+-?!", MSG_NONE},
		{"Kitsune-20", MSG_NONE}, /* 10 */
		{"Kitsune-2", MSG_account_password_length},
		{"Kitsune-2026-Tanuki2", MSG_NONE}, /* 20 */
		{"Kitsune-2026-Tanuki27", MSG_account_password_length}, {"", MSG_input_required},
		{"kitsune-2026", MSG_account_password_kinds},
		{"KITSUNE-2026", MSG_account_password_kinds},
		{"Kitsune-Fox-", MSG_account_password_kinds},
		{"Kitsune22026", MSG_account_password_kinds},
		{"Kitsune 2026-", MSG_account_password_char},
		{"Kitsune-2026;", MSG_account_password_char},
		{"Kitsune-2026\"", MSG_account_password_char},
		{"Kitsüne-2026", MSG_account_password_char},
		{"Ｋitsune-2026", MSG_account_password_char},
		{"Kitsune-2026\n", MSG_account_password_char},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", MSG_account_password_char},
		{"Password-2026", MSG_account_password_easy},
		{"P@$$w0rd#1234", MSG_account_password_easy},
		{"Welcome+12345", MSG_account_password_easy},
		{"--Sakura2026", MSG_account_password_easy}, {"Aa1!Aa1!Aa1!", MSG_NONE},
		{"Hanako-20261", MSG_account_password_personal},
		{"1-xYAMADAx-1", MSG_account_password_personal},
		{"My-Garcia-99", MSG_account_password_personal},
		{"Neill*2026x", MSG_account_password_personal},
		{"k7mfwx3tra-A", MSG_account_password_personal},
		{"Li-Kitsune-26", MSG_NONE}, /* two letters occur by chance */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (verdict(&password_profile_manual, str_of(rows[i].password)) != rows[i].msg)
			fail_msg("row %zu: %s", i, rows[i].password);
	assert_int_equal(verdict(&password_profile_manual, str_make("Kitsune-2026\0x", 14)),
		MSG_account_password_char);
}

static void long_ones(void **state)
{
	static const struct {
		const char *password;
		enum msg msg;
	} rows[] = {
		{"correct horse battery staple", MSG_NONE},
		{"狐と狸の化かし合いは終わらない", MSG_NONE}, /* 15 */
		{"狐と狸の化かし合いは終わらな", MSG_account_password_length},
		{"aaaaaaaaaaaaaaaaaaaa", MSG_account_password_easy},
		{"abababababababababab", MSG_account_password_easy},
		{"abcdefghijklmnopqrst", MSG_account_password_easy},
		{"98765432109876543210", MSG_NONE}, /* 0 and 9 are no neighbours; length must do */
		{"passwordpasswordpassword", MSG_NONE},
		{"hanako is my name too", MSG_account_password_personal},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (verdict(&password_profile_long, str_of(rows[i].password)) != rows[i].msg)
			fail_msg("row %zu: %s", i, rows[i].password);
}

static void one_text_has_one_form(void **state)
{
	struct str a = password_normal(&password_profile_long, &arena, STR("ｶﾞｸｾｲ　１２３"));
	struct str b = password_normal(&password_profile_long, &arena, STR("ガクセイ 123"));

	(void)state;
	assert_true(str_eq(a, b));
	/* the manual's profile takes bytes as they are */
	assert_true(
		str_eq(password_normal(&password_profile_manual, &arena, STR("Ａ")), STR("Ａ")));
	assert_true(
		str_eq(password_normal(&password_profile_long, &arena, STR("\xff")), STR("\xff")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_manual, setup, teardown),
		cmocka_unit_test_setup_teardown(long_ones, setup, teardown),
		cmocka_unit_test_setup_teardown(one_text_has_one_form, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

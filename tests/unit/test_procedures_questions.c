/* What procedures/ has as data: whom a question is not for, who applies, and how long what was accepted is good. */
#include "procedures_fixture.h"

/* Whether a check says so now: 0 no, 1 as a warning, 2 as a refusal. */
static int told(const char *procedure, enum user_type type, const char *words)
{
	struct form_scope scope = scope_of(procedure, type);
	struct issues issues = {0};

	form_check(&scope, &world.arena, NULL, &issues);
	for (size_t i = 0; i < issues.n; i++) {
		struct buf text;

		buf_init(&text, &world.arena, 4096);
		issue_write_html(&text, locale_get(LANG_EN, false), &issues.v[i]);
		if (str_find(buf_view(&text), str_of(words)) >= 0)
			return issues.v[i].warning ? 1 : 2;
	}
	return 0;
}

/* Section T, item 20.7: how money comes to Japan, when somebody abroad or the applicant pays. */
static void test_transfer(void **state)
{
	static const struct {
		const char *procedure, *status, *work, *fund;
		bool asked;
	} table[] = {
		{"extension", "spouse_child_japanese", "yes", "self", true},
		{"extension", "spouse_child_permanent", "yes", "self supporter_japan", true},
		{"extension", "long_term_resident", "no", "self", true},
		{"extension", "long_term_resident", "no", "supporter_abroad", true},
		{"extension", "long_term_resident", "no", "supporter_japan guarantor other", false},
		{"extension", "long_term_resident", "no", "", false},
		{"change", "spouse_child_japanese", "yes", "self", true},
		{"coe", "spouse_child_japanese", "yes", "self", true},
		{"coe", "spouse_child_japanese", "yes", "supporter_japan", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct form_scope scope = scope_of(table[i].procedure, USER_FOREIGN_NATIONAL);

		say("status_group", table[i].status);
		say("status_desired", table[i].status);
		say("purpose_group", table[i].status);
		say("t_has_work", table[i].work);
		say("t_fund", table[i].fund);
		if (form_field_shown(&scope, procedure_field(scope.procedure, STR("t_transfer")), 0) != table[i].asked)
			fail_msg("row %zu: %s", i, table[i].procedure);
	}
}

/* A newborn, or somebody abroad, has no residence card whose number the one who acts for them could give. */
static void test_represented_card(void **state)
{
	const struct form_scope scope = scope_of("usage", USER_LEGAL_REPRESENTATIVE);
	struct issues issues = {0};
	(void)state;
	form_check(&scope, &world.arena, NULL, &issues);
	assert_non_null(issue_at(&issues, "represented_name"));
	assert_null(issue_at(&issues, "represented_card_no"));
	say("represented_card_no", "AB1234567CD");
	form_check(&scope, &world.arena, NULL, &issues);
	assert_non_null(issue_at(&issues, "represented_card_no"));
}

/* Whoever acquires a status has none yet, and no card: nor do the permits that are applied for at the same time ask for them. */
static void test_no_status_yet(void **state)
{
	static const char *const never[] = {"re_status", "re_period", "re_expiry", "re_has_card", "re_card_no", "re_ed_letters", "re_ed_digits",
		"ea_status", "ea_period", "ea_expiry", "ea_has_card", "ea_card_no", "ea_ed_letters", "ea_ed_digits"};
	static const char *const asked[] = {"re_nationality", "re_passport_no", "ea_nationality", "ea_passport_no"};
	const struct form_scope scope = scope_of("acquisition", USER_LEGAL_REPRESENTATIVE);
	const struct form_scope change = scope_of("change", USER_LEGAL_REPRESENTATIVE);
	(void)state;
	say("concurrent", "reentry extra_activity");
	for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
		assert_null(procedure_field(scope.procedure, str_of(never[i])));
		assert_non_null(procedure_field(change.procedure, str_of(never[i])));
	}
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
		assert_true(form_field_shown(&scope, procedure_field(scope.procedure, str_of(asked[i])), 0));
}

static void test_who_applies(void **state)
{
	static const char supervisor[] = "only the supervising organization can apply online";
	static const char departure[] = "cannot apply online for designated activities to prepare your departure";
	static const char relatives[] = "Relatives who are not legal representatives cannot apply for this status";
	(void)state;
	say("status_desired", "technical_intern");
	say("y_kind", "dantai_1");
	assert_int_equal(told("change", USER_FOREIGN_NATIONAL, supervisor), 2);
	assert_int_equal(told("change", USER_ATTORNEY, supervisor), 2);
	assert_int_equal(told("change", USER_ORGANIZATION, supervisor), 0);
	say("y_kind", "kigyo_1");
	assert_int_equal(told("change", USER_FOREIGN_NATIONAL, supervisor), 0);

	say("status_group", "designated");
	say("u_activity", "departure");
	assert_int_equal(told("extension", USER_FOREIGN_NATIONAL, departure), 2);
	say("u_activity", "working_holiday");
	assert_int_equal(told("extension", USER_FOREIGN_NATIONAL, departure), 0);

	say("purpose_group", "business_manager");
	assert_int_equal(told("coe", USER_LEGAL_REPRESENTATIVE, relatives), 1);
	assert_int_equal(told("coe", USER_ORGANIZATION, relatives), 0);
	say("purpose_group", "student");
	assert_int_equal(told("coe", USER_LEGAL_REPRESENTATIVE, relatives), 0);
}

/* Nobody under 15 is a user; a legal representative applies for them. */
static void test_too_young(void **state)
{
	static const char young[] = "If you are under 15";
	(void)state;
	say("birth_date", "20111124");
	assert_int_equal(told("usage", USER_FOREIGN_NATIONAL, young), 2);
	assert_int_equal(told("usage", USER_LEGAL_REPRESENTATIVE, young), 0);
	say("birth_date", "20111123"); /* 15 today */
	assert_int_equal(told("usage", USER_FOREIGN_NATIONAL, young), 0);
	say("birth_date", "2011"); /* who may be 15 is not turned away */
	assert_int_equal(told("usage", USER_FOREIGN_NATIONAL, young), 0);
	say("birth_date", "2012");
	assert_int_equal(told("usage", USER_FOREIGN_NATIONAL, young), 2);
}

/* An organization's request, and each report after it, is good for three years; a person's own has no end. */
static void test_term_of_use(void **state)
{
	(void)state;
	assert_int_equal(scope_of("usage_organization", USER_ORGANIZATION).procedure->use_months, 36);
	assert_int_equal(scope_of("periodic_report", USER_ORGANIZATION).procedure->use_months, 36);
	assert_int_equal(scope_of("usage", USER_FOREIGN_NATIONAL).procedure->use_months, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_transfer, fresh, done), cmocka_unit_test_setup_teardown(test_represented_card, fresh, done),
		cmocka_unit_test_setup_teardown(test_no_status_yet, fresh, done), cmocka_unit_test_setup_teardown(test_who_applies, fresh, done),
		cmocka_unit_test_setup_teardown(test_too_young, fresh, done), cmocka_unit_test_setup_teardown(test_term_of_use, fresh, done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

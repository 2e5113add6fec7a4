/* What procedures/ has as data: which papers each status asks for, and of whom. */
#include "procedures_fixture.h"

#include "domain/attachment/attachment_want.h"

/* Ids of the documents that are expected of this person now, each between blanks. */
static struct str expected(const char *procedure, enum user_type type)
{
	static struct rule_eval eval;
	struct form_scope scope = scope_of(procedure, type);
	struct buf ids;

	buf_init(&ids, &world.arena, LIMIT_PAGE);
	buf_byte(&ids, ' ');
	rule_eval_init(&eval, &scope);
	for (size_t i = 0; i < scope.procedure->document_count; i++) {
		const struct document *document = &scope.procedure->documents[i];

		if (!document->expected || !rule_holds(&eval, document->when))
			continue;
		buf_str(&ids, document->id);
		buf_byte(&ids, ' ');
	}
	return buf_view(&ids);
}

/* Those for which tax information stands that this person got online. */
static struct str by_tax(const char *procedure, enum user_type type)
{
	struct form_scope scope = scope_of(procedure, type);
	struct attachments list = {.tax = true};
	struct attachment_wants wants;
	struct buf ids;

	buf_init(&ids, &world.arena, LIMIT_PAGE);
	buf_byte(&ids, ' ');
	attachment_wants(&world.arena, &scope, &list, &wants);
	for (size_t i = 0; i < wants.n; i++) {
		if (!wants.v[i].by_tax)
			continue;
		assert_false(wants.v[i].expected);
		buf_str(&ids, wants.v[i].id);
		buf_byte(&ids, ' ');
	}
	return buf_view(&ids);
}

static void expect_ids(struct str ids, const char *wanted, bool there)
{
	struct str rest = str_of(wanted), one = {0};

	while (str_next(&rest, ' ', &one)) {
		bool found = str_find(ids, str_fmt(&world.arena, " " STR_FMT " ", STR_ARG(one))) >= 0;

		if (found != there)
			print_error("%s " STR_FMT " in" STR_FMT "\n", there ? "no" : "unwanted", STR_ARG(one), STR_ARG(ids));
		assert_int_equal(found, there);
	}
}

/* No status is left without papers of its own, whatever is answered. */
static void test_each_status(void **state)
{
	static const char *const procedures[][2] = {{"change", "status_desired"}, {"extension", "status_group"}, {"coe", "purpose_group"}};
	const struct choice_list *statuses = map_get(&world.real.lists, STR("status_desired"));
	(void)state;
	assert_non_null(statuses);
	for (size_t p = 0; p < 3; p++) {
		struct str none;

		say(procedures[p][1], "");
		none = expected(procedures[p][0], USER_ORGANIZATION);
		for (size_t i = 0; i < statuses->n; i++) {
			answers_set(&world.answers, str_of(procedures[p][1]), statuses->v[i].value);
			/* What a designated activity or an official needs hangs on what the person says they do. */
			say("u_activity", str_eq(statuses->v[i].value, STR("designated")) ? "housekeeper" : "");
			if (expected(procedures[p][0], USER_ORGANIZATION).n <= none.n)
				print_error("%s " STR_FMT "\n", procedures[p][0], STR_ARG(statuses->v[i].value));
			assert_true(expected(procedures[p][0], USER_ORGANIZATION).n > none.n);
		}
	}
}

/* Tax information is of the person at the counter: it stands for papers of the applicant's own, not of somebody who supports them. */
static void test_by_tax(void **state)
{
	static const struct {
		const char *status, *papers;
	} table[] = {
		{"artist", "j_tax"},
		{"researcher_da36_37", "n_tax_cert n_tax_payment"},
		{"business_manager", "m_tax_cert m_tax_payment"},
		{"medical", "u_tax"},
	};
	static const char *const others[] = {"self supporter_abroad", "supporter_japan", "guarantor", "self other", ""};
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		say("status_group", table[i].status);
		expect_ids(by_tax("extension", USER_FOREIGN_NATIONAL), table[i].papers, true);
		for (enum user_type type = 0; type < USER_TYPE_COUNT; type++)
			if (type != USER_FOREIGN_NATIONAL)
				expect_ids(by_tax("extension", type), table[i].papers, false);
	}
	say("status_group", "spouse_child_japanese");
	say("t_fund", "self");
	expect_ids(by_tax("extension", USER_FOREIGN_NATIONAL), "t_tax_cert t_tax_payment", true);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		say("t_fund", others[i]);
		expect_ids(by_tax("extension", USER_FOREIGN_NATIONAL), "t_tax_cert t_tax_payment", false);
	}
	say("status_group", "dependent_da38_47_epa");
	expect_ids(by_tax("extension", USER_FOREIGN_NATIONAL), "r_supporter_tax", false);
}

/* User manual 4.2.8: the extension of a student. */
static void test_student(void **state)
{
	struct str ids;
	(void)state;
	say("status_group", "student");
	say("has_card", "yes");
	say("p_school_kind", "university");
	ids = expected("extension", USER_FOREIGN_NATIONAL);
	expect_ids(ids, "passport_copy card_copy organization_part p_list p_receipt_request p_enrollment p_transcript", true);
	expect_ids(ids, "p_attendance p_guardian p_admission p_self_funds p_scholarship_cert n_contract t_koseki", false);
	say("p_fund", "self scholarship");
	say("p_school_kind", "japanese");
	ids = expected("extension", USER_FOREIGN_NATIONAL);
	expect_ids(ids, "p_attendance p_self_funds p_scholarship_cert", true);
	expect_ids(ids, "p_remittance p_supporter_job", false);
	/* The school fills in its part itself when it applies. */
	expect_ids(expected("extension", USER_ORGANIZATION), "organization_part", false);
	say("p_moved", "yes");
	expect_ids(expected("extension", USER_FOREIGN_NATIONAL), "p_admission", true);
}

static void test_family(void **state)
{
	struct str ids;
	(void)state;
	say("status_desired", "spouse_child_japanese");
	say("t_position_japanese", "spouse_of_japanese");
	ids = expected("change", USER_FOREIGN_NATIONAL);
	expect_ids(ids, "t_koseki t_marriage_cert t_juminhyo t_guarantee t_questionnaire t_snapshots", true);
	expect_ids(ids, "t_birth_cert t_police_cert organization_part", false);
	say("t_position_japanese", "child_of_japanese");
	ids = expected("change", USER_FOREIGN_NATIONAL);
	expect_ids(ids, "t_koseki t_birth_cert", true);
	expect_ids(ids, "t_marriage_cert t_questionnaire", false);
	say("status_desired", "long_term_resident");
	say("t_position_longterm", "sansei");
	/* What was answered for the other status is hidden, and asks for nothing. */
	ids = expected("change", USER_FOREIGN_NATIONAL);
	expect_ids(ids, "t_koseki t_ancestors t_police_cert", true);
	expect_ids(ids, "t_marriage_cert t_birth_cert", false);
}

static void test_work(void **state)
{
	struct str ids;
	(void)state;
	say("status_desired", "engineer_humanities_da46");
	say("n_edu", "vocational");
	ids = expected("change", USER_FOREIGN_NATIONAL);
	expect_ids(ids, "n_category n_resume n_diploma_title n_contract organization_part", true);
	expect_ids(ids, "n_degree n_it_cert n_care_registration n_skill_years n_tax_cert", false);
	say("status_desired", "nursing_care");
	ids = expected("change", USER_FOREIGN_NATIONAL);
	expect_ids(ids, "n_care_registration", true);
	expect_ids(ids, "n_category n_diploma_title", false);
	/* The points of a highly-skilled professional come beside the papers of the activity. */
	say("status_desired", "hsp_1c_2");
	say("main_activity", "business_manager");
	expect_ids(expected("change", USER_FOREIGN_NATIONAL), "x_proof m_plan m_investment", true);
	/* At the same time: nothing is expected for a permit, but for the certificate there is something to be shown. */
	say("concurrent", "authorized_employment");
	expect_ids(expected("change", USER_FOREIGN_NATIONAL), "ae_card_copy", false);
}

/* Section L serves two: a journalist comes on a contract with the press abroad, a transferee on an order within one company. */
static void test_journalist(void **state)
{
	static const char transferee[] = "l_order l_relation_proof l_last_year";
	struct str ids;
	(void)state;
	say("purpose_group", "journalist_transferee");
	say("purpose_of_entry", "journalist");
	ids = expected("coe", USER_ORGANIZATION);
	expect_ids(ids, "l_category l_press", true);
	expect_ids(ids, transferee, false);
	say("purpose_of_entry", "intra_company_transferee");
	ids = expected("coe", USER_ORGANIZATION);
	expect_ids(ids, transferee, true);
	expect_ids(ids, "l_press", false);
}

/* Only Specified Skilled Workers (i) are supported by a plan, and briefed on it. */
static void test_support_plan(void **state)
{
	(void)state;
	say("status_desired", "specified_skilled");
	say("status_desired_shown", "ssw_1");
	expect_ids(expected("change", USER_ORGANIZATION), "v_plan v_briefing", true);
	say("status_desired_shown", "ssw_2");
	expect_ids(expected("change", USER_ORGANIZATION), "v_plan v_briefing", false);
}

/* Relatives: proof of kinship always, proof that the person cannot apply from 16. */
static void test_relative(void **state)
{
	(void)state;
	say("status_group", "dependent_da38_47_epa");
	say("filed_as", "relative");
	say("birth_date", "20101124");
	expect_ids(expected("extension", USER_LEGAL_REPRESENTATIVE), "rep_proof", true);
	expect_ids(expected("extension", USER_LEGAL_REPRESENTATIVE), "illness_proof", false);
	say("birth_date", "20101123"); /* 16 today */
	expect_ids(expected("extension", USER_LEGAL_REPRESENTATIVE), "rep_proof illness_proof", true);
	say("filed_as", "representative");
	expect_ids(expected("extension", USER_LEGAL_REPRESENTATIVE), "illness_proof", false);
}

/* Section U: some activities have no organization that fills in a part, and the supporter's part of a family is typed at home. */
static void test_organization_part(void **state)
{
	static const char *const without[] = {"entrepreneur", "entrepreneur_family", "j_find", "j_find_family", "taiwan_office_family",
		"palestine_mission_family", "amateur_athlete_family", "parent_of_hsp"};
	static const char *const with[] = {"housekeeper", "taiwan_office", "amateur_athlete", "internship", "nikkei_4", "ski_instructor"};
	static const char *const procedures[] = {"change", "extension", "coe"};
	(void)state;
	say("status_desired", "designated");
	say("status_group", "designated");
	say("purpose_group", "designated");
	for (size_t p = 0; p < 3; p++) {
		for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
			say("u_activity", with[i]);
			expect_ids(expected(procedures[p], USER_FOREIGN_NATIONAL), "organization_part", true);
		}
		for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
			say("u_activity", without[i]);
			expect_ids(expected(procedures[p], USER_FOREIGN_NATIONAL), "organization_part", false);
		}
	}
	say("status_desired", "official");
	say("u_activity", "official");
	expect_ids(expected("change", USER_FOREIGN_NATIONAL), "organization_part", true);
	say("u_activity", "family");
	expect_ids(expected("change", USER_FOREIGN_NATIONAL), "organization_part", false);
}

/* Graduates of a Japanese university under designated activities no. 46 show their Japanese once, with the change. */
static void test_graduate(void **state)
{
	(void)state;
	say("status_desired", "engineer_humanities_da46");
	say("status_group", "engineer_humanities_da46");
	say("purpose_group", "engineer_humanities_da46");
	say("status_desired_shown", "da_graduate");
	expect_ids(expected("change", USER_FOREIGN_NATIONAL), "n_da46_japanese", true);
	expect_ids(expected("extension", USER_FOREIGN_NATIONAL), "n_da46_japanese", false);
	expect_ids(expected("coe", USER_ORGANIZATION), "n_da46_japanese", false);
	say("status_desired_shown", "engineer_humanities");
	expect_ids(expected("change", USER_FOREIGN_NATIONAL), "n_da46_japanese", false);
}

/* A supporter who studies shows a balance or a scholarship; all others what tax they have paid. */
static void test_supporter(void **state)
{
	(void)state;
	say("status_group", "dependent_da38_47_epa");
	say("r_sup_nationality", "VNM");
	expect_ids(expected("extension", USER_FOREIGN_NATIONAL), "r_supporter_tax", true);
	say("r_sup_status", "engineer_humanities");
	expect_ids(expected("extension", USER_FOREIGN_NATIONAL), "r_supporter_tax", true);
	expect_ids(expected("extension", USER_FOREIGN_NATIONAL), "r_supporter_funds", false);
	say("r_sup_status", "student");
	expect_ids(expected("extension", USER_FOREIGN_NATIONAL), "r_supporter_tax", false);
	expect_ids(expected("extension", USER_FOREIGN_NATIONAL), "r_supporter_funds", true);
}

static void test_host(void **state)
{
	(void)state;
	say("status_group", "cultural");
	say("j_kind_cultural", "learn_under_expert");
	expect_ids(expected("extension", USER_FOREIGN_NATIONAL), "j_teacher", true);
	say("j_kind_cultural", "academic");
	expect_ids(expected("extension", USER_FOREIGN_NATIONAL), "j_teacher", false);
	/* The outline of an office or a hospital is asked for with each extension. */
	say("status_group", "legal_accounting");
	expect_ids(expected("extension", USER_FOREIGN_NATIONAL), "u_body", true);
	say("status_group", "medical");
	expect_ids(expected("extension", USER_FOREIGN_NATIONAL), "u_body", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each_status, fresh, done), cmocka_unit_test_setup_teardown(test_student, fresh, done),
		cmocka_unit_test_setup_teardown(test_by_tax, fresh, done),
		cmocka_unit_test_setup_teardown(test_family, fresh, done), cmocka_unit_test_setup_teardown(test_work, fresh, done),
		cmocka_unit_test_setup_teardown(test_journalist, fresh, done), cmocka_unit_test_setup_teardown(test_support_plan, fresh, done),
		cmocka_unit_test_setup_teardown(test_relative, fresh, done), cmocka_unit_test_setup_teardown(test_organization_part, fresh, done),
		cmocka_unit_test_setup_teardown(test_graduate, fresh, done), cmocka_unit_test_setup_teardown(test_supporter, fresh, done),
		cmocka_unit_test_setup_teardown(test_host, fresh, done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

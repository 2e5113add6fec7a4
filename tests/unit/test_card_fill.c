/* domain/card_fill and what is held: forged and odd values first, then what a card fills. */
#include "form_fixture.h"

#include "domain/identity/card_fill.h"
#include "domain/identity/usage.h"

static struct arena arena;
static struct answers answers;
static const struct procedure *procedure;

static const char definition[] =
	"code: 試\n"
	"title: {ja: あ, en: A}\nshort_title: {ja: あ, en: A}\nsummary: {ja: あ, en: A}\nexplanation: {ja: あ, en: A}\n"
	"contact: {ja: あ, en: A}\nterms: {ja: あ, en: A}\nneeds: {ja: あ, en: A}\nafter: {ja: あ, en: A}\n"
	"reception: {from: 0, until: 0}\nuser_types: [foreign_national, legal_representative]\n"
	"name_field: name\nuse: request\nuse_months: 12\ncard_reading: {steps: [auth, basic4], for: [foreign_national]}\n"
	"choices: {sex: [{value: male, ja: おとこ, en: Male}, {value: female, ja: おんな, en: Female}], one_sex: [{value: male, ja: おとこ, en: Male}]}\n"
	"sections:\n"
	"  - id: one\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n"
	"      - {id: name, type: text, script: upper, max_length: 9, required: true, card: name, label: {ja: あ, en: Name}}\n"
	"      - {id: address, type: address, max_length: 10, card: address, label: {ja: あ, en: A}}\n"
	"      - {id: line, type: text, max_length: 10, card: address, label: {ja: あ, en: A}}\n"
	"      - {id: born, type: date, card: birth_date, label: {ja: あ, en: A}}\n"
	"      - {id: about, type: partial_date, card: birth_date, label: {ja: あ, en: A}}\n"
	"      - {id: sex, type: radio, choices: sex, card: sex, label: {ja: あ, en: A}}\n"
	"      - {id: pick, type: select, choices: one_sex, card: sex, label: {ja: あ, en: A}}\n"
	"      - {id: theirs, type: text, max_length: 99, card: name, card_for: [legal_representative], label: {ja: あ, en: A}}\n"
	"      - {id: beside, type: text, max_length: 9, required: true, when: {card: true}, label: {ja: あ, en: A}}\n"
	"      - {id: without, type: text, max_length: 9, required: true, when: {card: false}, label: {ja: あ, en: A}}\n"
	"      - {id: plain, type: text, max_length: 9, label: {ja: あ, en: A}}\n";

static const struct basic4 card = {
	.name = STR_INIT("NGUYEN　THI　MAI"), .address = STR_INIT("大分県別府市石垣東一丁目２番３号"), .year = 2003, .month = 4, .day = 9, .sex = 2};

static int fresh(void **state)
{
	static struct definition_problems problems;
	struct reader reader;

	(void)state;
	arena_init(&arena, LIMIT_STARTUP_ARENA * 2ul);
	reader_init(&reader, &arena, &arena, DATA "/good", &problems);
	assert_int_equal(codes_read_all(&reader).code, OK);
	reader_preset(&reader, "probe/procedure.yaml", str_of(definition));
	procedure = procedure_read(&reader, STR("probe"));
	if (!procedure)
		print_error(STR_FMT, STR_ARG(buf_view(&problems.text)));
	assert_non_null(procedure);
	answers_init(&answers, &arena);
	return 0;
}

static int done(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static const struct field *field(const char *id)
{
	return procedure_field(procedure, str_of(id));
}

static struct str got(const char *id)
{
	return answers_get(&answers, str_of(id));
}

static struct form_scope scope(void)
{
	return (struct form_scope){procedure, &answers, USER_FOREIGN_NATIONAL, TODAY};
}

static void nothing_typed_changes_what_was_read(void **state)
{
	static const char *const forged[] = {"male", "MALE", "", " ", "X", "20000101", "2000-01-01", "東京都"};

	(void)state;
	card_fill(&answers, procedure, USER_FOREIGN_NATIONAL, &card);
	for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
		static const char *const ids[] = {"name", "address", "line", "born", "about", "sex"};

		for (size_t f = 0; f < sizeof ids / sizeof *ids; f++) {
			struct str before = got(ids[f]);

			form_apply(&answers, field(ids[f]), 0, str_of(forged[i]));
			answers_set(&answers, str_of(ids[f]), str_of(forged[i]));
			assert_true(answers_held(&answers, str_of(ids[f])));
			assert_true(str_eq(got(ids[f]), before));
			assert_false(str_empty(got(ids[f])));
		}
	}
	/* What the card does not fill is typed as ever. */
	form_apply(&answers, field("plain"), 0, STR("words"));
	expect_str(got("plain"), "words", "plain");
	assert_false(answers_held(&answers, STR("plain")));
	assert_false(answers_held(&answers, STR("nothing")));
}

static void each_item_in_the_form_of_its_field(void **state)
{
	(void)state;
	answers_set(&answers, STR("sex"), STR("male"));
	answers_set(&answers, STR("born"), STR("19990101"));
	card_fill(&answers, procedure, USER_FOREIGN_NATIONAL, &card);
	expect_str(got("name"), "NGUYEN　THI　MAI", "name");
	expect_str(got("address"), "大分県別府市石垣東一丁目２番３号", "address");
	expect_str(got("line"), "大分県別府市石垣東一丁目２番３号", "line");
	expect_str(got("born"), "20030409", "born");
	expect_str(got("about"), "20030409", "about");
	expect_str(got("sex"), "female", "sex");
	/* Another's card, and a choice that the list does not have. */
	assert_true(str_empty(got("theirs")));
	assert_true(str_empty(got("pick")));
	answers_init(&answers, &arena);
	card_fill(&answers, procedure, USER_LEGAL_REPRESENTATIVE, &card);
	expect_str(got("theirs"), "NGUYEN　THI　MAI", "theirs");
}

static void what_a_card_does_not_tell_is_typed(void **state)
{
	struct basic4 odd = card;

	(void)state;
	answers_set(&answers, STR("born"), STR("20030409"));
	answers_set(&answers, STR("sex"), STR("female"));
	odd.day = 0;
	odd.sex = 3;
	card_fill(&answers, procedure, USER_FOREIGN_NATIONAL, &odd);
	expect_str(got("about"), "200304", "about");
	expect_str(got("born"), "20030409", "born");
	expect_str(got("sex"), "female", "sex");
	assert_false(answers_held(&answers, STR("born")));
	assert_false(answers_held(&answers, STR("sex")));
	assert_true(answers_held(&answers, STR("about")));
	answers_init(&answers, &arena);
	odd.month = 0;
	card_fill(&answers, procedure, USER_FOREIGN_NATIONAL, &odd);
	expect_str(got("about"), "2003", "about");
	answers_init(&answers, &arena);
	odd.year = 0;
	card_fill(&answers, procedure, USER_FOREIGN_NATIONAL, &odd);
	assert_false(answers_held(&answers, STR("about")));
	assert_true(answers.card);
}

/* Too long, in another script, full width: the person could not mend it. */
static void what_was_read_is_not_judged(void **state)
{
	struct form_scope typed = scope();
	struct issues issues;

	(void)state;
	answers_set(&answers, STR("name"), card.name);
	answers_set(&answers, STR("address"), card.address);
	answers_set(&answers, STR("without"), STR("a"));
	form_check(&typed, &arena, NULL, &issues);
	assert_non_null(issue_at(&issues, "name"));
	assert_non_null(issue_at(&issues, "address"));
	card_fill(&answers, procedure, USER_FOREIGN_NATIONAL, &card);
	answers_set(&answers, STR("beside"), STR("a"));
	form_check(&typed, &arena, NULL, &issues);
	assert_int_equal(issues.refusals, 0);
}

static void questions_beside_a_card(void **state)
{
	struct form_scope typed = scope();

	(void)state;
	assert_false(form_field_shown(&typed, field("beside"), 0));
	assert_true(form_field_shown(&typed, field("without"), 0));
	card_fill(&answers, procedure, USER_FOREIGN_NATIONAL, &card);
	assert_true(form_field_shown(&typed, field("beside"), 0));
	assert_false(form_field_shown(&typed, field("without"), 0));
}

/* Held values are stored and submitted as all others; who reads them back must hold them anew. */
static void they_are_stored_as_others(void **state)
{
	struct answers shown, read;
	struct form_scope typed = scope();

	(void)state;
	card_fill(&answers, procedure, USER_FOREIGN_NATIONAL, &card);
	form_shown(&typed, &arena, &shown);
	expect_str(answers_get(&shown, STR("sex")), "female", "shown");
	assert_int_equal(answers_read(&arena, answers_write(&arena, &answers), &read).code, OK);
	expect_str(answers_get(&read, STR("born")), "20030409", "read");
	assert_false(answers_held(&read, STR("born")));
	assert_false(read.card);
	/* Another reading replaces what was held; an empty value lets go. */
	answers_hold(&answers, STR("sex"), STR("male"));
	expect_str(got("sex"), "male", "held again");
	answers_hold(&answers, STR("sex"), STR(""));
	assert_false(answers_held(&answers, STR("sex")));
	answers_hold(&answers, STR("never"), STR(""));
	assert_false(answers_held(&answers, STR("never")));
}

static void same_and_other_readings(void **state)
{
	struct basic4 other = card;

	(void)state;
	assert_true(basic4_same(&card, &other));
	other.read_at = 5;
	other.source = IDV_CARD_TEXT;
	assert_true(basic4_same(&card, &other));
	other.name = STR("NGUYEN");
	assert_false(basic4_same(&card, &other));
	other = card;
	other.address = STR("東京都");
	assert_false(basic4_same(&card, &other));
	other = card;
	other.day = 10;
	assert_false(basic4_same(&card, &other));
	other = card;
	other.sex = 3;
	assert_false(basic4_same(&card, &other));
}

/* ---- the rules of matching ---- */

static const struct {
	const char *account, *form, *card;
	unsigned differs;
} names[] = {
	{"NGUYEN THI MAI", "NGUYEN THI MAI", "NGUYEN　THI　MAI", 0},
	{"NGUYEN THI MAI", "", "nguyen thi mai", 0},
	{"NGUYEN THI MAI", "", "ＮＧＵＹＥＮ　ＴＨＩ　ＭＡＩ", 0},
	{"NGUYEN THI MAI", "", "NGUYỄN THỊ MAI", 0},
	{"NGUYEN THI MAI", "", "NGUYENTHIMAI", 0},
	{"NGUYEN THI MAI", "", "MAI NGUYEN THI", USAGE_NAME},
	{"NGUYEN THI MAI", "", "NGUYEN", USAGE_NAME},
	{"NGUYEN THI MAI", "", "阮氏梅", USAGE_NAME},
	{"NGUYEN THI MAI", "", "", USAGE_NAME},
	{"NGUYEN THI MAI", "NGUYEN THI MY", "NGUYEN THI MAI", USAGE_NAME},
	{"NGUYEN THI MY", "NGUYEN THI MAI", "NGUYEN THI MAI", USAGE_NAME},
};

static void names_are_compared_folded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct account account = {.name = str_of(names[i].account), .sex = STR("female"), .birth_on = 20030409};
		struct basic4 read = card;

		read.name = str_of(names[i].card);
		unsigned differs = usage_compare(&arena, &account, str_of(names[i].form), &read);

		if (differs != names[i].differs)
			fail_msg("%s / %s / %s: %u", names[i].account, names[i].form, names[i].card, differs);
	}
}

static void dates_and_sexes_must_be_equal(void **state)
{
	struct account account = {.name = STR("NGUYEN THI MAI"), .sex = STR("female"), .birth_on = 20030409};
	struct basic4 read = card;

	(void)state;
	assert_int_equal(usage_compare(&arena, &account, STR(""), NULL), USAGE_NO_CARD);
	assert_int_equal(usage_compare(&arena, &account, STR(""), &read), 0);
	read.day = 10;
	assert_int_equal(usage_compare(&arena, &account, STR(""), &read), USAGE_BIRTH);
	read.day = 0;
	assert_int_equal(usage_compare(&arena, &account, STR(""), &read), USAGE_BIRTH);
	read = card;
	read.year = 0;
	assert_int_equal(usage_compare(&arena, &account, STR(""), &read), USAGE_BIRTH);
	read = card;
	for (unsigned sex = 0; sex < 10; sex++) {
		read.sex = sex;
		assert_int_equal(usage_compare(&arena, &account, STR(""), &read), sex == 2 ? 0 : USAGE_SEX);
	}
	account.sex = STR("male");
	read.sex = 1;
	assert_int_equal(usage_compare(&arena, &account, STR(""), &read), 0);
	read = (struct basic4){0};
	assert_int_equal(usage_compare(&arena, &account, STR(""), &read), USAGE_NAME | USAGE_BIRTH | USAGE_SEX);
	read.source = IDV_CARD_TEXT;
	assert_int_equal(usage_compare(&arena, &account, STR(""), &read), USAGE_NAME | USAGE_BIRTH | USAGE_SEX | USAGE_TEXT);
}

static void the_definition_says_so(void **state)
{
	(void)state;
	assert_int_equal(procedure->use, USE_REQUEST);
	assert_int_equal(procedure->use_months, 12);
	assert_int_equal(procedure->card_steps[0], CARD_STEP_AUTH);
	assert_int_equal(procedure->card_steps[1], CARD_STEP_BASIC4);
	assert_true(procedure_reads_card(procedure, USER_FOREIGN_NATIONAL));
	assert_false(procedure_reads_card(procedure, USER_LEGAL_REPRESENTATIVE));
	assert_true(procedure_has_step(procedure, CARD_STEP_AUTH));
	assert_true(str_absent(procedure->office_field));
	assert_true(str_absent(procedure->email_field));
	assert_int_equal(field("theirs")->card_for, 1u << USER_LEGAL_REPRESENTATIVE);
	assert_int_equal(field("born")->card, CARD_BIRTH_DATE);
}

#define with_card(test) cmocka_unit_test_setup_teardown(test, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_card(nothing_typed_changes_what_was_read),
		with_card(each_item_in_the_form_of_its_field),
		with_card(what_a_card_does_not_tell_is_typed),
		with_card(what_was_read_is_not_judged),
		with_card(questions_beside_a_card),
		with_card(they_are_stored_as_others),
		with_card(same_and_other_readings),
		with_card(names_are_compared_folded),
		with_card(dates_and_sexes_must_be_equal),
		with_card(the_definition_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

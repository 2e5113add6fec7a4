/* domain/rule: hidden fields, rows, kinds of comparison. */
#include "form_fixture.h"

static struct arena arena, scratch;
static struct definition_problems problems;

static const char definition[] =
	"code: 試\n"
	"title: {ja: あ, en: A}\nshort_title: {ja: あ, en: A}\nsummary: {ja: あ, en: A}\nexplanation: {ja: あ, en: A}\n"
	"contact: {ja: あ, en: A}\nterms: {ja: あ, en: A}\nneeds: {ja: あ, en: A}\nafter: {ja: あ, en: A}\n"
	"reception: {from: 0, until: 0}\nuser_types: [foreign_national]\n"
	"office_field: office\nname_field: name\nemail_field: email\n"
	"choices:\n  abc: [{value: a, ja: あ, en: A}, {value: b, ja: い, en: B}, {value: ab, ja: う, en: AB}]\n"
	"sections:\n"
	"  - id: one\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n"
	"      - {id: office, type: select, choices: office, label: {ja: あ, en: A}}\n"
	"      - {id: name, type: text, max_length: 9, label: {ja: あ, en: A}}\n"
	"      - {id: email, type: email, label: {ja: あ, en: A}}\n"
	"      - {id: radio, type: radio, choices: abc, label: {ja: あ, en: A}}\n"
	"      - {id: multi, type: multi, choices: abc, label: {ja: あ, en: A}}\n"
	"      - {id: hidden, type: radio, choices: abc, label: {ja: あ, en: A}, when: {field: radio, is: ab}}\n"
	"      - id: group\n        type: group\n        max: 3\n        label: {ja: あ, en: A}\n        fields:\n"
	"          - {id: radio, type: radio, choices: abc, label: {ja: あ, en: A}}\n"
	"          - {id: inside, type: date, label: {ja: あ, en: A}, when: {field: radio, is: a}}\n"
	"          - {id: full, type: date, label: {ja: あ, en: A}, when: {field: group.radio, is: a}}\n"
	"          - {id: outside, type: date, label: {ja: あ, en: A}, when: {field: multi, has: a}}\n"
	"  - id: two\n    title: {ja: あ, en: A}\n    minutes: 1\n    when: {field: multi, has: b}\n    fields:\n"
	"      - {id: probe, type: date, label: {ja: あ, en: A}, when: %s}\n"
	"      - {id: after, type: date, label: {ja: あ, en: A}, when: {not: {field: probe, given: true}}}\n";

static const struct procedure *procedure_with(const char *condition)
{
	struct reader reader;
	reader_init(&reader, &arena, &scratch, DATA "/good", &problems);
	assert_int_equal(codes_read_all(&reader).code, OK);
	struct str text = {definition, sizeof definition - 1};
	ptrdiff_t hole = str_find(text, STR("%s"));
	struct str parts[] = {str_sub(text, 0, (size_t)hole), str_of(condition), str_skip(text, (size_t)hole + 2)};
	reader_preset(&reader, "probe/procedure.yaml", str_join(&arena, parts, 3, STR("")));
	const struct procedure *procedure = procedure_read(&reader, STR("probe"));
	if (!procedure)
		print_error(STR_FMT, STR_ARG(buf_view(&problems.text)));
	assert_non_null(procedure);
	return procedure;
}

static int fresh(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	arena_init(&scratch, LIMIT_STARTUP_ARENA);
	return 0;
}

static int done(void **state)
{
	(void)state;
	arena_release(&arena);
	arena_release(&scratch);
	return 0;
}

/* "radio=a multi=a+b": the answers, with + for the blank of a multi. */
static struct answers answers_of(const char *written)
{
	struct answers answers;
	struct str rest = str_of(written);
	struct str one;
	answers_init(&answers, &arena);
	while (str_next(&rest, ' ', &one)) {
		ptrdiff_t equals = str_find_byte(one, '=');
		struct str value = str_dup(&arena, str_skip(one, (size_t)equals + 1));
		char *bytes = arena_alloc(&arena, value.n + 1);
		for (size_t i = 0; i < value.n; i++)
			bytes[i] = value.p[i] == '+' ? ' ' : value.p[i];
		answers_set(&answers, str_sub(one, 0, (size_t)equals), str_make(bytes, value.n));
	}
	return answers;
}

static void test_conditions(void **state)
{
	(void)state;
	static const struct {
		const char *condition, *answers;
		bool shown;
	} cases[] = {
		/* a comparison with what is hidden is false, whatever stands in the draft; so its contrary holds */
		{"{field: hidden, is: a}", "multi=b hidden=a radio=a", false},
		{"{field: hidden, given: true}", "multi=b hidden=a radio=a", false},
		{"{field: hidden, in: [a, b]}", "multi=b hidden=a radio=a", false},
		{"{not: {field: hidden, is: a}}", "multi=b hidden=a radio=a", true},
		{"{field: hidden, given: false}", "multi=b hidden=a radio=a", true},
		{"{field: hidden, is: a}", "multi=b hidden=a radio=ab", true},
		/* the section around it */
		{"{field: radio, is: a}", "radio=a", false},
		{"{field: radio, is: a}", "radio=a multi=a", false},
		{"{field: radio, is: a}", "radio=a multi=b", true},
		/* values are compared whole */
		{"{field: radio, is: a}", "radio=ab multi=b", false},
		{"{field: multi, has: a}", "multi=ab+b", false},
		{"{field: multi, has: a}", "multi=a+b", true},
		{"{field: multi, has: [a, ab]}", "multi=ab+b", true},
		{"{field: multi, has: [a, ab]}", "multi=b", false},
		{"{field: radio, in: [a, ab]}", "multi=b radio=ab", true},
		{"{field: radio, in: [a, ab]}", "multi=b", false},
		{"{field: name, is: Anh}", "multi=b name=Anh", true},
		{"{field: name, is: Anh}", "multi=b name=anh", false},
		{"{field: name, given: true}", "multi=b", false},
		{"{field: name, given: true}", "multi=b name=x", true},
		{"{field: name, given: false}", "multi=b", true},
		/* all, any, not */
		{"{all: [{field: name, given: true}, {field: radio, is: a}]}", "multi=b name=x", false},
		{"{all: [{field: name, given: true}, {field: radio, is: a}]}", "multi=b name=x radio=a", true},
		{"{any: [{field: name, given: true}, {field: radio, is: a}]}", "multi=b radio=a", true},
		{"{any: [{field: name, given: true}, {field: radio, is: a}]}", "multi=b", false},
		{"{not: {any: [{field: name, given: true}, {not: {field: radio, is: a}}]}}", "multi=b radio=a", true},
		{"{actor: foreign_national}", "multi=b", true},
		{"{actor: [organization, attorney]}", "multi=b", false},
		{"{not: {actor: [organization, attorney]}}", "multi=b", true},
		{"{any: [{actor: [attorney, foreign_national]}, {field: name, given: true}]}", "multi=b", true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct procedure *procedure = procedure_with(cases[i].condition);
		struct answers answers = answers_of(cases[i].answers);
		struct form_scope scope = {procedure, &answers, USER_FOREIGN_NATIONAL, TODAY};
		bool shown = form_field_shown(&scope, procedure_field(procedure, STR("probe")), 0);
		if (shown != cases[i].shown)
			print_error("%s with %s\n", cases[i].condition, cases[i].answers);
		assert_int_equal(shown, cases[i].shown);
		/* behind a field that is hidden its answer does not count */
		answers_set(&answers, STR("probe"), STR("20000101"));
		struct rule_eval eval;
		rule_eval_init(&eval, &scope);
		bool section = rule_section_shown(&eval, procedure_section(procedure, STR("two")));
		assert_int_equal(rule_field_shown(&eval, procedure_field(procedure, STR("after"))), section && !cases[i].shown);
	}
}

static void test_rows(void **state)
{
	(void)state;
	const struct procedure *procedure = procedure_with("{field: name, given: true}");
	struct answers answers = answers_of("radio=a group.0.radio=b group.1.radio=a");
	struct form_scope scope = {procedure, &answers, USER_FOREIGN_NATIONAL, TODAY};
	const struct field *inside = procedure_field(procedure, STR("group.inside"));
	const struct field *full = procedure_field(procedure, STR("group.full"));
	const struct field *outside = procedure_field(procedure, STR("group.outside"));
	/* a bare name means the row's own field, although there is one outside by the same name */
	assert_false(form_field_shown(&scope, inside, 0));
	assert_true(form_field_shown(&scope, inside, 1));
	assert_false(form_field_shown(&scope, inside, 2));
	assert_true(form_field_shown(&scope, full, 1));
	assert_false(form_field_shown(&scope, inside, SIZE_MAX));
	assert_false(form_field_shown(&scope, outside, 1));
	answers_set(&answers, STR("multi"), STR("a"));
	assert_true(form_field_shown(&scope, outside, 0));

	/* What is known of one row is not taken for the next. */
	struct rule_eval eval;
	rule_eval_init(&eval, &scope);
	static const bool shown[] = {false, true, false, true};
	static const size_t rows[] = {0, 1, 2, 1};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		rule_eval_row(&eval, inside->group, rows[i]);
		assert_int_equal(rule_field_shown(&eval, inside), shown[i]);
	}
}

static bool count_two(void *arg, const struct rule *comparison)
{
	(void)comparison;
	return ++*(size_t *)arg < 2;
}

static void test_walk(void **state)
{
	(void)state;
	const struct procedure *procedure =
		procedure_with("{all: [{actor: attorney}, {not: {field: name, given: true}}, {any: [{field: radio, is: a}, {field: email, given: true}]}]}");
	size_t count = 0;
	assert_false(rule_walk(procedure_field(procedure, STR("probe"))->when, count_two, &count));
	assert_int_equal(count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_conditions, fresh, done),
		cmocka_unit_test_setup_teardown(test_rows, fresh, done),
		cmocka_unit_test_setup_teardown(test_walk, fresh, done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* domain/procedure_scope, form_calc, form_propose: what one shared file means in two procedures, and what is computed. */
#include "form_fixture.h"

#include "domain/definition/expr.h"

static struct arena arena, scratch;
static struct definition_problems problems;

#define WORDS "label: {ja: あ, en: A}"
#define TEXTS                                                                                                      \
	"title: {ja: あ, en: A}\nshort_title: {ja: あ, en: A}\nsummary: {ja: あ, en: A}\nexplanation: {ja: あ, en: A}\n" \
	"contact: {ja: あ, en: A}\nterms: {ja: あ, en: A}\nneeds: {ja: あ, en: A}\nafter: {ja: あ, en: A}\n"         \
	"reception: {from: 0, until: 0}\nuser_types: [foreign_national]\nname_field: name\n"

/* `status` has other values in each. */
static const char change[] =
	"code: 変\n" TEXTS "status_field: wanted\n"
	"choices:\n  wanted: [{value: work, ja: あ, en: A}, {value: study, ja: い, en: B}]\n"
	"sections:\n"
	"  - id: own\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n"
	"      - {id: name, type: text, max_length: 90, " WORDS "}\n"
	"      - {id: wanted, type: select, choices: wanted, " WORDS "}\n"
	"  - {include: shared/both.yaml, when: {field: wanted, given: true}, numbers: {amount: \"9\"}}\n";

static const char renew[] =
	"code: 更\n" TEXTS "status_field: kind\n"
	"choices:\n  kind: [{value: work, ja: あ, en: A}]\n"
	"sections:\n"
	"  - id: own\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n"
	"      - {id: name, type: text, max_length: 90, " WORDS "}\n"
	"      - {id: kind, type: select, choices: kind, " WORDS "}\n"
	"  - {include: shared/both.yaml, leave_out: [extra, extra_check]}\n";

static const char both[] =
	"choices:\n"
	"  level: [{value: low, ja: あ, en: A, points: 5}, {value: high, ja: い, en: B, points: 20}]\n"
	"  several: [{value: a, ja: あ, en: A}, {value: b, ja: い, en: B}, {value: c, ja: う, en: C}]\n"
	"  place: [{value: t, ja: 東京《とうきょう》都《と》, en: T}, {value: m, ja: 東京《とうきょう》都《と》町田《まちだ》市《し》, en: M}]\n"
	"  desk: [{value: one, parent: t, ja: あ, en: A}, {value: two, parent: m, ja: い, en: B}, {value: three, parent: m, ja: う, en: C}]\n"
	"sections:\n"
	"  - id: s_page\n    title: {ja: あ, en: A}\n    minutes: 1\n"
	"    when: {field: $status, in: [work, study, never_heard_of]}\n"
	"    fields:\n"
	"      - {id: amount, type: number, max: 999999999999999, no: {change: \"1\", renew: \"2\"}, required: [change], " WORDS "}\n"
	"      - {id: whole, type: yen, required: true, " WORDS "}\n"
	"      - {id: only_change, type: date, only: [change], " WORDS "}\n"
	"      - {id: extra, type: date, when: {all: [{procedure: [change]}, {field: only_change, given: true}]}, " WORDS "}\n"
	"      - {id: folded, type: date, when: {any: [{procedure: renew}, {field: only_change, given: true}]}, " WORDS "}\n"
	"      - {id: studies, type: date, when: {field: $status, is: study}, " WORDS "}\n"
	"      - {id: level, type: radio, choices: level, " WORDS "}\n"
	"      - {id: several, type: multi, choices: several, " WORDS "}\n"
	"      - {id: birth, type: partial_date, " WORDS "}\n"
	"      - {id: home, type: address, max_length: 85, " WORDS "}\n"
	"      - {id: area, type: select, choices: place, proposes: {from: home, by: area}, " WORDS "}\n"
	"      - {id: office, type: select, choices: desk, depends_on: area, proposes: {from: area, by: parent}, " WORDS "}\n"
	"      - id: jobs\n        type: group\n        max: 3\n        " WORDS "\n        fields:\n"
	"          - {id: pay, type: yen, " WORDS "}\n"
	"          - {id: months, type: number, max: 12, " WORDS "}\n"
	"          - {id: year, type: calc, unit: yen, value: {sum: [{field: pay}, {field: months}]}, " WORDS "}\n"
	"          - {id: rich, type: date, when: {field: pay, at_least: 100}, " WORDS "}\n"
	"      - {id: share, type: calc, unit: percent, decimals: 2, value: {ratio: [{field: amount}, {field: whole}]}, " WORDS "}\n"
	"      - {id: total, type: calc, unit: points, value: {sum: [{points: level}, {count: several, points: [0, 20, 25]}, {field: bonus}]}, " WORDS "}\n"
	"      - {id: bonus, type: calc, value: {when: {field: share, at_least: 50}, then: {constant: 2.5}, else: {max: [{age: birth}, {constant: 1}]}}, " WORDS "}\n"
	"      - {id: paid, type: calc, value: {sum_of: jobs.year}, " WORDS "}\n"
	"      - {id: job_count, type: calc, value: {rows: jobs}, " WORDS "}\n"
	"      - {id: least, type: calc, value: {min: [{field: amount}, {field: whole}]}, " WORDS "}\n"
	"      - {id: who, type: calc, value: {copy: name}, " WORDS "}\n"
	"      - {id: grown, type: date, when: {age: birth, at_least: 18, below: 65}, " WORDS "}\n"
	"      - {id: enough, type: date, when: {field: total, at_least: 30}, " WORDS "}\n"
	"  - id: s_gone\n    only: [renew]\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n      - {id: gone, type: date, " WORDS "}\n"
	"  - id: s_empty\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n      - {id: empty, type: date, only: [renew], " WORDS "}\n"
	"checks:\n"
	"  - {id: share_check, rule: {field: share, below: 100}, message: {ja: あ, en: Too much}}\n"
	"  - {id: order, lt: [share, total], message: {ja: あ, en: Order}}\n"
	"  - {id: extra_check, only: [change], not_past: only_change, message: {ja: あ, en: A}}\n";

static const struct procedure *read_one(const char *id)
{
	struct reader reader;
	reader_init(&reader, &arena, &scratch, DATA "/good", &problems);
	assert_int_equal(codes_read_all(&reader).code, OK);
	reader_preset(&reader, "change/procedure.yaml", str_of(change));
	reader_preset(&reader, "renew/procedure.yaml", str_of(renew));
	reader_preset(&reader, "shared/both.yaml", str_of(both));
	const struct procedure *procedure = procedure_read(&reader, str_of(id));
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

#define with_arenas(test) cmocka_unit_test_setup_teardown(test, fresh, done)

static const struct field *the(const struct procedure *procedure, const char *id)
{
	const struct field *field = procedure_field(procedure, str_of(id));
	if (!field)
		print_error("no field %s\n", id);
	assert_non_null(field);
	return field;
}

static void test_by_procedure(void **state)
{
	(void)state;
	const struct procedure *one = read_one("change"), *two = read_one("renew");
	expect_str(the(one, "amount")->no, "9", "the include overrides");
	expect_str(the(two, "amount")->no, "2", "by procedure");
	assert_true(the(one, "amount")->required);
	assert_false(the(two, "amount")->required);
	assert_true(the(two, "whole")->required);
	assert_non_null(procedure_field(one, STR("only_change")));
	assert_null(procedure_field(two, STR("only_change")));
	assert_null(procedure_field(two, STR("extra")));
	assert_null(procedure_section(one, STR("s_gone")));
	assert_non_null(procedure_section(two, STR("s_gone")));
	/* a page on which this procedure asks nothing is none of its pages */
	assert_null(procedure_section(one, STR("s_empty")));
	assert_non_null(procedure_section(two, STR("s_empty")));
	assert_int_equal(one->check_count, 3);
	assert_int_equal(two->check_count, 2);
	/* folded: always there in one, by what is left of the condition in the other */
	assert_null(the(two, "folded")->when);
	assert_non_null(the(one, "folded")->when);
	assert_true(the(one, "folded")->when->op == RULE_GIVEN);
	/* a status that the list does not have is never chosen */
	assert_true(rule_is_never(the(two, "studies")->when));
	assert_int_equal(the(one, "studies")->when->op, RULE_IS);
	const struct section *page = procedure_section(one, STR("s_page"));
	assert_int_equal(page->when->op, RULE_ALL); /* the include's and its own */
	assert_int_equal(page->when->sub[1]->value_count, 2);
	assert_int_equal(procedure_section(two, STR("s_page"))->when->value_count, 1);
}

/* "a=1 b=2" */
static struct answers answers_of(const char *written)
{
	struct answers answers;
	struct str rest = str_of(written), one;
	answers_init(&answers, &arena);
	answers_set(&answers, STR("name"), STR("NGUYEN VAN"));
	answers_set(&answers, STR("wanted"), STR("work"));
	while (str_next(&rest, ' ', &one)) {
		ptrdiff_t equals = str_find_byte(one, '=');
		struct str value = str_skip(one, (size_t)equals + 1);
		char *bytes = arena_alloc(&arena, value.n + 1);
		for (size_t i = 0; i < value.n; i++)
			bytes[i] = value.p[i] == '+' ? ' ' : value.p[i];
		answers_set(&answers, str_sub(one, 0, (size_t)equals), str_make(bytes, value.n));
	}
	return answers;
}

static void test_computed(void **state)
{
	(void)state;
	static const struct {
		const char *answers, *path, *value;
	} cases[] = {
		{"", "share", ""},
		{"amount=1 whole=3", "share", "33.33"},
		{"amount=2 whole=3", "share", "66.67"},
		{"amount=1 whole=0", "share", ""},
		{"amount=1 whole=x", "share", ""},
		{"amount=-1 whole=3", "share", "-33.33"},
		{"amount=999999999999999 whole=1", "share", "9223372036854775.81"}, /* at its end */
		{"amount=12345 whole=100000", "share", "12.35"},                     /* half up */
		{"amount=12344 whole=100000", "share", "12.34"},
		/* a sum is of what is there; nothing ticked counts, nothing chosen does not */
		{"level=low", "total", "6"}, /* 5 + 0 + 1 */
		{"level=high several=b", "total", "41"},
		{"level=high several=a+b", "total", "46"},
		{"level=high several=a+b+c", "total", "46"},
		{"level=none several=a", "total", "21"},
		{"level=high amount=1 whole=2", "total", "23"}, /* 2.5, without decimals, is 3 */
		/* age: by the earliest day that it can be */
		{"birth=20001123", "bonus", "26"},
		{"birth=20001124", "bonus", "25"},
		{"birth=200011", "bonus", "26"},
		{"birth=2000", "bonus", "26"},
		{"birth=20261124", "bonus", "1"},
		{"birth=20250101", "bonus", "1"},
		{"birth=2000-1", "bonus", "1"},
		{"jobs.0.pay=100 jobs.0.months=3 jobs.2.pay=7", "jobs.0.year", "103"},
		{"jobs.0.pay=100 jobs.0.months=3 jobs.2.pay=7", "jobs.1.year", ""},
		{"jobs.0.pay=100 jobs.0.months=3 jobs.2.pay=7", "paid", "110"},
		{"jobs.0.pay=100 jobs.0.months=3 jobs.2.pay=7", "job_count", "2"},
		{"", "job_count", "0"},
		{"", "paid", ""},
		{"amount=7", "least", "7"},
		{"amount=7 whole=3", "least", "3"},
		{"", "who", "NGUYEN VAN"},
		/* never taken from the person */
		{"total=99 level=low", "total", "6"},
		{"share=99", "share", ""},
		{"jobs.1.year=5", "jobs.1.year", ""},
		/* hidden with its section */
		{"wanted= level=low", "total", ""},
	};
	const struct procedure *procedure = read_one("change");
	assert_int_equal(procedure->calc_count, 8);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct answers answers = answers_of(cases[i].answers);
		struct form_scope scope = {procedure, &answers, USER_FOREIGN_NATIONAL, TODAY};
		form_calculate(&scope, &answers);
		struct str got = answers_get(&answers, str_of(cases[i].path));
		expect_str(got, cases[i].value, cases[i].answers);
	}
}

static bool shown(const struct procedure *procedure, const char *written, const char *id, size_t row)
{
	struct answers answers = answers_of(written);
	struct form_scope scope = {procedure, &answers, USER_FOREIGN_NATIONAL, TODAY};
	form_calculate(&scope, &answers);
	return form_field_shown(&scope, the(procedure, id), row);
}

static void test_compared(void **state)
{
	(void)state;
	const struct procedure *procedure = read_one("change");
	assert_false(shown(procedure, "", "grown", 0));
	assert_false(shown(procedure, "birth=20081124", "grown", 0));
	assert_true(shown(procedure, "birth=20081123", "grown", 0));
	assert_true(shown(procedure, "birth=19611124", "grown", 0));
	assert_false(shown(procedure, "birth=19611123", "grown", 0));
	assert_true(shown(procedure, "level=high several=a", "enough", 0));
	assert_false(shown(procedure, "level=low several=a", "enough", 0));
	assert_false(shown(procedure, "jobs.0.pay=99", "jobs.rich", 0));
	assert_true(shown(procedure, "jobs.0.pay=99 jobs.1.pay=100", "jobs.rich", 1));
	assert_false(shown(procedure, "jobs.0.pay=100", "jobs.rich", 1));
	assert_false(shown(procedure, "jobs.0.pay=many", "jobs.rich", 0));
}

static void test_checked_and_kept(void **state)
{
	(void)state;
	const struct procedure *procedure = read_one("change");
	struct answers answers = answers_of("amount=5 whole=4 level=low jobs.1.pay=3");
	struct form_scope scope = {procedure, &answers, USER_FOREIGN_NATIONAL, TODAY};
	struct issues issues;
	struct answers kept;
	form_apply(&answers, the(procedure, "total"), 0, STR("4000"));
	form_calculate(&scope, &answers);
	form_check(&scope, &arena, NULL, &issues);
	assert_non_null(issue_at(&issues, "share"));
	expect_str(issue_words(&(struct fixture){.arena = arena}, issue_at(&issues, "share"), LANG_EN), "Too much", "rule on what is computed");
	assert_int_equal(issues.refusals, 2); /* 125 percent is too much, and not below 8 points */
	form_shown(&scope, &arena, &kept);
	expect_str(answers_get(&kept, STR("share")), "125.00", "kept");
	expect_str(answers_get(&kept, STR("jobs.0.year")), "3", "moves up with its row");
	expect_str(answers_get(&kept, STR("jobs.1.year")), "", "no row by itself");
	/* as it is read */
	struct buf out;
	buf_init(&out, &arena, 64);
	answer_display(&out, &scope, locale_get(LANG_EN, false), the(procedure, "share"), 0, STR("1250.50"));
	expect_str(buf_view(&out), "1,250.50%", "display");
	buf_clear(&out);
	answer_display(&out, &scope, locale_get(LANG_JA, false), the(procedure, "total"), 0, STR("70"));
	expect_str(buf_view(&out), "70点", "display");
}

static void test_proposed(void **state)
{
	(void)state;
	const struct procedure *procedure = read_one("change");
	static const struct {
		const char *home, *area, *office;
	} cases[] = {
		{"東京都千代田区１", "t", "one"},
		{"東京都町田市１", "m", ""}, /* two offices: the person chooses */
		{"大阪府", "", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct answers answers = answers_of("");
		struct form_scope scope = {procedure, &answers, USER_FOREIGN_NATIONAL, TODAY};
		answers_set(&answers, STR("home"), str_of(cases[i].home));
		form_propose(&scope, procedure_section(procedure, STR("s_page")), &answers);
		expect_str(answers_get(&answers, STR("area")), cases[i].area, cases[i].home);
		expect_str(answers_get(&answers, STR("office")), cases[i].office, cases[i].home);
	}
	struct answers answers = answers_of("home=東京都 area=m");
	struct form_scope scope = {procedure, &answers, USER_FOREIGN_NATIONAL, TODAY};
	form_propose(&scope, procedure_section(procedure, STR("s_page")), &answers);
	expect_str(answers_get(&answers, STR("area")), "m", "what is chosen stays");
}

/* A sum of so many parts, and a choice that counts so much; whether that is read. */
static bool is_read(size_t parts, int points)
{
	struct reader reader;
	struct buf text;
	struct arena own, more;
	arena_init(&own, LIMIT_STARTUP_ARENA);
	arena_init(&more, LIMIT_STARTUP_ARENA);
	reader_init(&reader, &own, &more, DATA "/good", &problems);
	assert_int_equal(codes_read_all(&reader).code, OK);
	buf_init(&text, &more, LIMIT_DEFINITION_FILE);
	buf_c(&text, "code: 多\n" TEXTS);
	buf_fmt(&text, "choices:\n  counts: [{value: a, ja: あ, en: A, points: %d}]\n", points);
	buf_c(&text, "sections:\n  - id: own\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n"
		     "      - {id: name, type: text, max_length: 9, " WORDS "}\n"
		     "      - {id: choice, type: radio, choices: counts, " WORDS "}\n"
		     "      - {id: sum, type: calc, " WORDS ", value: {sum: [{points: choice}");
	for (size_t i = 1; i < parts; i++)
		buf_c(&text, ", {constant: 1}");
	buf_c(&text, "]}}\n");
	reader_preset(&reader, "many/procedure.yaml", buf_view(&text));
	bool read = procedure_read(&reader, STR("many")) != NULL;
	arena_release(&own);
	arena_release(&more);
	return read;
}

static void test_limits(void **state)
{
	(void)state;
	assert_true(is_read(LIMIT_EXPR - 1, LIMIT_POINTS - 1));
	assert_true(is_read(LIMIT_EXPR, LIMIT_POINTS));
	assert_false(is_read(LIMIT_EXPR + 1, 1));
	assert_false(is_read(1, LIMIT_POINTS + 1));
	assert_true(is_read(1, -LIMIT_POINTS));
	assert_false(is_read(1, -LIMIT_POINTS - 1));
}

static void test_thousandths(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t value; /* -1: none */
	} cases[] = {
		{"0", 0}, {"2.5", 2500}, {"-0.125", -125}, {"3.001", 3001}, {"999999999999999", 999999999999999000},
		{"", -1}, {"1000000000000000", -1}, {"1.", -1}, {".5", -1}, {"1.0000", -1}, {"1.x", -1}, {"--1", -1}, {"1,5", -1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t value = -1;
		bool read = thousandths_read(str_of(cases[i].text), &value);
		assert_int_equal(read, cases[i].value != -1);
		assert_int_equal(value, cases[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_arenas(test_by_procedure),
		with_arenas(test_computed),
		with_arenas(test_compared),
		with_arenas(test_checked_and_kept),
		with_arenas(test_proposed),
		with_arenas(test_limits),
		with_arenas(test_thousandths),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

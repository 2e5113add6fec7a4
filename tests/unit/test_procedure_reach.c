/* domain/reach and domain/paths: what some answers lead to, and how many questions there are on the way. */
#include "form_fixture.h"

#include "domain/definition/paths.h"
#include "domain/definition/reach.h"

static struct arena arena, scratch;
static struct definition_problems problems;

#define WORDS "label: {ja: あ, en: A}"

static const char definition[] =
	"code: 道\n"
	"title: {ja: あ, en: A}\nshort_title: {ja: あ, en: A}\nsummary: {ja: あ, en: A}\nexplanation: {ja: あ, en: A}\n"
	"contact: {ja: あ, en: A}\nterms: {ja: あ, en: A}\nneeds: {ja: あ, en: A}\nafter: {ja: あ, en: A}\n"
	"reception: {from: 0, until: 0}\nuser_types: [foreign_national, organization]\nname_field: name\nstatus_field: status\n"
	"choices:\n"
	"  kinds: [{value: work, ja: あ, en: A}, {value: study, ja: い, en: B}, {value: rest, ja: う, en: C}]\n"
	"  several: [{value: a, ja: あ, en: A}, {value: b, ja: い, en: B}]\n"
	"sections:\n"
	"  - id: own\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n"
	"      - {id: name, type: text, max_length: 9, required: true, " WORDS "}\n"
	"      - {id: status, type: select, choices: kinds, required: true, " WORDS "}\n"
	"      - {id: more, type: radio, choices: yes_no, required: true, " WORDS "}\n"
	"      - {id: more_a, type: date, when: {field: more, is: \"yes\"}, " WORDS "}\n"
	"      - {id: more_b, type: date, when: {field: more, is: \"yes\"}, " WORDS "}\n"
	"      - {id: more_c, type: date, when: {field: more, is: \"no\"}, " WORDS "}\n"
	"      - {id: words, type: note, " WORDS "}\n"
	"  - id: working\n    title: {ja: あ, en: A}\n    minutes: 1\n    when: {field: $status, is: work}\n    fields:\n"
	"      - {id: pay, type: yen, required: true, " WORDS "}\n"
	"      - {id: rich, type: date, when: {field: pay, at_least: 1000}, " WORDS "}\n"
	"      - {id: poor, type: date, when: {field: pay, below: 10}, " WORDS "}\n"
	"      - {id: staff, type: date, when: {actor: organization}, " WORDS "}\n"
	"      - {id: jobs, type: group, max: 3, " WORDS ", fields: [{id: place, type: date, " WORDS "}, {id: town, type: date, " WORDS "}]}\n"
	"  - id: studying\n    title: {ja: あ, en: A}\n    minutes: 1\n    when: {field: $status, is: study}\n    fields:\n"
	"      - {id: ticks, type: multi, choices: several, " WORDS "}\n"
	"      - {id: tick_a, type: date, when: {field: ticks, has: a}, " WORDS "}\n"
	"      - {id: tick_b, type: date, when: {field: ticks, has: b}, " WORDS "}\n";

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

static const struct procedure *read_it(void)
{
	struct reader reader;
	reader_init(&reader, &arena, &scratch, DATA "/good", &problems);
	assert_int_equal(codes_read_all(&reader).code, OK);
	reader_preset(&reader, "probe/procedure.yaml", str_of(definition));
	const struct procedure *procedure = procedure_read(&reader, STR("probe"));
	if (!procedure)
		print_error(STR_FMT, STR_ARG(buf_view(&problems.text)));
	assert_non_null(procedure);
	return procedure;
}

static void test_reach(void **state)
{
	(void)state;
	const struct procedure *procedure = read_it();
	struct reach *reach = reach_new(&arena, procedure);
	static const struct str work = STR_INIT("work");
	const struct rule is_work = {.op = RULE_IS, .field = procedure_field(procedure, STR("status")), .values = &work, .value_count = 1};
	assert_true(reach_section(reach, procedure_section(procedure, STR("studying"))));
	reach_also(reach, &is_work, true);
	assert_false(reach_section(reach, procedure_section(procedure, STR("studying"))));
	reach_also(reach, &is_work, false);
	assert_false(reach_section(reach, procedure_section(procedure, STR("working"))));
	/* what was said for one question does not hold for the next */
	assert_true(reach_section(reach, procedure_section(procedure, STR("working"))));
	reach_also(reach, &is_work, true);
	assert_false(reach_field(reach, procedure_field(procedure, STR("tick_a"))));
	assert_true(reach_field(reach, procedure_field(procedure, STR("staff"))));
	assert_true(reach_field(reach, procedure_field(procedure, STR("jobs.town"))));
	/* with others shown */
	const struct field *both[] = {procedure_field(procedure, STR("rich")), procedure_field(procedure, STR("poor"))};
	assert_true(reach_rule(reach, NULL, true, both, 1));
	assert_false(reach_rule(reach, NULL, true, both, 2));
	assert_false(reach_rule(reach, procedure_field(procedure, STR("more_c"))->when, true,
		(const struct field *[]){procedure_field(procedure, STR("more_a"))}, 1));
	/* a condition that cannot fail */
	const struct rule no = {.op = RULE_NOT, .sub = (const struct rule *[]){&is_work}, .sub_count = 1};
	const struct rule either = {.op = RULE_ANY, .sub = (const struct rule *[]){&is_work, &no}, .sub_count = 2};
	assert_true(reach_rule(reach, &either, true, NULL, 0));
	assert_false(reach_rule(reach, &either, false, NULL, 0));
}

static const char *choice_in(const struct path *path, const char *id)
{
	for (size_t i = 0; i < path->choice_count; i++)
		if (str_eq(path->choices[i].field->id, str_of(id)))
			return str_c(&arena, path->choices[i].value);
	return "";
}

static void test_paths(void **state)
{
	(void)state;
	struct path shortest, longest;
	paths_find(&arena, read_it(), TODAY, &shortest, &longest);
	/* name, status, more and more_c; nothing else of those who rest */
	assert_int_equal(shortest.questions, 4);
	assert_int_equal(shortest.pages, 1);
	assert_string_equal(choice_in(&shortest, "status"), "rest");
	assert_string_equal(choice_in(&shortest, "more"), "no");
	/* name, status, more, two behind it; pay, one of rich and poor, staff, two of the group */
	assert_int_equal(longest.questions, 10);
	assert_int_equal(longest.pages, 2);
	assert_int_equal(longest.user_type, USER_ORGANIZATION);
	assert_string_equal(choice_in(&longest, "status"), "work");
	assert_string_equal(choice_in(&longest, "more"), "yes");
	assert_string_not_equal(choice_in(&longest, "pay"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reach, fresh, done),
		cmocka_unit_test_setup_teardown(test_paths, fresh, done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

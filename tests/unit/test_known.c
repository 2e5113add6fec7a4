/* domain/known: what conditions come to while only some answers are known. */
#include "form_fixture.h"

#include "domain/definition/rule.h"

static struct arena arena, scratch;
static struct definition_problems problems;

#define WORDS "label: {ja: あ, en: A}"

static const char definition[] =
	"code: 知\n"
	"title: {ja: あ, en: A}\nshort_title: {ja: あ, en: A}\nsummary: {ja: あ, en: A}\nexplanation: {ja: あ, en: A}\n"
	"contact: {ja: あ, en: A}\nterms: {ja: あ, en: A}\nneeds: {ja: あ, en: A}\nafter: {ja: あ, en: A}\n"
	"reception: {from: 0, until: 0}\nuser_types: [foreign_national, attorney]\nname_field: name\n"
	"status_field: status\nactivity_field: activity\ncard_reading: {steps: [auth, basic4]}\n"
	"choices:\n"
	"  kinds: [{value: work, ja: あ, en: A}, {value: study, ja: い, en: B}, {value: rest, ja: う, en: C}]\n"
	"  levels: [{value: \"1\", ja: あ, en: A}, {value: \"2\", ja: い, en: B}]\n"
	"sections:\n"
	"  - id: own\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n"
	"      - {id: name, type: text, max_length: 9, " WORDS "}\n"
	"      - {id: status, type: select, choices: kinds, " WORDS "}\n"
	"      - {id: activity, type: select, choices: kinds, when: {field: $status, in: [work, study]}, " WORDS "}\n"
	"      - {id: level, type: radio, choices: levels, " WORDS "}\n"
	"      - {id: ticks, type: multi, choices: kinds, " WORDS "}\n"
	"      - {id: born, type: partial_date, " WORDS "}\n"
	"      - {id: pay, type: number, max: 100, " WORDS "}\n"
	"      - {id: total, type: calc, value: {sum: [{field: pay}, {constant: 10}]}, " WORDS "}\n"
	"      - {id: more, type: text, max_length: 9, when: {field: pay, at_least: 50}, " WORDS "}\n"
	"      - id: rows\n        type: group\n        max: 3\n        " WORDS "\n        when: {field: level, is: \"2\"}\n        fields:\n"
	"          - {id: place, type: text, max_length: 9, " WORDS "}\n"
	"          - {id: probe, type: text, max_length: 9, when: {field: place, given: true}, " WORDS "}\n"
	"  - id: working\n    title: {ja: あ, en: A}\n    minutes: 1\n    when: {field: $status, is: work}\n    fields:\n"
	"      - {id: job, type: text, max_length: 9, " WORDS "}\n"
	"  - id: last\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n"
	"      - {id: probe, type: text, max_length: 9, when: %s, " WORDS "}\n";

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
		print_error("%s: " STR_FMT, condition, STR_ARG(buf_view(&problems.text)));
	assert_non_null(procedure);
	return procedure;
}

/* Knows some answers, and perhaps who the person is and whether a card was read; of all else nothing. */
struct some {
	struct known known;
	struct rule_eval eval;
	struct form_scope scope;
	struct answers answers;
	bool actor, card;
	bool fields[LIMIT_FIELDS];
};

static enum holds look(struct known *known, const struct rule *leaf)
{
	struct some *some = (struct some *)known;
	bool is_known = leaf->op == RULE_ACTOR ? some->actor : leaf->op == RULE_CARD ? some->card : some->fields[leaf->field->index];
	return is_known ? holds_of(rule_leaf_holds(&some->eval, leaf)) : HOLDS_OPEN;
}

static void some_init(struct some *some, const struct procedure *procedure)
{
	memset(some, 0, sizeof *some);
	known_init(&some->known, look);
	answers_init(&some->answers, &arena);
	some->scope = (struct form_scope){.procedure = procedure, .answers = &some->answers, .today = TODAY};
	rule_eval_init(&some->eval, &some->scope);
}

/* "status=work more= actor=attorney card=no": known, also what is known not to be given; + stands for the blank of a multi. */
static void tell(struct some *some, const char *written)
{
	struct str rest = str_of(written), one;
	while (str_next(&rest, ' ', &one)) {
		ptrdiff_t equals = str_find_byte(one, '=');
		struct str name = str_sub(one, 0, (size_t)equals), value = str_skip(one, (size_t)equals + 1);
		char *text = arena_alloc(&arena, value.n + 1);
		for (size_t i = 0; i < value.n; i++)
			text[i] = value.p[i] == '+' ? ' ' : value.p[i];
		if (str_eq(name, STR("actor"))) {
			some->actor = true;
			some->scope.user_type = str_eq(value, STR("attorney")) ? USER_ATTORNEY : USER_FOREIGN_NATIONAL;
		} else if (str_eq(name, STR("card"))) {
			some->card = true;
			some->answers.card = str_eq(value, STR("yes"));
		} else {
			const struct field *field = procedure_field(some->scope.procedure, name);
			assert_non_null(field);
			some->fields[field->index] = true;
			answers_set(&some->answers, name, (struct str){text, value.n});
		}
	}
}

#define NO HOLDS_NO
#define OPEN HOLDS_OPEN
#define YES HOLDS_YES

static const struct {
	const char *condition, *known;
	enum holds holds;
} cases[] = {
	/* `not`, `all`, `any`: level is known, name is not */
	{"{not: {field: level, is: \"1\"}}", "level=1", NO},
	{"{not: {field: level, is: \"1\"}}", "level=2", YES},
	{"{not: {field: name, is: a}}", "", OPEN},
	{"{all: [{field: level, is: \"1\"}, {field: ticks, has: rest}]}", "level=2 ticks=work", NO},
	{"{all: [{field: level, is: \"1\"}, {field: ticks, has: rest}]}", "level=2 ticks=rest", NO},
	{"{all: [{field: level, is: \"1\"}, {field: ticks, has: rest}]}", "level=1 ticks=rest", YES},
	{"{all: [{field: level, is: \"1\"}, {field: name, is: a}]}", "level=2", NO},
	{"{all: [{field: name, is: a}, {field: level, is: \"1\"}]}", "level=2", NO},
	{"{all: [{field: level, is: \"1\"}, {field: name, is: a}]}", "level=1", OPEN},
	{"{all: [{field: level, is: \"1\"}, {field: name, is: a}]}", "", OPEN},
	{"{any: [{field: level, is: \"1\"}, {field: ticks, has: rest}]}", "level=2 ticks=work", NO},
	{"{any: [{field: level, is: \"1\"}, {field: ticks, has: rest}]}", "level=2 ticks=rest", YES},
	{"{any: [{field: level, is: \"1\"}, {field: name, is: a}]}", "level=1", YES},
	{"{any: [{field: name, is: a}, {field: level, is: \"1\"}]}", "level=1", YES},
	{"{any: [{field: level, is: \"1\"}, {field: name, is: a}]}", "level=2", OPEN},
	{"{any: [{field: level, is: \"1\"}, {field: name, is: a}]}", "", OPEN},
	{"{not: {any: [{field: level, is: \"1\"}, {not: {field: name, is: a}}]}}", "level=1", NO},
	{"{not: {any: [{field: level, is: \"1\"}, {not: {field: name, is: a}}]}}", "level=2 name=a", YES},
	/* leaves that exclude each other are not seen */
	{"{any: [{field: name, is: a}, {not: {field: name, is: a}}]}", "", OPEN},
	/* who, and the card */
	{"{actor: attorney}", "actor=attorney", YES},
	{"{actor: attorney}", "actor=foreign_national", NO},
	{"{actor: attorney}", "", OPEN},
	{"{card: true}", "card=yes", YES},
	{"{card: false}", "card=yes", NO},
	{"{card: false}", "", OPEN},
	/* the status and the activity, which is hidden from those who rest */
	{"{field: $status, in: [study, rest]}", "status=study", YES},
	{"{field: $status, in: [study, rest]}", "status=work", NO},
	{"{field: $status, in: [study, rest]}", "", OPEN},
	{"{field: $activity, is: study}", "status=work activity=study", YES},
	{"{field: $activity, is: study}", "status=work activity=work", NO},
	{"{field: $activity, is: study}", "status=work", OPEN},
	{"{field: $activity, is: study}", "status=rest", NO},
	{"{not: {field: $activity, is: study}}", "status=rest", YES},
	{"{field: $activity, is: study}", "activity=study", OPEN},
	{"{field: $activity, is: study}", "activity=work", NO},
	{"{all: [{field: $status, is: rest}, {field: $activity, given: true}]}", "status=rest", NO},
	/* sets */
	{"{field: ticks, has: [work, rest]}", "ticks=study+rest", YES},
	{"{field: ticks, has: [work, rest]}", "ticks=study", NO},
	{"{field: ticks, has: [work, rest]}", "ticks=", NO},
	{"{field: ticks, has: [work, rest]}", "", OPEN},
	/* numbers, and choices that are numbers */
	{"{field: pay, at_least: 10}", "pay=10", YES},
	{"{field: pay, below: 10}", "pay=10", NO},
	{"{field: pay, at_least: 10}", "pay=ten", NO},
	{"{field: pay, at_least: 10}", "pay=", NO},
	{"{field: pay, at_least: 10}", "", OPEN},
	{"{field: level, at_least: 2}", "level=2", YES},
	{"{field: level, at_least: 2}", "level=1", NO},
	/* computed: known when somebody says so */
	{"{field: total, at_least: 20.5}", "total=20.5", YES},
	{"{field: total, at_least: 20.5}", "total=20.4", NO},
	{"{field: total, at_least: 20.5}", "pay=15", OPEN},
	/* dates: the earliest day counts, a day to come or no date is no age */
	{"{age: born, below: 16}", "born=20101124", YES},
	{"{age: born, below: 16}", "born=20101123", NO},
	{"{age: born, below: 16}", "born=2010", NO},
	{"{age: born, below: 16}", "born=2011", YES},
	{"{age: born, below: 16}", "born=20270101", NO},
	{"{age: born, below: 16}", "born=20109999", NO},
	{"{age: born, below: 16}", "born=", NO},
	{"{age: born, below: 16}", "", OPEN},
	/* missing answers */
	{"{field: name, given: true}", "name=", NO},
	{"{field: name, given: false}", "name=", YES},
	{"{field: name, is: a}", "name=", NO},
	{"{not: {field: name, is: a}}", "name=", YES},
	{"{field: name, given: true}", "", OPEN},
	/* what may be hidden: certain is only what does not hold anyhow */
	{"{field: more, is: a}", "pay=50 more=a", YES},
	{"{field: more, is: a}", "pay=49 more=a", NO},
	{"{field: more, is: a}", "pay=49", NO},
	{"{not: {field: more, is: a}}", "pay=49", YES},
	{"{field: more, is: a}", "pay=50", OPEN},
	{"{field: more, is: a}", "more=a", OPEN},
	{"{field: more, is: a}", "more=b", NO},
	{"{field: job, given: true}", "status=study", NO},
	{"{field: job, given: true}", "status=study job=x", NO},
	{"{field: job, given: true}", "job=x", OPEN},
	{"{field: job, given: true}", "status=work job=x", YES},
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct procedure *procedure = procedure_with(cases[i].condition);
		const struct field *probe = procedure_field(procedure, STR("probe"));
		struct some *some = arena_new(&arena, struct some);
		some_init(some, procedure);
		tell(some, cases[i].known);
		if (known_rule(&some->known, probe->when) != cases[i].holds)
			print_error("%s with %s\n", cases[i].condition, cases[i].known);
		assert_int_equal(known_rule(&some->known, probe->when), cases[i].holds);
		assert_int_equal(known_field(&some->known, probe), cases[i].holds);
	}
	assert_int_equal(known_rule(NULL, NULL), HOLDS_YES);
}

/* A group's condition counts for its rows, a section's for its fields, and what came out is kept until it is forgotten. */
static void test_around(void **state)
{
	(void)state;
	const struct procedure *procedure = procedure_with("{field: name, given: true}");
	const struct field *place = procedure_field(procedure, STR("rows.place")), *probe = procedure_field(procedure, STR("rows.probe"));
	const struct field *job = procedure_field(procedure, STR("job"));
	struct some *some = arena_new(&arena, struct some);
	some_init(some, procedure);
	assert_int_equal(known_field(&some->known, place), HOLDS_OPEN);
	assert_int_equal(known_section(&some->known, job->section), HOLDS_OPEN);
	tell(some, "level=1 status=work");
	assert_int_equal(known_field(&some->known, place), HOLDS_OPEN);
	known_forget(&some->known);
	assert_int_equal(known_field(&some->known, place), HOLDS_NO);
	assert_int_equal(known_field(&some->known, probe), HOLDS_NO);
	assert_int_equal(known_section(&some->known, job->section), HOLDS_YES);
	assert_int_equal(known_field(&some->known, job), HOLDS_YES);
	tell(some, "level=2");
	known_forget(&some->known);
	assert_int_equal(known_field(&some->known, place), HOLDS_YES);
	assert_int_equal(known_field(&some->known, probe), HOLDS_OPEN);
	/* A look at the form itself. */
	tell(some, "level=1");
	known_init(&some->known, look);
	some->known.everything = true;
	assert_int_equal(known_field(&some->known, probe), HOLDS_YES);
}

/* ---- the procedures that are shipped ---- */

static uint64_t seed = 1;

static size_t draw(size_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % below;
}

static struct str some_answer(const struct field *field)
{
	static const char *const written[] = {"", "1", "50", "20000123", "20150301", "yes"};
	if (field_has_choices(field))
		return field->choices->n && draw(4) ? field->choices->v[draw(field->choices->n)].value : (struct str){0};
	return str_of(written[draw(sizeof written / sizeof *written)]);
}

static bool agree(enum holds holds, bool is)
{
	return holds == HOLDS_OPEN || holds == holds_of(is);
}

/* With random answers of which random ones are known: what is certain is so with all of them. */
static void hold_to_it(struct some *some, const struct procedure *procedure, unsigned percent)
{
	size_t certain = 0;
	arena_reset(&scratch);
	some_init(some, procedure);
	answers_init(&some->answers, &scratch);
	for (size_t i = 0; i < procedure->field_count; i++) {
		const struct field *field = procedure->fields[i];
		answers_set(&some->answers, path_in_row(&scratch, field, 0), some_answer(field));
		some->fields[i] = draw(100) < percent;
	}
	some->scope.user_type = (enum user_type)draw(USER_TYPE_COUNT);
	some->actor = draw(100) < percent;
	some->card = draw(100) < percent;
	for (size_t i = 0; i < procedure->section_count; i++)
		assert_true(agree(known_section(&some->known, procedure->sections[i]), rule_section_shown(&some->eval, procedure->sections[i])));
	for (size_t i = 0; i < procedure->field_count; i++) {
		enum holds holds = known_field(&some->known, procedure->fields[i]);
		assert_true(agree(holds, rule_field_shown(&some->eval, procedure->fields[i])));
		certain += holds != HOLDS_OPEN;
	}
	assert_true(percent < 100 || certain == procedure->field_count);
}

static void test_certain(void **state)
{
	(void)state;
	struct catalogue catalogue;
	struct some *some = arena_new(&arena, struct some);
	assert_int_equal(catalogue_read(&arena, SOURCE_ROOT "/procedures", &problems, &catalogue).code, OK);
	for (size_t i = 0; i < catalogue.n; i++)
		for (unsigned percent = 0; percent <= 100; percent += 10)
			for (int round = 0; round < 10; round++)
				hold_to_it(some, catalogue.v[i], percent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cases, fresh, done),
		cmocka_unit_test_setup_teardown(test_around, fresh, done),
		cmocka_unit_test_setup_teardown(test_certain, fresh, done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

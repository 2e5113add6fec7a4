/* domain/procedure_change, domain/definition and the key `moved`: from one version of a small form to the next. */
#include "form_fixture.h"

#include "domain/definition/definition.h"
#include "domain/definition/procedure_change.h"

static struct arena arena;
static struct definition_problems problems;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_STARTUP_ARENA * 4ul);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

#define HEAD                                                                                                                          \
	"code: 試\n"                                                                                                                  \
	"title: {ja: あ, en: A}\nshort_title: {ja: あ, en: A}\nsummary: {ja: あ, en: A}\nexplanation: {ja: あ, en: A}\n"            \
	"contact: {ja: あ, en: A}\nterms: {ja: あ, en: A}\nneeds: {ja: あ, en: A}\nafter: {ja: あ, en: A}\n"                        \
	"reception: {from: 0, until: 0}\nuser_types: [foreign_national]\nname_field: name\n"                                        \
	"choices:\n"                                                                                                                  \
	"  way: [{value: post, ja: あ, en: A}, {value: desk, ja: い, en: B}]\n"                                                        \
	"  ways: [{value: mail, ja: あ, en: A}, {value: desk, ja: い, en: B}, {value: fax, ja: う, en: C}]\n"
#define PAGE_OF(id) "  - id: " id "\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n"
#define NAME "      - {id: name, type: text, max_length: 9, label: {ja: あ, en: Name}}\n"

static const char before_text[] = HEAD "sections:\n" PAGE_OF("one") NAME
	"      - {id: job, type: text, max_length: 20, label: {ja: あ, en: Job}}\n"
	"      - {id: fax, type: phone, label: {ja: あ, en: Fax}}\n"
	"      - {id: back, type: radio, choices: way, label: {ja: あ, en: Way}}\n"
	"      - {id: also, type: multi, choices: way, label: {ja: あ, en: Ways}}\n"
	"      - {id: town, type: text, max_length: 30, label: {ja: あ, en: Town}}\n"
	"      - id: kin\n        type: group\n        max: 3\n        label: {ja: あ, en: Kin}\n        fields:\n"
	"          - {id: who, type: text, max_length: 9, label: {ja: あ, en: Who}}\n"
	"          - {id: age, type: number, max: 120, label: {ja: あ, en: Age}}\n"
	PAGE_OF("two") "      - {id: note, type: textarea, max_length: 90, label: {ja: あ, en: Note}}\n";

/* job → occupation, kin → family with who → name, fax is gone, town on page two, note shorter, phone new. */
static const char now_text[] = HEAD "sections:\n" PAGE_OF("one") NAME
	"      - {id: occupation, type: text, max_length: 20, label: {ja: あ, en: Job}}\n"
	"      - {id: phone, type: phone, label: {ja: あ, en: Phone}}\n"
	"      - {id: back, type: radio, choices: ways, label: {ja: あ, en: Way}}\n"
	"      - {id: also, type: multi, choices: ways, label: {ja: あ, en: Ways}}\n"
	"      - id: family\n        type: group\n        max: 3\n        label: {ja: あ, en: Kin}\n        fields:\n"
	"          - {id: name, type: text, max_length: 9, label: {ja: あ, en: Who}}\n"
	"          - {id: age, type: number, max: 120, label: {ja: あ, en: Age}}\n"
	PAGE_OF("two") "      - {id: town, type: text, max_length: 30, label: {ja: あ, en: Town}}\n"
	"      - {id: note, type: textarea, max_length: 50, label: {ja: あ, en: Note}}\n"
	"moved:\n"
	"  - {from: job, to: occupation}\n"
	"  - {from: kin, to: family}\n"
	"  - {from: kin.who, to: family.name}\n"
	"  - {field: back, values: {post: mail}}\n"
	"  - {field: also, values: {post: mail}}\n";

static const struct procedure *procedure_of(const char *text)
{
	AUTO_ARENA scratch;
	struct reader reader;

	arena_init(&scratch, LIMIT_STARTUP_ARENA);
	problems = (struct definition_problems){0};
	reader_init(&reader, &arena, &scratch, "none", &problems);
	reader_preset(&reader, "probe/procedure.yaml", str_of(text));
	const struct procedure *procedure = procedure_read(&reader, STR("probe"));

	if (!procedure)
		print_error(STR_FMT, STR_ARG(buf_view(&problems.text)));
	return procedure;
}

static void test_changes(void **state)
{
	static const struct {
		enum change_kind kind;
		const char *before, *now;
	} wanted[] = {
		{CHANGE_NEW, NULL, "phone"}, {CHANGE_MOVED, "town", "town"}, {CHANGE_ASKED, "note", "note"}, {CHANGE_LEFT, "fax", NULL},
	};
	const struct procedure *before = procedure_of(before_text), *now = procedure_of(now_text);
	struct procedure_change *changes;
	size_t count;

	(void)state;
	procedure_changes(&arena, before, now, &changes, &count);
	assert_int_equal(count, sizeof wanted / sizeof *wanted);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(changes[i].kind, wanted[i].kind);
		if (wanted[i].before)
			expect_str(changes[i].before->id, wanted[i].before, "before");
		else
			assert_null(changes[i].before);
		if (wanted[i].now)
			expect_str(changes[i].now->id, wanted[i].now, "now");
		else
			assert_null(changes[i].now);
	}
	procedure_changes(&arena, now, now, &changes, &count);
	assert_int_equal(count, 0);
}

static void test_answers(void **state)
{
	static const struct {
		const char *path, *value;
	} given[] = {{"name", "A"}, {"job", "cook"}, {"fax", "0312345678"}, {"back", "post"}, {"also", "post desk"}, {"kin.0.who", "B"}, {"kin.0.age", "7"},
		{"kin.2.who", "C"}, {"town", "Oita"}},
	  moved[] = {{"name", "A"}, {"occupation", "cook"}, {"job", ""}, {"fax", "0312345678"}, {"back", "mail"}, {"also", "mail desk"},
		  {"family.0.name", "B"}, {"family.0.age", "7"}, {"family.2.name", "C"}, {"kin.0.who", ""}, {"town", "Oita"}};
	const struct procedure *now = procedure_of(now_text);
	struct answers answers;

	(void)state;
	answers_init(&answers, &arena);
	for (size_t i = 0; i < sizeof given / sizeof *given; i++)
		answers_set(&answers, str_of(given[i].path), str_of(given[i].value));
	for (int round = 0; round < 2; round++) {
		answers_move(now, &answers);
		for (size_t i = 0; i < sizeof moved / sizeof *moved; i++)
			expect_str(answers_get(&answers, str_of(moved[i].path)), moved[i].value, moved[i].path);
	}
	/* What was given at the new place stays. */
	answers_set(&answers, STR("job"), STR("waiter"));
	answers_move(now, &answers);
	expect_str(answers_get(&answers, STR("occupation")), "cook", "occupation");
}

static void test_faults(void **state)
{
	static const struct {
		const char *moved, *words;
	} rows[] = {
		{"  - {from: name, to: phone}\n", "is still there"}, {"  - {from: old, to: nothing}\n", "no field 'nothing'"},
		{"  - {from: Old, to: phone}\n", "an id, or group.field"}, {"  - {from: a.b, to: phone}\n", "a field of a group moves to"},
		{"  - {from: old, to: family.name}\n", "a field of a group moves to"}, {"  - {from: old}\n", "'to' is missing"},
		{"  - {from: old, to: phone, why: x}\n", "unknown key 'why'"}, {"  - {field: name, values: {a: b}}\n", "no choices"},
		{"  - {field: back, values: {desk: mail}}\n", "is still there"}, {"  - {field: back, values: {post: pigeon}}\n", "never has the value"},
		{"  - old\n", "must be a map"}, {"  x: y\n", "must be a list"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str text = str_of(now_text);
		struct str head = str_sub(text, 0, (size_t)str_find(text, STR("moved:\n")) + 7);
		struct buf all;

		buf_init(&all, &arena, LIMIT_PAGE);
		buf_str(&all, head);
		buf_c(&all, rows[i].moved);
		AUTO_ARENA scratch;
		struct reader reader;

		arena_init(&scratch, LIMIT_STARTUP_ARENA);
		problems = (struct definition_problems){0};
		reader_init(&reader, &arena, &scratch, "none", &problems);
		reader_preset(&reader, "probe/procedure.yaml", buf_view(&all));
		assert_null(procedure_read(&reader, STR("probe")));
		if (str_find(buf_view(&problems.text), str_of(rows[i].words)) < 0)
			fail_msg("%s: " STR_FMT, rows[i].moved, STR_ARG(buf_view(&problems.text)));
	}
}

/* A version is its files, and nothing else is it. */
static void test_definition(void **state)
{
	struct fixture *fixture = *state;
	const struct procedure *read, *sample = fixture->sample;
	struct definition_file *files;

	assert_int_equal(definition_files(&arena, DATA "/good", sample, &files).code, OK);
	assert_true(sample->file_count > 1);
	assert_int_equal(definition_read(&arena, sample->id, sample->version, files, sample->file_count, &read).code, OK);
	assert_true(str_eq(read->version, sample->version));
	assert_int_equal(read->field_count, sample->field_count);
	for (size_t i = 0; i < read->field_count; i++)
		assert_true(str_eq(read->fields[i]->id, sample->fields[i]->id));
	assert_int_equal(definition_read(&arena, sample->id, STR("0123456789abcdef"), files, sample->file_count, &read).code, ERR_CONFLICT);
	assert_int_equal(definition_read(&arena, sample->id, sample->version, files, sample->file_count - 1, &read).code, ERR_CONFLICT);
	files[0].bytes = str_fmt(&arena, STR_FMT "\n", STR_ARG(files[0].bytes));
	assert_int_equal(definition_read(&arena, sample->id, sample->version, files, sample->file_count, &read).code, ERR_CONFLICT);
	/* Another folder has other files. */
	assert_int_equal(definition_files(&arena, DATA "/synonyms", sample, &files).code, ERR_CONFLICT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_faults),
		with_fixture(test_definition),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

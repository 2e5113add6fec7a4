/* domain/procedure_read: limits and missing files first, then the shape of what the good definitions become. */
#include "form_fixture.h"

#include <ftw.h>
#include <sys/stat.h>

static struct arena arena, scratch;
static struct definition_problems problems;
static struct reader reader;

static int fresh(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_STARTUP_ARENA * 4ul);
	arena_init(&scratch, LIMIT_STARTUP_ARENA * 4ul);
	reader_init(&reader, &arena, &scratch, DATA "/good", &problems);
	assert_int_equal(codes_read_all(&reader).code, OK);
	return 0;
}

static int done(void **state)
{
	(void)state;
	arena_release(&arena);
	arena_release(&scratch);
	return 0;
}

static bool has_problem(const char *words)
{
	bool found = str_find(buf_view(&problems.text), str_of(words)) >= 0;
	if (!found)
		print_error("no '%s' in:\n" STR_FMT, words, STR_ARG(buf_view(&problems.text)));
	return found;
}

static const char minimal[] =
	"code: 試\n"
	"title: {ja: あ, en: A}\nshort_title: {ja: あ, en: A}\nsummary: {ja: あ, en: A}\nexplanation: {ja: あ, en: A}\n"
	"contact: {ja: あ, en: A}\nterms: {ja: あ, en: A}\nneeds: {ja: あ, en: A}\nafter: {ja: あ, en: A}\n"
	"reception: {from: 0, until: 0}\nuser_types: [foreign_national]\n"
	"office_field: office\nname_field: name\nemail_field: email\n"
	"sections:\n"
	"  - id: one\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n"
	"      - {id: office, type: select, choices: office, label: {ja: あ, en: A}}\n"
	"      - {id: name, type: text, max_length: 9, label: {ja: あ, en: A}}\n"
	"      - {id: email, type: email, label: {ja: あ, en: A}}\n";

static struct procedure *read_probe(struct str bytes)
{
	reader_preset(&reader, "probe/procedure.yaml", bytes);
	return procedure_read(&reader, STR("probe"));
}

static struct buf text_of(size_t max)
{
	struct buf text;
	buf_init(&text, &arena, max);
	buf_c(&text, minimal);
	return text;
}

static void add_fields(struct buf *text, size_t from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_fmt(text, "      - {id: f%zu, type: date, label: {ja: あ, en: A}}\n", from + i);
}

static void test_field_limit(void **state)
{
	(void)state;
	struct buf text = text_of(LIMIT_DEFINITION_FILE);
	add_fields(&text, 0, LIMIT_FIELDS - 3);
	assert_non_null(read_probe(buf_view(&text)));
	add_fields(&text, LIMIT_FIELDS, 1);
	assert_null(read_probe(buf_view(&text)));
	assert_int_equal(problems.n, 1);
	assert_true(has_problem("more than 2048 fields"));
}

static void add_sections(struct buf *text, size_t from, size_t count)
{
	for (size_t i = from; i < from + count; i++)
		buf_fmt(text, "  - {id: s%zu, title: {ja: あ, en: A}, minutes: 1, fields: [{id: f%zu, type: date, label: {ja: あ, en: A}}]}\n", i, i);
}

static void test_section_limit(void **state)
{
	(void)state;
	struct buf text = text_of(LIMIT_DEFINITION_FILE);
	add_sections(&text, 0, LIMIT_SECTIONS - 1);
	assert_non_null(read_probe(buf_view(&text)));
	add_sections(&text, LIMIT_SECTIONS, 1);
	assert_null(read_probe(buf_view(&text)));
	assert_true(has_problem("more than 160 sections"));
}

static void test_file_size(void **state)
{
	(void)state;
	struct buf text = text_of(LIMIT_DEFINITION_FILE + 1);
	buf_byte(&text, '#');
	while (text.n < LIMIT_DEFINITION_FILE - 1)
		buf_byte(&text, 'x');
	assert_non_null(read_probe(buf_view(&text)));
	buf_byte(&text, 'x');
	assert_non_null(read_probe(buf_view(&text)));
	buf_byte(&text, 'x');
	assert_null(read_probe(buf_view(&text)));
	assert_true(has_problem("more than 1048576 bytes"));
}

/* The nodes of a list are counted whether or not anybody reads them. */
static void test_node_limit(void **state)
{
	(void)state;
	struct buf text;
	buf_init(&text, &arena, LIMIT_DEFINITION_FILE);
	buf_c(&text, "a: [");
	for (size_t i = 0; i < LIMIT_DEFINITION_NODES - 3; i++)
		buf_c(&text, "1, ");
	struct str at = str_fmt(&arena, STR_FMT "]\n", STR_ARG(buf_view(&text)));
	struct str above = str_fmt(&arena, STR_FMT "1]\n", STR_ARG(buf_view(&text)));
	assert_non_null(yaml_tree_read(&arena, &scratch, &reader.faults, "at", at));
	assert_int_equal(problems.n, 0);
	assert_null(yaml_tree_read(&arena, &scratch, &reader.faults, "above", above));
	assert_true(has_problem("more than 50000 values"));
}

static struct str nested(size_t depth)
{
	struct buf text;
	buf_init(&text, &arena, 1024);
	buf_c(&text, "a: ");
	for (size_t i = 0; i < depth - 2; i++)
		buf_byte(&text, '[');
	buf_byte(&text, 'x');
	for (size_t i = 0; i < depth - 2; i++)
		buf_byte(&text, ']');
	return buf_view(&text);
}

static void test_depth(void **state)
{
	(void)state;
	assert_non_null(yaml_tree_read(&arena, &scratch, &reader.faults, "at", nested(LIMIT_DEFINITION_DEPTH)));
	assert_null(yaml_tree_read(&arena, &scratch, &reader.faults, "above", nested(LIMIT_DEFINITION_DEPTH + 1)));
	assert_true(has_problem("more than 24 levels"));
}

/* The largest that are accepted; one more is in data/bad (length_huge, group_too_many). */
static void test_largest(void **state)
{
	(void)state;
	const struct procedure *procedure = read_probe(str_fmt(&arena, "%s%s", minimal,
		"      - {id: long, type: textarea, max_length: 4000, label: {ja: あ, en: A}}\n"
		"      - {id: g, type: group, max: 50, label: {ja: あ, en: A}, fields: [{id: a, type: date, label: {ja: あ, en: A}}]}\n"));
	assert_non_null(procedure);
	struct answers answers;
	struct issues issues;
	struct form_scope scope = {procedure, &answers, USER_FOREIGN_NATIONAL, TODAY};
	char text[LIMIT_TEXT_LENGTH + 1];
	memset(text, 'x', sizeof text);
	answers_init(&answers, &arena);
	form_apply(&answers, procedure_field(procedure, STR("long")), 0, str_make(text, LIMIT_TEXT_LENGTH));
	form_apply(&answers, procedure_field(procedure, STR("g.a")), 49, STR("20000101"));
	form_check(&scope, &arena, NULL, &issues);
	assert_int_equal(issues.n, 0);
	form_apply(&answers, procedure_field(procedure, STR("long")), 0, str_make(text, LIMIT_TEXT_LENGTH + 1));
	form_apply(&answers, procedure_field(procedure, STR("g.a")), 50, STR("20000101"));
	form_check(&scope, &arena, NULL, &issues);
	assert_int_equal(issues.n, 2);
	assert_int_equal(issues.v[0].msg, MSG_form_too_long);
	assert_int_equal(issues.v[1].msg, MSG_form_rows_max);
}

static void test_fault_limit(void **state)
{
	(void)state;
	struct buf text = text_of(LIMIT_DEFINITION_FILE);
	for (size_t i = 0; i < LIMIT_DEFINITION_FAULTS + 50; i++)
		buf_fmt(&text, "      - {id: f%zu, type: datum, label: {ja: あ, en: A}}\n", i);
	assert_null(read_probe(buf_view(&text)));
	assert_int_equal(problems.n, LIMIT_DEFINITION_FAULTS);
	size_t lines = 0;
	struct str rest = buf_view(&problems.text);
	for (struct str line; str_next(&rest, '\n', &line);)
		lines++;
	assert_int_equal(lines, LIMIT_DEFINITION_FAULTS);
}

/* Nothing after a fault is forgotten: five faults of five kinds, five lines. */
static void test_goes_on(void **state)
{
	(void)state;
	struct str text = str_fmt(&arena, "%s%s", minimal,
		"      - {id: a, type: datum, label: {ja: あ, en: A}}\n"
		"      - {id: b, type: text, label: {ja: 漢字, en: A}}\n"
		"      - {id: c, type: date, label: {ja: あ, en: A}, when: {field: nobody, given: true}}\n"
		"checks:\n"
		"  - {id: d, message: {ja: あ, en: A}, not_past: name}\n");
	assert_null(read_probe(text));
	assert_int_equal(problems.n, 5);
}

/* Control characters in a value cannot forge a second line. */
static void test_one_line_each(void **state)
{
	(void)state;
	struct str text = str_fmt(&arena, "%s%s", minimal, "\"a\\nforged:1:1: b\": c\n");
	assert_null(read_probe(text));
	assert_int_equal(problems.n, 1);
	assert_true(has_problem("unknown key 'a?forged:1:1: b'"));
}

static void test_folders(void **state)
{
	(void)state;
	struct catalogue catalogue;
	assert_int_equal(catalogue_read(&arena, DATA "/nowhere", &problems, &catalogue).code, ERR_NOT_FOUND);
	assert_int_equal(catalogue_read(&arena, DATA "/bad", &problems, &catalogue).code, ERR_NOT_FOUND);
	assert_int_equal(catalogue_read(&arena, DATA "/bad/empty.yaml", &problems, &catalogue).code, ERR_INTERNAL);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
	(void)about;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void write_file(const char *folder, const char *name, size_t size)
{
	FILE *file = fopen(str_c(&arena, str_fmt(&arena, "%s/%s", folder, name)), "w");
	assert_non_null(file);
	for (size_t i = 0; i < size; i++)
		fputc('#', file);
	fclose(file);
}

static void make_folder(const char *folder, const char *name)
{
	assert_int_equal(mkdir(str_c(&arena, str_fmt(&arena, "%s/%s", folder, name)), 0700), 0);
}

static void test_files(void **state)
{
	(void)state;
	char folder[] = "/tmp/test_procedure.XXXXXX";
	struct catalogue catalogue;
	assert_non_null(mkdtemp(folder));
	make_folder(folder, "codes");
	make_folder(folder, "shared");
	make_folder(folder, "nothing");
	make_folder(folder, "Wrong-Name");
	make_folder(folder, "large");
	make_folder(folder, "folder");
	make_folder(folder, "folder/procedure.yaml");
	write_file(folder, "large/procedure.yaml", LIMIT_DEFINITION_FILE + 1);
	write_file(folder, "README.md", 10);
	assert_int_equal(catalogue_read(&arena, folder, &problems, &catalogue).code, ERR_INVALID);
	assert_int_equal(problems.n, 4);
	assert_true(has_problem("/nothing/procedure.yaml:1:1: there is no such file"));
	assert_true(has_problem("/Wrong-Name:1:1: the name of a procedure"));
	assert_true(has_problem("/large/procedure.yaml:1:1: the file is larger"));
	assert_true(has_problem("/folder/procedure.yaml:1:1: this is no file"));
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void test_faulty_include_told_once(void **state)
{
	(void)state;
	struct str including = str_fmt(&arena, "%s%s", minimal, "      - include: shared/broken.yaml\n");
	reader_preset(&reader, "shared/broken.yaml", STR("fields:\n  - {id: x, type: datum, label: {ja: あ, en: A}}\n"));
	reader_preset(&reader, "one/procedure.yaml", including);
	reader_preset(&reader, "two/procedure.yaml", including);
	(void)procedure_read(&reader, STR("one"));
	(void)procedure_read(&reader, STR("two"));
	assert_int_equal(problems.n, 1);
	assert_true(has_problem("shared/broken.yaml:2:19: unknown type 'datum'"));
}

static void test_nested_include(void **state)
{
	(void)state;
	reader_preset(&reader, "shared/outer.yaml", STR("fields:\n  - include: shared/contact.yaml\n"));
	assert_null(read_probe(str_fmt(&arena, "%s%s", minimal, "      - include: shared/outer.yaml\n")));
	assert_int_equal(problems.n, 1);
	assert_true(has_problem("shared/outer.yaml:2:5: an included file does not include others"));
}

static struct str version_with(const char *path, const char *bytes)
{
	struct reader other;
	struct definition_problems none;
	reader_init(&other, &arena, &scratch, DATA "/good", &none);
	if (path)
		reader_preset(&other, path, str_of(bytes));
	assert_int_equal(codes_read_all(&other).code, OK);
	struct procedure *second = procedure_read(&other, STR("second"));
	assert_non_null(second);
	assert_int_equal(second->version.n, 16);
	return second->version;
}

/* The version changes with every file the procedure is made of, and with no other. */
static void test_version(void **state)
{
	(void)state;
	struct str version = version_with(NULL, NULL);
	assert_true(str_eq(version, version_with(NULL, NULL)));
	assert_true(str_eq(version, version_with("codes/yes_no.csv", "value,ja,en\nyes,はい,Yes\n")));
	assert_false(str_eq(version, version_with("codes/office.csv", "value,letter,ja,en\na,東,あ,A\n")));
	struct reader other;
	struct definition_problems none;
	reader_init(&other, &arena, &scratch, DATA "/good", &none);
	struct source *contact = reader_source(&other, STR("shared/contact.yaml"), NULL);
	const char *changed = str_c(&arena, str_fmt(&arena, STR_FMT "\n", STR_ARG(contact->bytes)));
	assert_false(str_eq(version, version_with("shared/contact.yaml", changed)));
}

static void test_shape(void **state)
{
	struct fixture *fixture = *state;
	const struct procedure *sample = fixture->sample;
	assert_int_equal(fixture->catalogue.n, 2);
	expect_str(sample->code, "試", "code");
	expect_str(text_form(&sample->explanation, LANG_EN, TEXT_WORDS), "First paragraph.\n\nSecond.", "explanation");
	assert_int_equal(sample->open_from, 20260105);
	assert_true(sample->user_types[USER_FOREIGN_NATIONAL] && sample->user_types[USER_ATTORNEY]);
	assert_false(sample->user_types[USER_ORGANIZATION] || sample->user_types[USER_LEGAL_REPRESENTATIVE]);
	assert_false(procedure_open(sample, 20260104));
	assert_true(procedure_open(sample, 20260105) && procedure_open(sample, 20271231));
	assert_false(procedure_open(sample, 20280101));
	assert_true(procedure_open(catalogue_find(&fixture->catalogue, STR("second")), 1));
	assert_null(catalogue_find(&fixture->catalogue, STR("third")));
	for (size_t i = 0; i < sample->field_count; i++) {
		const struct field *field = sample->fields[i];
		assert_int_equal(field->index, i);
		assert_ptr_equal(procedure_field(sample, field->id), field);
		assert_non_null(field->section);
		assert_int_equal(field->section->index < sample->section_count, 1);
	}
	assert_null(procedure_field(sample, STR("hours")));
	assert_null(procedure_section(sample, STR("none")));
	assert_int_equal(procedure_section(sample, STR("person"))->minutes, 5);
}

static void test_groups(void **state)
{
	struct fixture *fixture = *state;
	const struct field *group = field_of(fixture, "family");
	const struct field *where = field_of(fixture, "family.where");
	assert_int_equal(group->field_count, 8);
	assert_int_equal(group->min, 1);
	assert_int_equal(group->max, 3);
	assert_ptr_equal(where->group, group);
	assert_int_equal(group->fields[0]->index, group->index + 1);
	expect_str(where->paths[0].text, "family.0.where", "first path");
	expect_str(where->paths[3].text, "family.3.where", "one row too many");
	assert_ptr_equal(where->when->field, field_of(fixture, "family.home"));
	assert_int_equal(where->one_of_count, 0);
	assert_int_equal(field_of(fixture, "family.cell")->one_of_count, 2);
}

static void test_included(void **state)
{
	struct fixture *fixture = *state;
	const struct procedure *second = catalogue_find(&fixture->catalogue, STR("second"));
	expect_str(field_of(fixture, "mobile")->no, "1.4", "number given by the including file");
	expect_str(field_of(fixture, "phone")->no, "1.2", "its own number");
	assert_null(procedure_field(second, STR("reach")));
	assert_int_equal(second->check_count, 0);
	expect_str(procedure_field(second, STR("email"))->no, "3.4", "a number where there was none");
	assert_ptr_equal(procedure_field(second, STR("postal_code"))->fills, procedure_field(second, STR("address")));
	assert_ptr_equal(field_of(fixture, "email_again")->same_as, field_of(fixture, "email"));
	assert_ptr_equal(field_of(fixture, "mobile")->one_of_with[0], field_of(fixture, "phone"));
	expect_str(field_of(fixture, "country")->choices->id, "nationality_with_japan", "what country means by itself");
}

static void test_checks(void **state)
{
	struct fixture *fixture = *state;
	const struct procedure *sample = fixture->sample;
	size_t spanning = 0, in_rows = 0;
	assert_int_equal(sample->check_count, 13);
	for (size_t i = 0; i < sample->check_count; i++) {
		spanning += !sample->checks[i].section;
		in_rows += sample->checks[i].group != NULL;
	}
	assert_int_equal(spanning, 1); /* not_both: level and reach */
	assert_int_equal(in_rows, 3);  /* hours, rows, home_name */
}

/* What the portal offers must read. */
static void test_offered(void **state)
{
	(void)state;
	struct catalogue catalogue;
	err e = catalogue_read(&arena, SOURCE_ROOT "/procedures", &problems, &catalogue);
	if (failed(e))
		print_error(STR_FMT, STR_ARG(buf_view(&problems.text)));
	assert_int_equal(e.code, OK);
	assert_true(catalogue.n > 0);
	arena_freeze(&arena);
	assert_non_null(catalogue_find(&catalogue, catalogue.v[0]->id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_field_limit, fresh, done),
		cmocka_unit_test_setup_teardown(test_section_limit, fresh, done),
		cmocka_unit_test_setup_teardown(test_file_size, fresh, done),
		cmocka_unit_test_setup_teardown(test_node_limit, fresh, done),
		cmocka_unit_test_setup_teardown(test_depth, fresh, done),
		cmocka_unit_test_setup_teardown(test_largest, fresh, done),
		cmocka_unit_test_setup_teardown(test_fault_limit, fresh, done),
		cmocka_unit_test_setup_teardown(test_goes_on, fresh, done),
		cmocka_unit_test_setup_teardown(test_one_line_each, fresh, done),
		cmocka_unit_test_setup_teardown(test_folders, fresh, done),
		cmocka_unit_test_setup_teardown(test_files, fresh, done),
		cmocka_unit_test_setup_teardown(test_faulty_include_told_once, fresh, done),
		cmocka_unit_test_setup_teardown(test_nested_include, fresh, done),
		cmocka_unit_test_setup_teardown(test_version, fresh, done),
		with_fixture(test_shape),
		with_fixture(test_groups),
		with_fixture(test_included),
		with_fixture(test_checks),
		cmocka_unit_test_setup_teardown(test_offered, fresh, done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

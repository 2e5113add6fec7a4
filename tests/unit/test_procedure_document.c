/* domain/procedure_document: photo, ceilings and the list of documents, own and included. */
#include "form_fixture.h"

static const char head[] =
	"code: 試\ntitle: {ja: あ, en: A}\nshort_title: {ja: あ, en: A}\nsummary: {ja: あ, en: A}\nexplanation: {ja: あ, en: A}\n"
	"contact: {ja: あ, en: A}\nterms: {ja: あ, en: A}\nneeds: {ja: あ, en: A}\nafter: {ja: あ, en: A}\n"
	"reception: {from: 0, until: 0}\nuser_types: [foreign_national]\nname_field: name\nemail_field: email\n"
	"sections:\n  - id: one\n    title: {ja: あ, en: A}\n    minutes: 1\n    fields:\n"
	"      - {id: name, type: text, max_length: 9, label: {ja: あ, en: A}}\n"
	"      - {id: email, type: email, label: {ja: あ, en: A}}\n";

struct probe {
	struct arena arena, scratch;
	struct definition_problems problems;
	struct procedure *procedure;
};

static void read_probe(struct probe *probe, const char *rest)
{
	struct reader reader;
	arena_init(&probe->arena, LIMIT_STARTUP_ARENA);
	arena_init(&probe->scratch, LIMIT_STARTUP_ARENA);
	reader_init(&reader, &probe->arena, &probe->scratch, DATA "/good", &probe->problems);
	assert_int_equal(codes_read_all(&reader).code, OK);
	reader_preset(&reader, "probe/procedure.yaml", str_fmt(&probe->arena, "%s%s", head, rest));
	probe->procedure = procedure_read(&reader, STR("probe"));
	if (probe->problems.n)
		print_error("%.*s\n", STR_ARG(buf_view(&probe->problems.text)));
}

static void end_probe(struct probe *probe)
{
	arena_release(&probe->arena);
	arena_release(&probe->scratch);
}

static void test_nothing(void **state)
{
	struct probe probe;
	(void)state;
	read_probe(&probe, "");
	assert_non_null(probe.procedure);
	assert_int_equal(probe.procedure->files_most, 0);
	assert_int_equal(probe.procedure->document_count, 0);
	assert_false(probe.procedure->photo.asked);
	end_probe(&probe);
}

static void test_photo(void **state)
{
	struct probe probe;
	(void)state;
	read_probe(&probe, "attachments: {files: 20, bytes: 25000000}\nphoto: {}\n");
	assert_non_null(probe.procedure);
	assert_int_equal(probe.procedure->files_most, 20);
	assert_int_equal(probe.procedure->bytes_most, 25000000);
	assert_true(probe.procedure->photo.asked);
	assert_false(probe.procedure->photo.may_skip);
	assert_null(probe.procedure->photo.when);
	end_probe(&probe);
	read_probe(&probe, "attachments: {files: 1, bytes: 1000}\nphoto: {when: {field: name, given: true}, not_needed: {field: email, given: true}}\n");
	assert_non_null(probe.procedure);
	assert_true(probe.procedure->photo.may_skip);
	assert_int_equal(probe.procedure->photo.when->op, RULE_GIVEN);
	assert_ptr_equal(probe.procedure->photo.not_needed->field, procedure_field(probe.procedure, STR("email")));
	end_probe(&probe);
}

static void test_documents(void **state)
{
	struct probe probe;
	(void)state;
	read_probe(&probe, "attachments: {files: 20, bytes: 25000000}\n"
		"documents:\n"
		"  - {include: shared/papers.yaml, when: {field: name, given: true}}\n"
		"  - {id: contract, label: {ja: けいやく, en: Contract}, expected: false, files: 100, when: {field: email, given: true}}\n"
		"  - {id: other, label: {ja: ほか, en: Other}, expected: [second]}\n");
	assert_non_null(probe.procedure);
	assert_int_equal(probe.procedure->document_count, 4);
	const struct document *passport = procedure_document(probe.procedure, STR("passport_copy"));
	assert_ptr_equal(passport, &probe.procedure->documents[0]);
	assert_true(passport->expected);
	assert_int_equal(passport->files, 3);
	assert_int_equal(passport->when->op, RULE_GIVEN);
	assert_true(str_eq(text_form(&passport->label, LANG_JA, TEXT_PLAIN), STR("旅券の写し")));
	assert_true(text_form(&passport->hint, LANG_EN, TEXT_WORDS).n > 0);
	assert_null(procedure_document(probe.procedure, STR("only_elsewhere")));
	const struct document *here = procedure_document(probe.procedure, STR("only_here"));
	assert_true(here->expected);
	assert_int_equal(here->files, 1);
	const struct document *contract = procedure_document(probe.procedure, STR("contract"));
	assert_int_equal(contract->files, 100);
	assert_false(contract->expected);
	assert_null(text_form(&contract->hint, LANG_JA, TEXT_WORDS).p);
	assert_false(procedure_document(probe.procedure, STR("other"))->expected);
	end_probe(&probe);
}

/* The condition of an include and the document's own must both hold. */
static void test_both_conditions(void **state)
{
	struct probe probe;
	(void)state;
	read_probe(&probe, "attachments: {files: 20, bytes: 25000000}\n"
		"documents:\n  - {include: shared/papers.yaml, when: {all: [{field: name, given: true}, {field: email, given: true}]}}\n");
	assert_non_null(probe.procedure);
	assert_int_equal(probe.procedure->documents[0].when->op, RULE_ALL);
	assert_int_equal(probe.procedure->documents[0].when->sub_count, 2);
	end_probe(&probe);
}

/* A shared list belongs to the version of each procedure that includes it. */
static void test_version(void **state)
{
	struct probe with, without;
	(void)state;
	read_probe(&with, "attachments: {files: 20, bytes: 25000000}\ndocuments: [{include: shared/papers.yaml}]\n");
	read_probe(&without, "attachments: {files: 20, bytes: 25000000}\n");
	assert_false(str_eq(with.procedure->version, without.procedure->version));
	end_probe(&with);
	end_probe(&without);
}

static void test_too_many(void **state)
{
	struct probe probe;
	struct buf list;
	struct arena arena;
	(void)state;
	for (unsigned count = LIMIT_DOCUMENTS; count <= LIMIT_DOCUMENTS + 1; count++) {
		arena_init(&arena, LIMIT_STARTUP_ARENA);
		buf_init(&list, &arena, LIMIT_DEFINITION_FILE);
		buf_lit(&list, "attachments: {files: 20, bytes: 25000000}\ndocuments:\n");
		for (unsigned i = 0; i < count; i++)
			buf_fmt(&list, "  - {id: d%u, label: {ja: あ, en: A}, expected: false}\n", i);
		read_probe(&probe, str_c(&arena, buf_view(&list)));
		assert_int_equal(probe.problems.n, count > LIMIT_DOCUMENTS);
		assert_int_equal(probe.procedure != NULL, count <= LIMIT_DOCUMENTS);
		end_probe(&probe);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_photo),
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_both_conditions),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_too_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

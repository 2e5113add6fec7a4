/*
 * Definitions from anywhere: the first byte says whether the rest is a procedure.yaml, a shared file or a list of codes, read beside
 * the definitions of tests/unit/data/good. Whatever comes is either compiled or reported with lines of the promised form.
 */
#include "fuzz.h"

#include "domain/definition/procedure_json.h"
#include "domain/definition/procedure_use.h"
#include "domain/form/form.h"

#ifndef SOURCE_ROOT
#define SOURCE_ROOT "."
#endif

/* "path:line:column: words" */
static void check_lines(const struct definition_problems *problems)
{
	struct str rest = buf_view(&problems->text);
	struct str line;
	size_t lines = 0;
	MUST(problems->n <= LIMIT_DEFINITION_FAULTS);
	while (str_next(&rest, '\n', &line)) {
		uint64_t number;
		ptrdiff_t words = str_find(line, STR(": "));
		MUST(str_starts(line, STR(SOURCE_ROOT "/tests/unit/data/good/")) && words > 0);
		struct str place = str_sub(line, 0, (size_t)words);
		for (int i = 0; i < 2; i++) {
			size_t colon = place.n;
			while (colon && place.p[colon - 1] != ':')
				colon--;
			MUST(colon > 0 && str_to_u64(str_skip(place, colon), &number) && number > 0);
			place = str_sub(place, 0, colon - 1);
		}
		lines++;
	}
	MUST(lines == problems->n);
}

/* What was compiled must be fit for use with any answers. */
static void use(struct arena *arena, const struct procedure *procedure)
{
	struct answers answers, shown;
	struct issues issues;
	answers_init(&answers, arena);
	struct form_scope scope = {procedure, &answers, USER_ATTORNEY, 20261123};
	for (size_t i = 0; i < procedure->field_count; i++)
		form_apply(&answers, procedure->fields[i], 0, i % 2 ? STR("yes") : STR("2000-1-23"));
	form_calculate(&scope, &answers);
	for (size_t i = 0; i < procedure->section_count; i++)
		form_propose(&scope, procedure->sections[i], &answers);
	form_check(&scope, arena, NULL, &issues);
	form_shown(&scope, arena, &shown);
	struct section_look looks[LIMIT_SECTIONS];
	form_sections(&scope, arena, looks);
	struct buf json;
	buf_init(&json, arena, (size_t)16 << 20);
	procedure_write_json(&json, procedure);
	MUST(!failed(buf_error(&json)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {"sample/procedure.yaml", "shared/contact.yaml", "codes/town.csv", "codes/office.csv"};
	static struct arena arena, scratch;
	struct definition_problems problems;
	struct reader reader;
	if (size == 0)
		return 0;
	if (!arena.max) {
		arena_init(&arena, (size_t)256 << 20);
		arena_init(&scratch, (size_t)256 << 20);
	}
	arena_reset(&arena);
	arena_reset(&scratch);
	reader_init(&reader, &arena, &scratch, SOURCE_ROOT "/tests/unit/data/good", &problems);
	reader_preset(&reader, paths[data[0] % 4], str_make((const char *)data + 1, size - 1));
	MUST(codes_read_all(&reader).code == OK);
	uses_begin(&reader);
	const struct procedure *procedure = procedure_read(&reader, STR("sample"));
	if (procedure && !problems.n)
		use_finish(&reader);
	check_lines(&problems);
	MUST(procedure || problems.n);
	if (procedure && !problems.n)
		use(&arena, procedure);
	return 0;
}

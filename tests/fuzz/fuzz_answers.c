/*
 * Answers from anywhere. The input is read as stored answers; and as lines that are typed into fields: first byte the field,
 * second the row, the rest what is typed. Applying twice is applying once; what was applied can be stored, read, checked and shown.
 */
#include "fuzz.h"

#include "domain/form/form.h"

#ifndef SOURCE_ROOT
#define SOURCE_ROOT "."
#endif

static const struct procedure *sample(void)
{
	static struct arena arena;
	static struct catalogue catalogue;
	struct definition_problems problems;
	if (!catalogue.n) {
		arena_init(&arena, LIMIT_STARTUP_ARENA);
		MUST(catalogue_read(&arena, SOURCE_ROOT "/tests/unit/data/good", &problems, &catalogue).code == OK);
	}
	return catalogue_find(&catalogue, STR("sample"));
}

static void there_and_back(struct arena *arena, const struct answers *answers)
{
	struct answers read;
	struct str written = answers_write(arena, answers);
	err e = answers_read(arena, written, &read);
	if (e.code == ERR_LIMIT)
		return;
	MUST(e.code == OK);
	MUST(str_eq(written, answers_write(arena, &read)));
}

static void apply(struct arena *arena, struct answers *answers, const struct procedure *procedure, struct str line)
{
	if (line.n < 2)
		return;
	const struct field *field = procedure->fields[(unsigned char)line.p[0] % procedure->field_count];
	size_t row = (unsigned char)line.p[1] % 6;
	struct str path = path_in_row(arena, field, field->group ? row : 0);
	form_apply(answers, field, row, str_skip(line, 2));
	struct str once = answers_get(answers, path);
	form_apply(answers, field, row, once);
	MUST(str_eq(once, answers_get(answers, path)) || (field->group && row > (size_t)field->group->max));
}

static void show(struct arena *arena, const struct form_scope *scope)
{
	struct buf out;
	buf_init(&out, arena, (size_t)8 << 20);
	for (size_t i = 0; i < scope->procedure->field_count; i++) {
		const struct field *field = scope->procedure->fields[i];
		struct str value = answers_get(scope->answers, path_in_row(arena, field, 0));
		answer_display(&out, scope, locale_get(i % 2 ? LANG_JA : LANG_EN, false), field, 0, value);
	}
	struct issues issues;
	form_check(scope, arena, NULL, &issues);
	for (size_t i = 0; i < issues.n; i++) {
		size_t before = out.n;
		issue_write_html(&out, i % 2 ? locale_get(LANG_JA, true) : locale_get(LANG_EN, false), &issues.v[i]);
		MUST(out.n > before);
	}
	struct section_look looks[LIMIT_SECTIONS];
	for (size_t i = 0; i < scope->procedure->section_count; i++)
		form_check(scope, arena, scope->procedure->sections[i], &issues);
	form_sections(scope, arena, looks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	const struct procedure *procedure = sample();
	struct answers answers, stored, shown;
	struct str input = str_make((const char *)data, size);
	struct str line;
	if (!arena.max)
		arena_init(&arena, (size_t)256 << 20);
	arena_reset(&arena);
	if (answers_read(&arena, input, &stored).code == OK)
		there_and_back(&arena, &stored);
	answers_init(&answers, &arena);
	while (str_next(&input, '\n', &line))
		apply(&arena, &answers, procedure, line);
	there_and_back(&arena, &answers);
	struct form_scope scope = {procedure, &answers, size % 2 ? USER_ATTORNEY : USER_FOREIGN_NATIONAL, 20261123};
	show(&arena, &scope);
	form_shown(&scope, &arena, &shown);
	there_and_back(&arena, &shown);
	answers_remove_row(&answers, procedure_field(procedure, STR("family")), size % 4);
	return 0;
}

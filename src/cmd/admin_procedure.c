#include "cmd/admin_procedure.h"

#include "base/limits.h"
#include "base/time.h"
#include "domain/definition/paths.h"
#include "domain/definition/procedure_json.h"
#include "web/preview.h"

/* The JSON of a procedure for all statuses, with the lists of choices, is 1 MiB. */
#define JSON_MAX ((size_t)16 << 20)

/* Faults go to standard output: they are what was asked for. */
static enum exit_code read_folder(struct program *program, struct arena *arena, bool thorough, struct catalogue *out)
{
	struct definition_problems problems = {0};

	buf_init(&problems.text, program->arena, LIMIT_PAGE);
	err e = (thorough ? catalogue_check : catalogue_read)(arena, program->words[2], &problems, out);

	if (problems.n > 0)
		printf(STR_FMT, STR_ARG(buf_view(&problems.text)));
	if (!failed(e))
		return EXIT_DONE;
	if (problems.n == 0)
		program_complain("procedures", e);
	return e.code == ERR_INVALID ? EXIT_REFUSED : program_exit_of(e);
}

static enum exit_code wants(const struct program *program, size_t words, const char *what)
{
	if (program->word_count >= words)
		return EXIT_DONE;
	fprintf(stderr, "madoguchi: admin procedure %s wants %s\n", program->words[1], what);
	return EXIT_USAGE;
}

static bool list_is_used(const struct catalogue *catalogue, const struct choice_list *list)
{
	for (size_t p = 0; p < catalogue->n; p++)
		for (size_t f = 0; f < catalogue->v[p]->field_count; f++)
			if (catalogue->v[p]->fields[f]->choices == list)
				return true;
	return false;
}

/* No fault: a list may wait for a procedure, or serve something else than a field. */
static void say_unused(const struct catalogue *catalogue)
{
	bool any = false;

	for (size_t i = 0; i < catalogue->lists.n; i++) {
		const struct map_entry *entry = &catalogue->lists.entries[i];

		if (list_is_used(catalogue, entry->value))
			continue;
		printf("%s" STR_FMT, any ? " " : "lists in codes/ that no field uses: ", STR_ARG(entry->key));
		any = true;
	}
	if (any)
		printf("\n");
}

enum exit_code admin_procedure_check(struct program *program)
{
	struct catalogue catalogue;
	AUTO_ARENA arena;
	enum exit_code code = wants(program, 3, "the folder of procedures");

	if (code != EXIT_DONE)
		return code;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	code = read_folder(program, &arena, true, &catalogue);
	for (size_t i = 0; code == EXIT_DONE && i < catalogue.n; i++)
		printf(STR_FMT " " STR_FMT ": %zu sections, %zu fields\n", STR_ARG(catalogue.v[i]->id),
			STR_ARG(catalogue.v[i]->version), catalogue.v[i]->section_count, catalogue.v[i]->field_count);
	if (code == EXIT_DONE)
		say_unused(&catalogue);
	return code;
}

/* The procedure that the command line names. */
static enum exit_code find(struct program *program, struct arena *arena, const struct procedure **out)
{
	struct catalogue catalogue;
	enum exit_code code = wants(program, 4, "the folder of procedures and the name of one");

	if (code != EXIT_DONE)
		return code;
	code = read_folder(program, arena, false, &catalogue);
	if (code != EXIT_DONE)
		return code;
	*out = catalogue_find(&catalogue, str_of(program->words[3]));
	if (*out)
		return EXIT_DONE;
	fprintf(stderr, "madoguchi: %s has no procedure %s\n", program->words[2], program->words[3]);
	return EXIT_USAGE;
}

enum exit_code admin_procedure_json(struct program *program)
{
	const struct procedure *procedure;
	struct buf out;
	AUTO_ARENA arena;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	enum exit_code code = find(program, &arena, &procedure);

	if (code != EXIT_DONE)
		return code;
	buf_init(&out, &arena, JSON_MAX);
	procedure_write_json(&out, procedure);
	err e = buf_error(&out);

	if (failed(e)) {
		program_complain("the procedure", e);
		return program_exit_of(e);
	}
	fwrite(out.p, 1, out.n, stdout);
	putchar('\n');
	return EXIT_DONE;
}

/* Every section of the largest procedure, with its choices, is 3 MiB. */
#define PREVIEW_MAX ((size_t)32 << 20)

enum exit_code admin_procedure_preview(struct program *program)
{
	const struct procedure *procedure;
	struct buf out;
	AUTO_ARENA arena, pages;

	arena_init(&arena, LIMIT_STARTUP_ARENA);
	arena_init(&pages, 4 * PREVIEW_MAX);
	enum exit_code code = find(program, &arena, &procedure);

	if (code != EXIT_DONE)
		return code;
	buf_init(&out, &pages, PREVIEW_MAX);
	/* In English, where the official Japanese words stand beside the others. */
	err e = preview_write(&pages, procedure, str_of(program->status), locale_get(LANG_EN, false), time_date(time_now()), &out);

	if (failed(e)) {
		program_complain("the preview", e);
		return e.code == ERR_INVALID ? EXIT_USAGE : program_exit_of(e);
	}
	fwrite(out.p, 1, out.n, stdout);
	return EXIT_DONE;
}

static void say_path(const char *which, const struct path *path)
{
	printf("  %s: %zu questions on %zu pages, %s\n", which, path->questions, path->pages, user_type_name(path->user_type));
	for (size_t i = 0; i < path->choice_count; i++)
		printf("    " STR_FMT " = " STR_FMT "\n", STR_ARG(path->choices[i].field->id), STR_ARG(path->choices[i].value));
}

enum exit_code admin_procedure_paths(struct program *program)
{
	struct catalogue catalogue;
	AUTO_ARENA arena, scratch;
	enum exit_code code = wants(program, 3, "the folder of procedures");

	if (code != EXIT_DONE)
		return code;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	code = read_folder(program, &arena, false, &catalogue);
	for (size_t i = 0; code == EXIT_DONE && i < catalogue.n; i++) {
		struct path shortest, longest;

		arena_init(&scratch, LIMIT_STARTUP_ARENA);
		paths_find(&scratch, catalogue.v[i], time_date(time_now()), &shortest, &longest);
		printf(STR_FMT "\n", STR_ARG(catalogue.v[i]->id));
		say_path("shortest", &shortest);
		say_path("longest", &longest);
		arena_release(&scratch);
	}
	return code;
}

/* domain/procedure_read: each file of data/bad has one fault, which its first line names: "# LINE:COLUMN: words". */
#include "form_fixture.h"

#include "domain/definition/procedure_use.h"

#include <dirent.h>

static struct str file_bytes(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	char *bytes = arena_alloc(arena, LIMIT_DEFINITION_FILE);
	size_t n = fread(bytes, 1, LIMIT_DEFINITION_FILE, file);
	fclose(file);
	return str_make(bytes, n);
}

/* Reads it as the procedure `probe` beside the good ones. */
static void read_probe(struct arena *arena, struct arena *scratch, struct str bytes, struct definition_problems *problems)
{
	struct reader reader;
	reader_init(&reader, arena, scratch, DATA "/good", problems);
	assert_int_equal(codes_read_all(&reader).code, OK);
	assert_int_equal(problems->n, 0);
	reader_preset(&reader, "probe/procedure.yaml", bytes);
	/* as `admin procedure check` does: what nothing leads to as well, when there is no other fault */
	map_init(&reader.procedures, scratch);
	map_put(&reader.procedures, STR("probe"), &reader);
	map_put(&reader.procedures, STR("other"), &reader);
	uses_begin(&reader);
	if (procedure_read(&reader, STR("probe")))
		use_finish(&reader);
}

static bool one_fault(struct str bytes, struct str wanted, const char *name)
{
	struct arena arena, scratch;
	struct definition_problems problems;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	arena_init(&scratch, LIMIT_STARTUP_ARENA);
	read_probe(&arena, &scratch, bytes, &problems);
	struct str text = buf_view(&problems.text);
	struct str place = str_fmt(&arena, "%s/good/probe/procedure.yaml:" STR_FMT, DATA, (int)str_find(wanted, STR(": ")) + 2, wanted.p);
	ptrdiff_t colon = str_find(wanted, STR(": "));
	struct str words = str_skip(wanted, (size_t)colon + 2);
	bool good = problems.n == 1 && str_starts(text, place) && str_find(text, words) >= 0;
	if (!good)
		print_error("%s: wanted one fault, " STR_FMT "\ngot %zu:\n" STR_FMT "\n", name, STR_ARG(wanted), problems.n, STR_ARG(text));
	arena_release(&arena);
	arena_release(&scratch);
	return good;
}

static void test_each_fault(void **state)
{
	(void)state;
	DIR *folder = opendir(DATA "/bad");
	size_t files = 0, wrong = 0;
	struct arena arena;
	assert_non_null(folder);
	arena_init(&arena, LIMIT_STARTUP_ARENA * 4ul);
	for (const struct dirent *entry; (entry = readdir(folder));) {
		if (!str_ends(str_of(entry->d_name), STR(".yaml")))
			continue;
		struct str bytes = file_bytes(&arena, str_c(&arena, str_fmt(&arena, DATA "/bad/%s", entry->d_name)));
		struct str rest = bytes;
		struct str first;
		assert_true(str_next(&rest, '\n', &first) && str_starts(first, STR("# ")));
		wrong += !one_fault(bytes, str_skip(first, 2), entry->d_name);
		files++;
	}
	closedir(folder);
	arena_release(&arena);
	assert_true(files >= 180);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "domain/search/search.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h> /* behind base/err.h: it has a macro fail() */

/* Searches in the procedures as they are, as people type. */

struct world {
	struct arena arena;
	struct catalogue catalogue;
	const struct search_index *index;
	struct definition_problems problems;
};

static int setup(void **state)
{
	static struct world world;

	world = (struct world){0};
	arena_init(&world.arena, LIMIT_STARTUP_ARENA);
	buf_init(&world.problems.text, &world.arena, LIMIT_PAGE);
	err e = catalogue_read(&world.arena, SOURCE_ROOT "/procedures", &world.problems, &world.catalogue);

	if (!failed(e))
		e = search_index_make(&world.arena, &world.catalogue, SOURCE_ROOT "/procedures", &world.problems, &world.index);
	if (failed(e))
		fprintf(stderr, STR_FMT, STR_ARG(buf_view(&world.problems.text)));
	*state = &world;
	return failed(e) ? -1 : 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	arena_release(&world->arena);
	return 0;
}

static struct search_result search(struct world *world, const char *typed, bool synonyms)
{
	struct search_result result;

	search_run(world->index, &world->arena, str_of(typed), synonyms, &result);
	return result;
}

static const struct search_hit *hit_of(const struct search_result *result, const char *procedure)
{
	for (size_t i = 0; i < result->n; i++)
		if (str_eq(result->hits[i].procedure->id, str_of(procedure)))
			return &result->hits[i];
	return NULL;
}

struct wanted {
	const char *typed;
	enum search_source source; /* of the extension, of the first word */
	enum search_how how;
	const char *found;         /* NULL: anything */
};

static void check_hits(struct world *world, const struct wanted *rows, size_t count, bool synonyms)
{
	for (size_t i = 0; i < count; i++) {
		struct search_result result = search(world, rows[i].typed, synonyms);
		const struct search_hit *hit = hit_of(&result, "extension");

		if (!hit)
			fail_msg("\"%s\" does not find the extension", rows[i].typed);
		if (hit->why[0].source != rows[i].source || hit->why[0].how != rows[i].how ||
			(rows[i].found && !str_eq(hit->why[0].found, str_of(rows[i].found))))
			fail_msg("\"%s\": source %d, how %d, \"" STR_FMT "\"", rows[i].typed, (int)hit->why[0].source, (int)hit->why[0].how,
				STR_ARG(hit->why[0].found));
	}
}

static void test_scripts(void **state)
{
	static const struct wanted rows[] = {
		{"更新", SEARCH_TITLE, SEARCH_AS_TYPED, "更新"}, {"在留期間更新", SEARCH_TITLE, SEARCH_AS_TYPED, "在留期間更新"}, {"こうしん", SEARCH_TITLE, SEARCH_AS_TYPED, "更新"},
		{"コウシン", SEARCH_TITLE, SEARCH_AS_TYPED, "更新"}, {"ｺｳｼﾝ", SEARCH_TITLE, SEARCH_AS_TYPED, "更新"}, {"koushin", SEARCH_TITLE, SEARCH_AS_TYPED, "更新"},
		{"kōshin", SEARCH_TITLE, SEARCH_AS_TYPED, "更新"}, {"ｋｏｓｉｎ", SEARCH_TITLE, SEARCH_AS_TYPED, "更新"}, {"EXTENSION", SEARCH_TITLE, SEARCH_AS_TYPED, "extension"},
		{"exten", SEARCH_TITLE, SEARCH_AS_TYPED, "extension"}, {"extensions", SEARCH_TITLE, SEARCH_AS_TYPED, "extension"}, {"延長", SEARCH_KEYWORDS, SEARCH_AS_TYPED, "延長"},
	};

	check_hits(*state, rows, sizeof rows / sizeof *rows, false);
}

static void test_slips(void **state)
{
	static const struct wanted rows[] = {
		{"extnesion", SEARCH_TITLE, SEARCH_NEAR, "extension"}, {"exttension", SEARCH_TITLE, SEARCH_NEAR, "extension"}, {"extesion", SEARCH_TITLE, SEARCH_NEAR, "extension"},
		{"extemsion", SEARCH_TITLE, SEARCH_NEAR, "extension"}, {"在留期限更新", SEARCH_TITLE, SEARCH_NEAR, NULL}, {"ざいりゆうきかん", SEARCH_TITLE, SEARCH_NEAR, NULL},
		{"留学更新", SEARCH_KEYWORDS, SEARCH_APART, NULL},
	};

	check_hits(*state, rows, sizeof rows / sizeof *rows, false);
	assert_int_equal(search(*state, "extnetion", false).n, 0); /* two letters */
	assert_int_equal(search(*state, "xxxxxxx", false).n, 0);
}

static void test_synonyms(void **state)
{
	static const struct wanted rows[] = {
		{"prolong", SEARCH_TITLE, SEARCH_SYNONYM, NULL}, {"延期", SEARCH_TITLE, SEARCH_SYNONYM, NULL}, {"gia hạn", SEARCH_TITLE, SEARCH_SYNONYM, NULL},
		{"GIA HAN", SEARCH_TITLE, SEARCH_SYNONYM, NULL}, {"签证", SEARCH_TITLE, SEARCH_SYNONYM, NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct search_result without = search(*state, rows[i].typed, false);

		if (hit_of(&without, "extension"))
			fail_msg("\"%s\" is found without synonyms", rows[i].typed);
	}
	check_hits(*state, rows, sizeof rows / sizeof *rows, true);
}

static void test_every_word_counts(void **state)
{
	struct search_result both = search(*state, "extension　留学", false);
	const struct search_hit *hit = hit_of(&both, "extension");

	assert_int_equal(both.words, 2);
	assert_non_null(hit);
	assert_int_equal(hit->why_count, 2);
	assert_int_equal(search(*state, "extension xyzzy", false).n, 0);
	/* Words that say nothing are passed over, unless there are no others. */
	assert_int_equal(search(*state, "how to extend my period of stay", false).words, 3);
	assert_int_equal(search(*state, "the", false).words, 1);
}

static void test_order(void **state)
{
	struct search_result result = search(*state, "更新", false);

	assert_true(result.n > 0);
	assert_true(str_eq(result.hits[0].procedure->id, STR("extension")));
	for (size_t i = 1; i < result.n; i++)
		assert_true(result.hits[i - 1].score >= result.hits[i].score);
}

static void test_nothing_and_too_much(void **state)
{
	struct world *world = *state;
	static const char *const nothing[] = {"", "   ", "!?()", "　、。・", "\xFF\xFE"};
	char long_text[4 * LIMIT_SEARCH];
	struct search_result result;

	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
		result = search(world, nothing[i], true);
		assert_int_equal(result.words, 0);
		assert_int_equal(result.n, 0);
	}
	result = search(world, "a1 a2 a3 a4 a5 a6 a7 a8", false);
	assert_int_equal(result.words, 8);
	assert_false(result.cut);
	result = search(world, "a1 a2 a3 a4 a5 a6 a7 a8 a9", false);
	assert_int_equal(result.words, 8);
	assert_true(result.cut);
	memset(long_text, 'a', sizeof long_text);
	search_run(world->index, &world->arena, str_make(long_text, LIMIT_SEARCH), true, &result);
	assert_false(result.cut);
	search_run(world->index, &world->arena, str_make(long_text, LIMIT_SEARCH + 1), true, &result);
	assert_true(result.cut);
	search_run(world->index, &world->arena, str_make(long_text, sizeof long_text), true, &result);
	assert_int_equal(result.n, 0);
}

/* A faulty synonyms.csv says where. */
static void test_bad_synonyms(void **state)
{
	struct world *world = *state;
	const struct search_index *index;
	struct definition_problems problems = {0};

	buf_init(&problems.text, &world->arena, LIMIT_PAGE);
	err e = search_index_make(&world->arena, &world->catalogue, SOURCE_ROOT "/tests/unit/data/synonyms", &problems, &index);

	assert_int_equal(e.code, ERR_INVALID);
	assert_int_equal(problems.n, 3);
	assert_true(str_find(buf_view(&problems.text), STR("synonyms.csv:3:1:")) >= 0);
	assert_true(str_find(buf_view(&problems.text), STR("synonyms.csv:4:")) >= 0);
	assert_true(str_find(buf_view(&problems.text), STR("synonyms.csv:5:")) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_slips),
		cmocka_unit_test(test_synonyms),
		cmocka_unit_test(test_every_word_counts),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_nothing_and_too_much),
		cmocka_unit_test(test_bad_synonyms),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

#ifndef TESTS_FORM_FIXTURE_H
#define TESTS_FORM_FIXTURE_H

#include "base/utf8.h"
#include "domain/definition/procedure_read.h"
#include "domain/form/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* behind base/err.h: it has a macro fail() */

/* What the tests of procedures and forms share: the definitions of tests/unit/data/good in an arena of their own. */

#ifndef SOURCE_ROOT
#define SOURCE_ROOT "."
#endif
#define DATA SOURCE_ROOT "/tests/unit/data"
#define TODAY 20261123

struct fixture {
	struct arena arena;
	struct catalogue catalogue;
	const struct procedure *sample;
	struct answers answers;
	struct form_scope scope;
};

static inline int fixture_setup(void **state)
{
	static struct fixture fixture;
	struct definition_problems problems;
	fixture = (struct fixture){0};
	arena_init(&fixture.arena, LIMIT_STARTUP_ARENA);
	err e = catalogue_read(&fixture.arena, DATA "/good", &problems, &fixture.catalogue);
	if (failed(e))
		fprintf(stderr, STR_FMT, STR_ARG(buf_view(&problems.text)));
	assert_int_equal(e.code, OK);
	fixture.sample = catalogue_find(&fixture.catalogue, STR("sample"));
	assert_non_null(fixture.sample);
	answers_init(&fixture.answers, &fixture.arena);
	fixture.scope = (struct form_scope){fixture.sample, &fixture.answers, USER_FOREIGN_NATIONAL, TODAY};
	*state = &fixture;
	return 0;
}

static inline int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;
	arena_release(&fixture->arena);
	return 0;
}

#define with_fixture(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

static inline void expect_str(struct str got, const char *wanted, const char *where)
{
	if (!str_eq(got, str_of(wanted))) {
		print_error("%s: got '" STR_FMT "', wanted '%s'\n", where, STR_ARG(got), wanted);
		fail();
	}
}

static inline const struct field *field_of(const struct fixture *fixture, const char *id)
{
	const struct field *field = procedure_field(fixture->sample, str_of(id));
	if (!field)
		print_error("no field %s\n", id);
	assert_non_null(field);
	return field;
}

static inline void answer(struct fixture *fixture, const char *path, const char *value)
{
	answers_set(&fixture->answers, str_of(path), str_of(value));
}

/* What form_apply makes of it, in the given row. */
static inline struct str typed(struct fixture *fixture, const char *id, size_t row, struct str text)
{
	const struct field *field = field_of(fixture, id);
	form_apply(&fixture->answers, field, row, text);
	return answers_get(&fixture->answers, path_in_row(&fixture->arena, field, row));
}

/* The first issue at the path; NULL: none. */
static inline const struct issue *issue_at(const struct issues *issues, const char *path)
{
	for (size_t i = 0; i < issues->n; i++)
		if (str_eq(issues->v[i].path, str_of(path)))
			return &issues->v[i];
	return NULL;
}

/* As a page has them, without readings. */
static inline struct str issue_words(struct fixture *fixture, const struct issue *issue, enum lang lang)
{
	struct buf words;
	buf_init(&words, &fixture->arena, 4096);
	issue_write_html(&words, locale_get(lang, false), issue);
	assert_true(words.n > 0);
	return buf_view(&words);
}

#endif

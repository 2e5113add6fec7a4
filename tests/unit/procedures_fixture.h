#ifndef TESTS_PROCEDURES_FIXTURE_H
#define TESTS_PROCEDURES_FIXTURE_H

#include "form_fixture.h"

/* What the tests of procedures/ share: all of it in an arena of its own, and one person's answers. */

static struct {
	struct arena arena;
	struct catalogue real;
	struct answers answers;
} world;

static inline int fresh(void **state)
{
	struct definition_problems problems;
	(void)state;
	arena_init(&world.arena, LIMIT_STARTUP_ARENA);
	err e = catalogue_read(&world.arena, SOURCE_ROOT "/procedures", &problems, &world.real);

	if (failed(e))
		print_error("%.*s\n", STR_ARG(buf_view(&problems.text)));
	assert_int_equal(e.code, OK);
	answers_init(&world.answers, &world.arena);
	return 0;
}

static inline int done(void **state)
{
	(void)state;
	arena_release(&world.arena);
	return 0;
}

static inline struct form_scope scope_of(const char *procedure, enum user_type type)
{
	const struct procedure *found = catalogue_find(&world.real, str_of(procedure));

	assert_non_null(found);
	return (struct form_scope){found, &world.answers, type, TODAY};
}

static inline void say(const char *path, const char *value)
{
	answers_set(&world.answers, str_of(path), str_of(value));
}

#endif

/* domain/minutes: how long a form takes, of what one and the same person can be asked. */
#include "form_fixture.h"

static struct {
	struct arena arena;
	struct catalogue real;
} world;

static int fresh(void **state)
{
	struct definition_problems problems;
	(void)state;
	arena_init(&world.arena, LIMIT_STARTUP_ARENA);
	assert_int_equal(catalogue_read(&world.arena, SOURCE_ROOT "/procedures", &problems, &world.real).code, OK);
	return 0;
}

static int done(void **state)
{
	(void)state;
	arena_release(&world.arena);
	return 0;
}

static const struct procedure *named(const char *id)
{
	const struct procedure *procedure = map_get(&world.real.by_id, str_of(id));
	assert_non_null(procedure);
	return procedure;
}

static unsigned of_sections(const struct procedure *procedure, const char *const *ids, size_t count)
{
	unsigned sum = 0;
	for (size_t i = 0; i < procedure->section_count; i++)
		for (size_t k = 0; k < count; k++)
			if (str_eq(procedure->sections[i]->id, str_of(ids[k])))
				sum += procedure->sections[i]->minutes;
	return sum;
}

static unsigned of_all(const struct procedure *procedure)
{
	unsigned sum = 0;
	for (size_t i = 0; i < procedure->section_count; i++)
		sum += procedure->sections[i]->minutes;
	return sum;
}

/* Who applies decides; nothing else does. */
static void test_by_user(void **state)
{
	static const char *const own[] = {"what", "person", "check"}, *const agent[] = {"what", "person", "agent", "check"};
	const struct procedure *spouse = named("notification_spouse");
	const struct minutes *of = spouse->minutes;
	(void)state;
	assert_int_equal(of[USER_FOREIGN_NATIONAL].least, of_sections(spouse, own, 3));
	assert_int_equal(of[USER_FOREIGN_NATIONAL].most, of_sections(spouse, own, 3));
	assert_int_equal(of[USER_ATTORNEY].least, of_sections(spouse, agent, 4));
	assert_int_equal(minutes_of_all(spouse).least, of_sections(spouse, own, 3));
	assert_int_equal(named("usage_organization")->minutes[USER_FOREIGN_NATIONAL].most, 0);
}

/* Sections of different statuses are never added up; those of one are, and what else may be asked widens the range. */
static void test_by_status(void **state)
{
	const struct procedure *change = named("change");
	struct minutes one = change->minutes[USER_FOREIGN_NATIONAL];
	static const char *const always[] = {"status", "about", "passport", "stay", "family", "concurrent", "receipt", "check"};
	unsigned least = of_sections(change, always, sizeof always / sizeof always[0]);
	(void)state;
	assert_true(one.least > least && one.least < 2 * least);
	assert_true(one.most > one.least && one.most < of_all(change) / 3);
	assert_true(minutes_of_all(change).most >= one.most);
	assert_true(minutes_of_all(change).least <= one.least);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_by_user, fresh, done),
		cmocka_unit_test_setup_teardown(test_by_status, fresh, done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

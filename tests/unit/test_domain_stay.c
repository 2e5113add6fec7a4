/* domain/stay: who has a special period, and to which day. Act, Article 20, paragraph 6; Article 21, paragraph 4. */
#include "form_fixture.h"

static struct {
	struct arena arena;
	struct catalogue real;
	struct answers answers;
} world;

static int fresh(void **state)
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

static int done(void **state)
{
	(void)state;
	arena_release(&world.arena);
	return 0;
}

static void test_until(void **state)
{
	static const struct {
		const char *procedure, *expiry, *period, *card;
		int32_t received, until;
	} cases[] = {
		{"extension", "20261231", "P1Y", "yes", 20261123, 20270228}, /* two months behind: the last of February */
		{"extension", "20261231", "P1Y", "yes", 20261231, 20270228}, /* on the last day itself */
		{"extension", "20261231", "P1Y", "yes", 20270101, 0},        /* too late */
		{"change", "20271231", "P3M", "yes", 20271001, 20280229},    /* a leap year */
		{"change", "20261130", "P90D", "yes", 20261123, 20270130},
		{"extension", "20261130", "P31D", "yes", 20261123, 20270130},
		{"extension", "20261130", "P30D", "yes", 20261123, 0},       /* 30 days or less */
		{"extension", "20261130", "P15D", "yes", 20261123, 0},
		{"extension", "20261130", "unlimited", "yes", 20261123, 0},
		{"extension", "20261130", "mission", "yes", 20261123, 0},
		{"extension", "20261130", "", "yes", 20261123, 0},
		{"extension", "20261130", "P1Y", "no", 20261123, 0},         /* no residence card */
		{"extension", "20261130", "P1Y", "", 20261123, 0},
		{"extension", "", "P1Y", "yes", 20261123, 0},
		{"extension", "20261131", "P1Y", "yes", 20261123, 0},        /* as typed: no such day */
		{"extension", "soon", "P1Y", "yes", 20261123, 0},
		{"coe", "20261231", "P1Y", "yes", 20261123, 0},              /* nobody is in Japan yet */
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		answers_set(&world.answers, STR("expiry_current"), str_of(cases[i].expiry));
		answers_set(&world.answers, STR("period_current"), str_of(cases[i].period));
		answers_set(&world.answers, STR("has_card"), str_of(cases[i].card));
		const struct procedure *procedure = catalogue_find(&world.real, str_of(cases[i].procedure));

		assert_non_null(procedure);
		if (stay_special_until(procedure, &world.answers, cases[i].received) != cases[i].until)
			print_error("case %zu\n", i);
		assert_int_equal(stay_special_until(procedure, &world.answers, cases[i].received), cases[i].until);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_until)};
	return cmocka_run_group_tests(tests, fresh, done);
}

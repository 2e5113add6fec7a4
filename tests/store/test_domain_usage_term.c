#include "usage_support.h"

#include "base/time.h"

/* How long an accepted request for use is good, who is told of its end, and how it goes on. On both engines. */

static void an_organization_is_good_for_a_year_and_told(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, MAI, NULL);
	struct procedure *copy = arena_new(&world->arena, struct procedure);
	struct usage usage;
	size_t made;

	/* The individuals' form, good as long as an organization's. */
	*copy = *catalogue_find(&world->catalogue, STR("usage"));
	copy->use_months = 12;
	map_init(&world->catalogue.by_id, &world->arena);
	map_put(&world->catalogue.by_id, STR("usage"), copy);
	struct receipt receipt = request(world, mai(world), NULL);

	assert_ok(usage_decide(officer(world), receipt.reference, true, STR("")));
	assert_int_equal(state_of(world, account, &usage), USAGE_ACCEPTED);
	int32_t today = time_date(world->now);

	assert_int_equal(usage.valid_until, date_add_days(date_add_months(today, 12), -1));
	assert_ok(usage_warn(cx_fresh(world), &made));
	assert_int_equal(made, 0);
	/* Two months before its last day, once. */
	world->now = date_start(date_add_days(date_add_months(today, 10), -3));
	assert_ok(usage_warn(cx_fresh(world), &made));
	assert_int_equal(made, 0);
	world->now = date_start(date_add_months(today, 10)) + TIME_HOUR;
	assert_ok(usage_warn(cx_fresh(world), &made));
	assert_int_equal(made, 1);
	assert_ok(usage_warn(cx_fresh(world), &made));
	assert_int_equal(made, 0);
	assert_int_equal(count(world, "outbox WHERE template = 'usage_expiring'"), 1);
	/* The last day still counts. */
	world->now = date_start(usage.valid_until) + 23 * TIME_HOUR;
	assert_int_equal(state_of(world, account, NULL), USAGE_ACCEPTED);
	world->now += TIME_HOUR;
	assert_int_equal(state_of(world, account, NULL), USAGE_ENDED);
}

static void nobody_is_told_of_an_end_that_a_newer_one_outlasts(void **state)
{
	struct world *world = *state;
	struct procedure *copy = arena_new(&world->arena, struct procedure);
	size_t made;

	account_add(world, MAI, NULL);
	*copy = *catalogue_find(&world->catalogue, STR("usage"));
	copy->use_months = 1;
	map_init(&world->catalogue.by_id, &world->arena);
	map_put(&world->catalogue.by_id, STR("usage"), copy);
	struct receipt first = request(world, mai(world), NULL);

	assert_ok(usage_decide(officer(world), first.reference, true, STR("")));
	copy->use_months = 12;
	struct receipt second = request(world, mai(world), NULL);

	assert_ok(usage_decide(officer(world), second.reference, true, STR("")));
	assert_ok(usage_warn(cx_fresh(world), &made));
	assert_int_equal(made, 0);
}

/* Asked where cards are read; elsewhere nothing is needed. */
static err may(struct world *world, const struct procedure *procedure)
{
	world->portal.settings.card_on = true;
	err e = usage_require(mai(world), procedure);

	world->portal.settings.card_on = false;
	return e;
}

static void a_renewal_goes_on_where_the_accepted_one_ends(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, MAI, NULL);
	struct procedure *copy = arena_new(&world->arena, struct procedure);
	struct usage usage;

	*copy = *catalogue_find(&world->catalogue, STR("usage"));
	copy->use_months = 12;
	map_init(&world->catalogue.by_id, &world->arena);
	map_put(&world->catalogue.by_id, STR("usage"), copy);
	int32_t today = time_date(world->now);

	/* There must be something to go on with. */
	copy->use = USE_RENEWAL;
	assert_err(may(world, copy), ERR_DENIED);
	copy->use = USE_REQUEST;
	struct receipt first = request(world, mai(world), NULL);

	assert_ok(usage_decide(officer(world), first.reference, true, STR("")));
	copy->use = USE_RENEWAL;
	assert_ok(may(world, copy));
	world->now = date_start(date_add_months(today, 11));
	struct receipt second = request(world, mai(world), NULL);

	assert_ok(usage_decide(officer(world), second.reference, true, STR("")));
	assert_int_equal(state_of(world, account, &usage), USAGE_ACCEPTED);
	assert_int_equal(usage.valid_until, date_add_days(date_add_months(today, 24), -1));
	/* A late one counts from its decision. */
	world->now = date_start(date_add_months(today, 25));
	assert_int_equal(state_of(world, account, NULL), USAGE_ENDED);
	assert_ok(may(world, copy));
	struct receipt third = request(world, mai(world), NULL);

	assert_ok(usage_decide(officer(world), third.reference, true, STR("")));
	assert_int_equal(state_of(world, account, &usage), USAGE_ACCEPTED);
	assert_int_equal(usage.valid_until, date_add_days(date_add_months(today, 37), -1));
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		IN_BOTH(an_organization_is_good_for_a_year_and_told),
		IN_BOTH(nobody_is_told_of_an_end_that_a_newer_one_outlasts),
		IN_BOTH(a_renewal_goes_on_where_the_accepted_one_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

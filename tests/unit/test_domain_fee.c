/* domain/fee: the table at the days on which an order begins, what an application costs, faulty tables with their places. */
#include "form_fixture.h"

#define HEAD "procedure,joined_by,kind_field,kind,channel,valid_from,valid_until,yen,source\n"

static struct {
	struct arena arena, scratch;
	struct definition_problems problems;
	struct reader reader;
	struct catalogue real; /* of procedures/ */
	struct answers answers;
} world;

static int fresh(void **state)
{
	(void)state;
	arena_init(&world.arena, LIMIT_STARTUP_ARENA);
	arena_init(&world.scratch, LIMIT_STARTUP_ARENA);
	reader_init(&world.reader, &world.arena, &world.scratch, DATA "/good", &world.problems);
	answers_init(&world.answers, &world.arena);
	return 0;
}

static int with_real(void **state)
{
	(void)fresh(state);
	struct definition_problems problems;
	err e = catalogue_read(&world.arena, SOURCE_ROOT "/procedures", &problems, &world.real);

	if (failed(e))
		print_error("%.*s\n", STR_ARG(buf_view(&problems.text)));
	assert_int_equal(e.code, OK);
	return 0;
}

static int done(void **state)
{
	(void)state;
	arena_release(&world.arena);
	arena_release(&world.scratch);
	return 0;
}

static void test_days(void **state)
{
	static const struct {
		const char *procedure, *kind;
		enum fee_channel channel;
		int32_t received;
		int64_t yen; /* -1: nothing is said */
	} cases[] = {
		/* The order of 1 April 2025: the day before, the day itself; today's is without end. */
		{"change", "", FEE_ONLINE, 20250331, 4000},
		{"change", "", FEE_ONLINE, 20250401, 5500},
		{"change", "", FEE_COUNTER, 20250331, 4000},
		{"change", "", FEE_COUNTER, 20250401, 6000},
		{"extension", "", FEE_ONLINE, 19950101, 4000},
		{"extension", "", FEE_ONLINE, 20250331, 4000},
		{"extension", "", FEE_ONLINE, 20250401, 5500},
		{"extension", "", FEE_COUNTER, 20990101, 6000},
		{"reentry", "single", FEE_ONLINE, 20250331, 3000},
		{"reentry", "single", FEE_ONLINE, 20250401, 3500},
		{"reentry", "single", FEE_COUNTER, 20250401, 4000},
		{"reentry", "multiple", FEE_ONLINE, 20250331, 6000},
		{"reentry", "multiple", FEE_ONLINE, 20250401, 6500},
		{"reentry", "multiple", FEE_COUNTER, 20250401, 7000},
		{"authorized_employment", "", FEE_ONLINE, 20250331, 1200},
		{"authorized_employment", "", FEE_ONLINE, 20250401, 1600},
		{"authorized_employment", "", FEE_COUNTER, 20250401, 2000},
		{"coe", "", FEE_ONLINE, 20250401, 0},
		{"acquisition", "", FEE_ONLINE, 20250401, 0},
		{"extra_activity", "", FEE_ONLINE, 20250401, 0},
		{"reentry", "", FEE_ONLINE, 20250401, -1}, /* which kind? */
		{"change", "single", FEE_ONLINE, 20250401, -1},
		{"usage", "", FEE_ONLINE, 20250401, -1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct fee *fee =
			fee_find(&world.real.fees, str_of(cases[i].procedure), cases[i].channel, str_of(cases[i].kind), cases[i].received);
		int64_t yen = fee ? fee->yen : -1;

		if (yen != cases[i].yen)
			print_error("%s %s %d\n", cases[i].procedure, cases[i].kind, cases[i].received);
		assert_int_equal(yen, cases[i].yen);
		assert_true(!fee || fee->source.n > 0);
	}
}

static int64_t due_yen(const char *procedure, int32_t received, size_t *count)
{
	const struct fee *const *due;
	int64_t yen = 0;

	*count = fees_due(&world.real.fees, &world.arena, catalogue_find(&world.real, str_of(procedure)), &world.answers, FEE_ONLINE, received, &due);
	for (size_t i = 0; i < *count; i++)
		yen += due[i]->yen;
	return yen;
}

static void test_due(void **state)
{
	size_t count;
	(void)state;
	assert_int_equal(due_yen("extension", 20261123, &count), 5500);
	assert_int_equal(count, 1);
	/* At the same time: re-entry costs by its kind, which is not said yet; other activity costs nothing. */
	answers_set(&world.answers, STR("concurrent"), STR("reentry extra_activity authorized_employment"));
	assert_int_equal(due_yen("extension", 20261123, &count), 5500 + 1600);
	assert_int_equal(count, 3);
	answers_set(&world.answers, STR("re_kind"), STR("multiple"));
	assert_int_equal(due_yen("extension", 20261123, &count), 5500 + 6500 + 1600);
	assert_int_equal(due_yen("extension", 20250331, &count), 4000 + 6000 + 1200);
	/* An answer that stayed behind when the tick was taken away costs nothing. */
	answers_set(&world.answers, STR("concurrent"), STR("extra_activity"));
	assert_int_equal(due_yen("extension", 20261123, &count), 5500);
	/* A certificate of eligibility has no such field: the same answers, no fee. */
	answers_set(&world.answers, STR("concurrent"), STR("reentry"));
	assert_int_equal(due_yen("coe", 20261123, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(due_yen("usage", 20261123, &count), 0);
	assert_int_equal(count, 0);
}

static void test_faults(void **state)
{
	static const struct {
		const char *bytes, *fault;
	} cases[] = {
		{"", ":1:1: the file is empty"},
		{"procedure,yen\n", ":1:1: the columns of fees are"},
		{HEAD "a,,,,online,,,1\n", ":2:1: 8 cells, but a fee has 9"},
		{HEAD ",,,,online,,,1,Order\n", ":2:1: a name of a-z, 0-9 and _ must stand here"},
		{HEAD "a,B,,,online,,,1,Order\n", ":2:3: a name of a-z, 0-9 and _ must stand here"},
		{HEAD "a,,kind,,online,,,1,Order\n", ":2:9: a name of a-z, 0-9 and _ must stand here"},
		{HEAD "a,,,single,online,,,1,Order\n", ":2:5: a kind without the field that names it"},
		{HEAD "a,,,,post,,,1,Order\n", ":2:6: the channel is counter or online, not 'post'"},
		{HEAD "a,,,,online,20250230,,1,Order\n", ":2:13: '20250230' is no date YYYYMMDD"},
		{HEAD "a,,,,online,2025,,1,Order\n", ":2:13: '2025' is no date YYYYMMDD"},
		{HEAD "a,,,,online,20250402,20250401,1,Order\n", ":2:22: valid_until lies before valid_from"},
		{HEAD "a,,,,online,,,-1,Order\n", ":2:15: a fee is a whole number of yen from 0 to 10000000"},
		{HEAD "a,,,,online,,,10000001,Order\n", ":2:15: a fee is a whole number of yen from 0 to 10000000"},
		{HEAD "a,,,,online,,,1.5,Order\n", ":2:15: a fee is a whole number"},
		{HEAD "a,,,,online,,,1, \n", ":2:17: a fee has a source"},
		{HEAD "a,,,,online,,20250401,1,Order\na,,,,online,20250401,,2,Order\n", ":3:1: another fee of the same days stands above"},
		{HEAD "a,,,,online,,,1,Order\na,,,,online,20250401,20250402,2,Order\n", ":3:1: another fee of the same days stands above"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fee_table table;

		(void)fresh(NULL);
		reader_preset(&world.reader, "fees.csv", str_of(cases[i].bytes));
		fees_read(&world.reader, &table);
		if (str_find(buf_view(&world.problems.text), str_of(cases[i].fault)) < 0)
			print_error("wanted %s, got %.*s\n", cases[i].fault, STR_ARG(buf_view(&world.problems.text)));
		assert_true(str_find(buf_view(&world.problems.text), str_of(cases[i].fault)) >= 0);
		(void)done(NULL);
	}
	(void)fresh(NULL);
}

/* Days that only touch, other channels and other kinds do not meet. */
static void test_good(void **state)
{
	struct fee_table table;
	(void)state;
	reader_preset(&world.reader, "fees.csv",
		STR(HEAD "a,,,,online,,20250331,1,Order\na,,,,online,20250401,,10000000,Order\na,,,,counter,,,3,Order\nb,x,k,one,online,,,4,Order\nb,x,k,two,online,,,5,Order\n"));
	fees_read(&world.reader, &table);
	assert_int_equal(world.problems.n, 0);
	assert_int_equal(table.n, 5);
	assert_int_equal(fee_find(&table, STR("a"), FEE_ONLINE, (struct str){0}, 20250401)->yen, 10000000);
	assert_int_equal(fee_find(&table, STR("b"), FEE_ONLINE, STR("two"), 20250401)->yen, 5);
}

/* A folder without the file has no fees, and that is no fault. */
static void test_none(void **state)
{
	struct fee_table table = {(const struct fee *)&world, 9};
	(void)state;
	fees_read(&world.reader, &table);
	assert_int_equal(world.problems.n, 0);
	assert_int_equal(table.n, 0);
}

static void read_many(unsigned count, struct fee_table *table)
{
	struct buf file;

	buf_init(&file, &world.arena, LIMIT_DEFINITION_FILE);
	buf_str(&file, STR(HEAD));
	for (unsigned i = 0; i < count; i++)
		buf_str(&file, str_fmt(&world.arena, "a%u,,,,online,,,1,Order\n", i));
	reader_preset(&world.reader, "fees.csv", buf_view(&file));
	fees_read(&world.reader, table);
}

static void test_limit(void **state)
{
	struct fee_table table;
	(void)state;
	read_many(LIMIT_FEES - 1, &table);
	assert_int_equal(table.n, LIMIT_FEES - 1);
	(void)done(NULL);
	(void)fresh(NULL);
	read_many(LIMIT_FEES, &table);
	assert_int_equal(table.n, LIMIT_FEES);
	assert_int_equal(world.problems.n, 0);
	(void)done(NULL);
	(void)fresh(NULL);
	read_many(LIMIT_FEES + 1, &table);
	assert_true(str_find(buf_view(&world.problems.text), STR(":502:1: more than 500 fees")) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_days, with_real, done),
		cmocka_unit_test_setup_teardown(test_due, with_real, done),
		cmocka_unit_test_setup_teardown(test_faults, NULL, done),
		cmocka_unit_test_setup_teardown(test_good, fresh, done),
		cmocka_unit_test_setup_teardown(test_none, fresh, done),
		cmocka_unit_test_setup_teardown(test_limit, fresh, done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "support.h"

/*
 * The program's own schema and queries: the migrations run and every query can be prepared, on both
 * engines. On PostgreSQL this compares the types of parameters and columns too; sqlgen has done it
 * for SQLite.
 */

static void every_query_can_be_prepared(void **state)
{
	struct db *db = *state;
	assert_ok(store_prepare_all(db->store, &db->arena));
}

/* Queries have names, so a test of query counts can tell which. */
static void every_query_has_a_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sql_catalog.query_count; i++) {
		assert_int_equal(sql_catalog.queries[i].index, i);
		assert_true(sql_catalog.queries[i].in_count <= SQL_VALUES_MAX);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(every_query_can_be_prepared),
		cmocka_unit_test(every_query_has_a_place),
	};
	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}

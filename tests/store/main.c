#include "tests.h"

/* All tests of the store on both engines: the program starts a PostgreSQL cluster of its own when
 * it is not given one. */

int main(int argc, char **argv)
{
	int failures = 0;
	(void)argc;
	need_cluster(argv);
	failures += _cmocka_run_group_tests("query", query_tests, query_test_count, NULL, NULL);
	failures += _cmocka_run_group_tests("transaction", tx_tests, tx_test_count, NULL, NULL);
	failures += _cmocka_run_group_tests("group", group_tests, group_test_count, NULL, NULL);
	failures +=
		_cmocka_run_group_tests("migrate", migrate_tests, migrate_test_count, NULL, NULL);
	failures += _cmocka_run_group_tests("fault", fault_tests, fault_test_count, NULL, NULL);
	return failures ? 1 : 0;
}

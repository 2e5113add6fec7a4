#ifndef STORE_TEST_TESTS_H
#define STORE_TEST_TESTS_H

#include "support.h"

/* The groups of tests, one for each test_….c. */

extern const struct CMUnitTest query_tests[], tx_tests[], group_tests[], migrate_tests[],
	fault_tests[];
extern const size_t query_test_count, tx_test_count, group_test_count, migrate_test_count,
	fault_test_count;

#endif

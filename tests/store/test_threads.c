#include "tests.h"

/* The SQLite part of the thread tests alone, to be run under ThreadSanitizer (libpq and the server
 * are not compiled with it). */

int main(void)
{
	struct CMUnitTest tests[8];
	size_t count = 0;
	for (size_t i = 0; i < group_test_count; i++)
		if (group_tests[i].setup_func == db_setup_sqlite)
			tests[count++] = group_tests[i];
	return _cmocka_run_group_tests("threads", tests, count, NULL, NULL);
}

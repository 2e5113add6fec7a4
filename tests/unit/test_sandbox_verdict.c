/* sandbox/verdict: only its form is read, whatever a taken-over program writes. */
#include "sandbox/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool reads(const char *line, struct verdict *out)
{
	return verdict_read(str_of(line), out);
}

static void what_is_written_is_read(void **state)
{
	(void)state;
	for (int reason = CHECK_OK; reason < CHECK_REASON_COUNT; reason++) {
		struct verdict_line line;
		struct verdict verdict;
		uint64_t pages = 1, bytes = 1;
		verdict_begin(&line, (enum check_reason)reason);
		verdict_add(&line, "pages", 12);
		verdict_add(&line, "bytes", INT64_MAX);
		verdict_end(&line);
		assert_true(verdict_read(str_make(line.text, line.n), &verdict));
		assert_int_equal(verdict.reason, reason);
		assert_true(verdict_number_find(&verdict, "pages", &pages));
		assert_true(verdict_number_find(&verdict, "bytes", &bytes));
		assert_int_equal(pages, 12);
		assert_true(bytes == INT64_MAX);
		assert_false(verdict_number_find(&verdict, "page", &pages));
		assert_int_equal(pages, 12);
	}
}

static void other_forms_are_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "\n", "ok", "okay\n", "OK\n", " ok\n", "ok \n",
		"ok  pages=1\n", "ok pages\n", "ok =1\n", "ok pages=\n", "ok pages=-1\n",
		"ok pages=+1\n", "ok pages=1x\n", "ok pages=0x1\n", "ok Pages=1\n", "ok page1=1\n",
		"ok pages=9223372036854775808\n", "ok pages=99999999999999999999999\n",
		"ok abcdefghijklmnopq=1\n", "refused\n", "refused \n", "refused ok\n",
		"refused pages=1\n", "refused nonsense\n", "refused damaged <b>\n", "ok\nok\n",
		"ok\r\n", "ok pages=1\tx=1\n", "ok pages=1 x\n"};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct verdict verdict = {.reason = CHECK_TIME};
		if (reads(wrong[i], &verdict))
			fail_msg("\"%s\" was read", wrong[i]);
		assert_int_equal(verdict.reason, CHECK_TIME);
	}
	struct verdict verdict;
	assert_true(reads("ok\n", &verdict));
	assert_true(reads("refused damaged\n", &verdict));
	/* A NUL in it. */
	assert_false(verdict_read(str_make("ok\0\n", 4), &verdict));
}

static void the_length_and_the_count(void **state)
{
	(void)state;
	char line[VERDICT_MAX + 2];
	struct verdict verdict;
	/* The most numbers, and one more. */
	size_t n = (size_t)snprintf(line, sizeof line, "ok");
	for (int i = 0; i < VERDICT_NUMBERS; i++)
		n += (size_t)snprintf(line + n, sizeof line - n, " n=%d", i);
	(void)snprintf(line + n, sizeof line - n, "\n");
	assert_true(reads(line, &verdict));
	assert_int_equal(verdict.count, VERDICT_NUMBERS);
	(void)snprintf(line + n, sizeof line - n, " n=1\n");
	assert_false(reads(line, &verdict));
	/* As long as may be, and one longer: zeros before a number. */
	memset(line, '0', sizeof line);
	memcpy(line, "ok n=", 5);
	line[VERDICT_MAX - 1] = '\n';
	assert_true(verdict_read(str_make(line, VERDICT_MAX), &verdict));
	line[VERDICT_MAX - 1] = '0';
	line[VERDICT_MAX] = '\n';
	assert_false(verdict_read(str_make(line, VERDICT_MAX + 1), &verdict));
}

static void writing_ends_at_the_limit(void **state)
{
	(void)state;
	struct verdict_line line;
	struct verdict verdict;
	verdict_begin(&line, CHECK_TOO_BIG_DECOMPRESSED);
	for (int i = 0; i < 14; i++)
		verdict_add(&line, "abcdefgh", 1234567);
	verdict_end(&line);
	assert_true(line.n <= VERDICT_MAX);
	assert_true(verdict_read(str_make(line.text, line.n), &verdict));
	assert_int_equal(verdict.count, 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(other_forms_are_refused),
		cmocka_unit_test(the_length_and_the_count),
		cmocka_unit_test(writing_ends_at_the_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

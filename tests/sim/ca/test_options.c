/* sim/ca/options: command lines that are right and wrong. */
#include "sim/ca/options.h"

#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct option options[2];
static struct words words;

/* The words of a line, separated by blanks. */
static enum err_code read_line(const char *line)
{
	static char text[512];
	char *argv[32];
	int argc = 0;
	options[0] = (struct option){"name"};
	options[1] = (struct option){"key"};
	(void)snprintf(text, sizeof text, "%s", line);
	for (char *at = text; *at;) {
		argv[argc++] = at;
		while (*at && *at != ' ')
			at++;
		if (*at)
			*at++ = '\0';
	}
	return options_read(argc, argv, options, 2, &words).code;
}

static void test_right(void **state)
{
	(void)state;
	assert_int_equal(read_line(""), OK);
	assert_int_equal(words.n, 0);
	assert_int_equal(read_line("a --name b --key=c d"), OK);
	assert_int_equal(words.n, 2);
	assert_string_equal(words.v[0], "a");
	assert_string_equal(words.v[1], "d");
	assert_true(str_eq(options[0].value, STR("b")));
	assert_true(str_eq(options[1].value, STR("c")));
	assert_int_equal(read_line("--name= x"), OK);
	assert_false(str_absent(options[0].value));
	assert_int_equal(options[0].value.n, 0);
	assert_int_equal(read_line("--name=a=b"), OK);
	assert_true(str_eq(options[0].value, STR("a=b")));
	assert_int_equal(read_line("-- --name --key"), OK);
	assert_int_equal(words.n, 2);
	assert_int_equal(read_line("1 2 3 4 5 6 7 8"), OK);
	assert_int_equal(words.n, 8);
}

static void test_wrong(void **state)
{
	(void)state;
	static const char *const lines[] = {"--other x", "--nam x", "--name", "a --key",
		"--name a --name b", "--name=a --name=b", "1 2 3 4 5 6 7 8 9", "--=x"};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_int_equal(read_line(lines[i]), ERR_INVALID);
}

static void test_date(void **state)
{
	(void)state;
	int64_t at = 7;
	struct option option = {"from", STR("2026-11-23")};
	assert_int_equal(options_date(&option, &at).code, OK);
	assert_int_equal(at, INT64_C(1795359600000));
	static const char *const bad[] = {"", "2026-11-2", "2026-11-231", "2026/11/23",
		"2026-13-01", "2026-02-29", "20261123", "0000-01-01", "202x-11-23", "2026-1 -23",
		"-026-11-23"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		option.value = str_of(bad[i]);
		assert_int_equal(options_date(&option, &at).code, ERR_INVALID);
		assert_int_equal(at, INT64_C(1795359600000));
	}
}

static void test_number(void **state)
{
	(void)state;
	unsigned n = 7;
	struct option option = {"sex", STR("3")};
	assert_int_equal(options_number(&option, 3, &n).code, OK);
	assert_int_equal(n, 3);
	static const char *const bad[] = {"", "4", "-1", "1x", "18446744073709551617"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		option.value = str_of(bad[i]);
		assert_int_equal(options_number(&option, 3, &n).code, ERR_INVALID);
		assert_int_equal(n, 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_date),
		cmocka_unit_test(test_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

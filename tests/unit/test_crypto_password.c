/* crypto/password: broken hashes, long passwords, older parameters, and work also for nobody. */
#include "crypto/password.h"

#include "base/limits.h"
#include "crypto/init.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* All of "correct horse". */
#define CURRENT                                                                                \
	"$argon2id$v=19$m=19456,t=2,p=1$aipCSsARxhBf58upmURdQg$BgDffWAz5+56pTVlvJ6lb8slQNE2E+" \
	"Gr1Ij7I6AjiqM"
#define WEAKER                                          \
	"$argon2id$v=19$m=8192,t=1,p=1$h+Q+Soxomssah2/" \
	"OhsLtbA$hbXFzkkchwOgiYIb+aHrQsxczlFUKYDA6WDUJDf9Al8"
#define OTHER_KIND                                                           \
	"$argon2i$v=19$m=1024,t=3,p=1$LKASGJJMX1m7Ji3GfDxx6Q$BB8Rf01l+iy1W+" \
	"Z5FEKPG2fPwyIhw3LqwFq5l+qjyZ8"

static struct arena arena;
static const struct str right = STR_INIT("correct horse");

static void test_broken_hashes(void **state)
{
	(void)state;
	static const struct str broken[] = {
		{NULL, 0},
		STR_INIT(""),
		STR_INIT("correct horse"),
		STR_INIT("$"),
		STR_INIT("$argon2id$"),
		STR_INIT("$argon2id$v=19$m=19456,t=2,p=1$aipCSsARxhBf58upmURdQg$"),
		STR_INIT("$argon2id$v=19$m=19456,t=2,p=1$$BgDffWAz5+56pTVlvJ6lb8slQNE2E+"
			 "Gr1Ij7I6AjiqM"),
		STR_INIT("$argon2id$v=19$m=0,t=0,p=0$aipCSsARxhBf58upmURdQg$BgDffWAz5+"
			 "56pTVlvJ6lb8slQNE2E+Gr1Ij7I6AjiqM"),
		STR_INIT("$2b$12$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyz01234"),
		STR_INIT(CURRENT "\0"),
		STR_INIT("\0" CURRENT),
		STR_INIT(CURRENT "A"),
		STR_INIT(" " CURRENT),
		STR_INIT(CURRENT CURRENT),
	};
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		if (password_verify(broken[i], right))
			fail_msg("number %zu opened", i);
		if (!password_outdated(broken[i]) && i < 5)
			fail_msg("number %zu counts as current", i);
	}
	assert_false(password_verify((struct str){0}, (struct str){0}));
}

static void test_wrong_passwords(void **state)
{
	(void)state;
	static const struct str wrong[] = {
		{NULL, 0},
		STR_INIT("correct hors"),
		STR_INIT("correct horse "),
		STR_INIT("Correct horse"),
		STR_INIT("correct horse\0"),
		STR_INIT(CURRENT),
	};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (password_verify(STR(CURRENT), wrong[i]))
			fail_msg("number %zu opened", i);
	assert_true(password_verify(STR(CURRENT), right));
	assert_false(password_verify_nobody(right));
	assert_false(password_verify_nobody((struct str){0}));
}

static void test_length(void **state)
{
	(void)state;
	char text[LIMIT_PASSWORD + 1];
	memset(text, 'a', sizeof text);
	struct str stored = STR("kept");
	assert_int_equal(password_hash(&arena, str_make(text, sizeof text), &stored).code,
		ERR_LIMIT); /* above */
	assert_true(str_eq(stored, STR("kept")));
	assert_int_equal(
		password_hash(&arena, str_make(text, LIMIT_PASSWORD), &stored).code, OK); /* at */
	assert_true(password_verify(stored, str_make(text, LIMIT_PASSWORD)));
	assert_false(password_verify(stored, str_make(text, LIMIT_PASSWORD - 1)));
	assert_false(password_verify(stored, str_make(text, sizeof text)));
	assert_false(password_verify_nobody(str_make(text, sizeof text)));
}

static void test_bytes(void **state)
{
	(void)state;
	struct str stored;
	assert_int_equal(password_hash(&arena, STR("a\0b"), &stored).code, OK);
	assert_true(password_verify(stored, STR("a\0b")));
	assert_false(password_verify(stored, STR("a\0c"))); /* a NUL does not end it */
	assert_false(password_verify(stored, STR("a")));
	assert_int_equal(password_hash(&arena, (struct str){0}, &stored).code, OK);
	assert_true(password_verify(stored, STR("")));
}

static void test_hash(void **state)
{
	(void)state;
	struct str a, b;
	assert_int_equal(password_hash(&arena, right, &a).code, OK);
	assert_int_equal(password_hash(&arena, right, &b).code, OK);
	assert_true(str_starts(a, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
	assert_true(a.n <= 127);
	assert_false(str_eq(a, b)); /* salted */
	assert_true(password_verify(a, right));
	assert_false(password_outdated(a));
}

static void test_outdated(void **state)
{
	(void)state;
	assert_true(password_verify(STR(WEAKER), right));
	assert_true(password_verify(STR(OTHER_KIND), right));
	assert_false(password_verify(STR(WEAKER), STR("wrong")));
	assert_true(password_outdated(STR(WEAKER)));
	assert_true(password_outdated(STR(OTHER_KIND)));
	assert_false(password_outdated(STR(CURRENT)));
}

/* Memory at its highest, in KiB, of a child that does this. */
static long memory_of(bool (*work)(void))
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(work() ? 1 : 0);
	int status;
	struct rusage usage;
	assert_int_equal(wait4(pid, &status, 0, &usage), pid);
	assert_true(WIFEXITED(status));
	return usage.ru_maxrss;
}

static bool nothing(void)
{
	return false;
}

static bool somebody(void)
{
	return password_verify(STR(CURRENT), STR("wrong"));
}

static bool nobody(void)
{
	return password_verify_nobody(STR("wrong"));
}

/* Not measured by time, which varies, but by the memory that the work must touch. */
static void test_nobody_costs_the_same(void **state)
{
	(void)state;
	long idle = memory_of(nothing), known = memory_of(somebody), unknown = memory_of(nobody);
	assert_true(known - idle > 17 * 1024);
	assert_true(unknown - idle > 17 * 1024);
	assert_true(labs(known - unknown) < 2 * 1024);
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 1u << 20);
	return failed(crypto_init()) ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* First: what earlier tests have touched would count for the child that does
		   nothing. */
		cmocka_unit_test(test_nobody_costs_the_same),
		cmocka_unit_test(test_broken_hashes),
		cmocka_unit_test(test_wrong_passwords),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_outdated),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* base/err, base/auto, base/random. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

/* After cmocka.h, because both define fail() and here the one of base is meant. */
#include "base/auto.h"
#include "base/err.h"
#include "base/random.h"
#include "base/utf8.h"

static err refuse(void)
{
	return fail(ERR_DENIED, "account %d", 7);
}

static err through(int *reached)
{
	*reached = 1;
	TRY(ok());
	*reached = 2;
	TRY(refuse());
	*reached = 3;
	return ok();
}

static void test_try(void **state)
{
	(void)state;
	int reached = 0;
	assert_int_equal(through(&reached).code, ERR_DENIED);
	assert_int_equal(reached, 2);
	assert_string_equal(err_detail(), "account 7");
	err_detail_clear();
	assert_string_equal(err_detail(), "");
	assert_false(failed(ok()));
	assert_true(failed(refuse()));
	IGNORE(refuse());
}

static void test_words_of_words(void **state)
{
	(void)state;
	IGNORE(fail(ERR_INVALID, "inner"));
	IGNORE(fail(ERR_INVALID, "outer: %s", err_detail()));
	assert_string_equal(err_detail(), "outer: inner");
}

/* Words that are too long end at a whole character, wherever the cut falls. */
static void test_long_words(void **state)
{
	(void)state;
	char text[900];
	for (size_t shift = 0; shift < 3; shift++) {
		memset(text, 'a', shift);
		for (size_t at = shift; at + 3 < sizeof text; at += 3)
			memcpy(text + at, "\xe7\xaa\x93", 4);
		IGNORE(fail(ERR_INVALID, "%s", text));
		size_t n = strlen(err_detail());
		assert_true(n >= 509 && n <= 511);
		assert_true(utf8_valid(str_of(err_detail())));
	}
	memset(text, '\xff', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	IGNORE(fail(ERR_INVALID, "%s", text));
	assert_true(strlen(err_detail()) < 512);
}

static void *other_thread(void *arg)
{
	*(size_t *)arg = strlen(err_detail());
	IGNORE(fail(ERR_INVALID, "theirs"));
	return NULL;
}

static void test_words_per_thread(void **state)
{
	(void)state;
	pthread_t thread;
	size_t seen = 99;
	IGNORE(fail(ERR_INVALID, "mine"));
	assert_int_equal(pthread_create(&thread, NULL, other_thread, &seen), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(seen, 0);
	assert_string_equal(err_detail(), "mine");
}

static void test_names(void **state)
{
	(void)state;
	for (int code = OK; code < ERR_COUNT; code++) {
		assert_non_null(err_name((enum err_code)code));
		assert_string_not_equal(err_name((enum err_code)code), "UNKNOWN");
	}
	assert_string_equal(err_name(ERR_NOT_FOUND), "NOT_FOUND");
	assert_string_equal(err_name(ERR_COUNT), "UNKNOWN");
}

static int open_null(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void test_handles(void **state)
{
	(void)state;
	int kept, dropped;
	{
		AUTO_FD int fd = open_null();
		AUTO_FD int taken = open_null();
		AUTO_FD int none = -1;
		AUTO_FREE char *memory = strdup("x");
		AUTO_FREE char *no_memory = NULL;
		AUTO_FILE FILE *file = fopen("/dev/null", "re");
		AUTO_FILE FILE *no_file = NULL;
		assert_true(fd >= 0 && taken >= 0 && none == -1);
		assert_non_null(memory);
		assert_non_null(file);
		assert_null(no_memory);
		assert_null(no_file);
		dropped = fd;
		kept = fd_take(&taken);
		assert_int_equal(taken, -1);
	}
	assert_int_equal(fcntl(dropped, F_GETFD), -1);
	assert_int_equal(errno, EBADF);
	assert_true(fcntl(kept, F_GETFD) >= 0);
	close(kept);
}

static void test_random(void **state)
{
	(void)state;
	unsigned char a[1000] = {0}, b[1000] = {0};
	random_bytes(a, sizeof a);
	random_bytes(b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
	random_bytes(NULL, 0);
	bool seen[5] = {false};
	for (int i = 0; i < 1000; i++) {
		uint32_t draw = random_below(5);
		assert_true(draw < 5);
		seen[draw] = true;
	}
	assert_true(seen[0] && seen[1] && seen[2] && seen[3] && seen[4]);
	assert_int_equal(random_below(1), 0);
	for (int i = 0; i < 100; i++)
		assert_true(random_below(UINT32_MAX) < UINT32_MAX);
}

/* What is fetched ahead is not drawn a second time in a child. */
static void test_random_in_a_child(void **state)
{
	(void)state;
	unsigned char here[16], there[16] = {0};
	int pipes[2];
	random_bytes(here, sizeof here); /* something is ahead now */
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	pid_t child = fork();
	if (child == 0) {
		random_bytes(there, sizeof there);
		_exit(write(pipes[1], there, sizeof there) == sizeof there ? 0 : 1);
	}
	assert_true(child > 0);
	random_bytes(here, sizeof here);
	assert_int_equal(read(pipes[0], there, sizeof there), sizeof there);
	assert_memory_not_equal(here, there, sizeof here);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_try),
		cmocka_unit_test(test_words_of_words),
		cmocka_unit_test(test_long_words),
		cmocka_unit_test(test_words_per_thread),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_handles),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_in_a_child),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

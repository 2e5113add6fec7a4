/*
 * What a checker that was taken over cannot do, and what the counter makes of how it ends. Each
 * attempt is first made without fences, so that a test that could not fail is seen.
 */

#include "base/auto.h"
#include "base/limits.h"
#include "sandbox/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
/* After those that it wants. */
#include <cmocka.h>

/* Sanitizers need terabytes of addresses, so the limit of memory is off (sandbox/limit.c). */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool has_shadow = true;
#elif defined(__has_feature)
static const bool has_shadow = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
static const bool has_shadow = false;
#endif

static int input(void)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "hello", 5), 5);
	return fd;
}

static struct spawn_answer ask_in(const char *fences, const char *what, int timeout_ms)
{
	struct spawn_answer answer;
	AUTO_FD int in = input();
	AUTO_FD int out = memfd_create("output", MFD_CLOEXEC);
	const struct spawn_file files[] = {
		{.fd = in, .as = 3}, {.fd = out, .as = 4, .write = true}};
	const char *const argv[] = {"hostile", fences, what, NULL};
	err e = spawn_ask(HOSTILE, argv, files, 2, timeout_ms, &answer);
	if (failed(e))
		fail_msg("%s %s: %s", fences, what, err_detail());
	char now[8] = {0};
	assert_int_equal(pread(in, now, sizeof now, 0), 5);
	assert_string_equal(now, "hello");
	return answer;
}

static bool done(const struct spawn_answer *answer)
{
	return answer->end == SPAWN_ANSWERED &&
	       str_eq(str_make(answer->line, answer->n), STR("ok done=1\n"));
}

/* Refused with this errno. */
static bool refused(const struct spawn_answer *answer, int number)
{
	char line[64];
	(void)snprintf(line, sizeof line, "refused damaged at=%d\n", number);
	return answer->end == SPAWN_ANSWERED &&
	       str_eq(str_make(answer->line, answer->n), str_of(line));
}

static bool killed(const struct spawn_answer *answer)
{
	return answer->end == SPAWN_DIED && answer->signal == SIGSYS && answer->n == 0;
}

enum how { KILLED, REFUSED };

static const struct forbidden {
	const char *what;
	enum how how;
	int number;
	bool free_too; /* without fences the kernel lets it through */
} all_forbidden[] = {
	{"open", REFUSED, EACCES, true},
	{"create", REFUSED, EACCES, true},
	{"font", REFUSED, EACCES, true},
	{"proc", REFUSED, EACCES, true},
	{"unlink", KILLED, 0, true}, /* what "create" has made */
	{"socket", KILLED, 0, true},
	{"unix", KILLED, 0, true},
	{"connect", KILLED, 0, false}, /* no socket to connect: the call itself is what counts */
	{"fork", KILLED, 0, true},
	{"exec", KILLED, 0, false}, /* would be another program, which says nothing */
	{"ptrace", KILLED, 0, true},
	{"kill", KILLED, 0, true},
	{"write_input", KILLED, 0, false}, /* its description cannot write, with or without */
	{"write_other", KILLED, 0, false}, /* is not open */
	{"exec_memory", KILLED, 0, true},
	{"make_exec", KILLED, 0, true},
	{"more_limits", KILLED, 0, false}, /* the parent has set the hard ones too */
	{"mount", KILLED, 0, false},
	{"unshare", KILLED, 0, false},
	{"io_uring", KILLED, 0, false},
	{"bpf", KILLED, 0, false},
	{"x32", KILLED, 0, false},
};

#define FORBIDDEN (sizeof all_forbidden / sizeof all_forbidden[0])

static void without_fences_it_can(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORBIDDEN; i++) {
		if (!all_forbidden[i].free_too)
			continue;
		struct spawn_answer answer = ask_in("none", all_forbidden[i].what, 20000);
		if (!done(&answer))
			fail_msg("%s: not possible without fences either", all_forbidden[i].what);
	}
}

static void try_all(const char *fences)
{
	for (size_t i = 0; i < FORBIDDEN; i++) {
		const struct forbidden *one = &all_forbidden[i];
		struct spawn_answer answer = ask_in(fences, one->what, 20000);
		bool right = one->how == KILLED ? killed(&answer) : refused(&answer, one->number);
		if (!right)
			fail_msg("%s with %s: end %d, signal %d, \"%.*s\"", one->what, fences,
				answer.end, answer.signal, (int)answer.n, answer.line);
	}
	assert_int_not_equal(access("/tmp/hostile-was-here", F_OK), 0);
}

static void behind_the_fences_it_cannot(void **state)
{
	(void)state;
	try_all("confine");
}

static void nor_without_landlock(void **state)
{
	(void)state;
	try_all("bare");
	try_all("fonts-bare");
}

static void fonts_may_be_read_and_nothing_else(void **state)
{
	(void)state;
	struct spawn_answer answer = ask_in("fonts", "font", 20000);
	assert_true(done(&answer));
	answer = ask_in("fonts", "open", 20000);
	assert_true(refused(&answer, EACCES));
	answer = ask_in("fonts", "proc", 20000);
	assert_true(refused(&answer, EACCES));
	answer = ask_in("fonts", "create", 20000);
	assert_true(killed(&answer));
	answer = ask_in("fonts", "font_write", 20000);
	assert_true(killed(&answer));
	for (size_t i = 0; i < FORBIDDEN; i++) {
		if (all_forbidden[i].how != KILLED)
			continue;
		answer = ask_in("fonts", all_forbidden[i].what, 20000);
		assert_true(killed(&answer));
	}
}

static void what_it_needs_works(void **state)
{
	(void)state;
	struct spawn_answer answer = ask_in("confine", "nothing", 20000);
	assert_true(done(&answer));
}

static void memory_has_an_end(void **state)
{
	(void)state;
	if (has_shadow)
		skip();
	struct spawn_answer answer = ask_in("confine", "memory", 20000);
	assert_true(refused(&answer, ENOMEM));
	/* From outside, by the parent. */
	answer = ask_in("none", "more_limits", 20000);
	if (geteuid() != 0)
		assert_true(refused(&answer, EPERM));
}

static void nobody_is_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* The clock is everybody's: it ends one that hangs and one that others keep from working, and cannot tell them apart. */
static void the_clock_ends_it_and_is_no_verdict(void **state)
{
	(void)state;
	struct spawn_answer answer = ask_in("confine", "loop", 300);
	assert_int_equal(answer.end, SPAWN_UNFINISHED);
	assert_in_range(answer.cpu_ms, 0, LIMIT_CHECK_CPU * 1000 - 1);
	answer = ask_in("confine", "sleep", 300);
	assert_int_equal(answer.end, SPAWN_UNFINISHED);
	assert_int_equal(answer.signal, 0);
	nobody_is_left();
}

static void nor_is_it_when_the_machine_has_killed_it(void **state)
{
	(void)state;
	struct spawn_answer answer = ask_in("none", "be_killed", 20000);
	assert_int_equal(answer.end, SPAWN_UNFINISHED);
	assert_int_equal(answer.signal, SIGKILL);
	/* Behind the fences it has no call for that. */
	answer = ask_in("confine", "be_killed", 20000);
	assert_true(killed(&answer));
}

/* The limit of the processor's time ends it before the time-out does. */
static void work_has_an_end(void **state)
{
	(void)state;
	struct spawn_answer answer = ask_in("confine", "loop", 90000);
	assert_int_equal(answer.end, SPAWN_TIME);
	assert_int_equal(answer.signal, SIGXCPU);
	assert_true(answer.cpu_ms > 0);
	/* Also of one that does not listen: that is a second later, and no less its own doing. */
	answer = ask_in("confine", "loop_on", 90000);
	assert_int_equal(answer.end, SPAWN_TIME);
	assert_int_equal(answer.signal, SIGKILL);
	nobody_is_left();
}

static void output_has_an_end(void **state)
{
	(void)state;
	struct spawn_answer answer = ask_in("confine", "fill_output", 90000);
	assert_int_equal(answer.end, SPAWN_OUTPUT);
}

static void what_it_says_is_not_trusted(void **state)
{
	(void)state;
	struct verdict verdict;
	struct spawn_answer answer = ask_in("confine", "talk", 20000);
	assert_int_equal(answer.end, SPAWN_DIED);
	answer = ask_in("confine", "nonsense", 20000);
	assert_int_equal(answer.end, SPAWN_ANSWERED);
	assert_false(verdict_read(str_make(answer.line, answer.n), &verdict));
	answer = ask_in("confine", "silent", 20000);
	assert_int_equal(answer.end, SPAWN_ANSWERED);
	assert_int_equal(answer.n, 0);
	answer = ask_in("confine", "crash", 20000);
	assert_int_equal(answer.end, SPAWN_DIED);
}

static void a_program_that_cannot_work_is_no_verdict(void **state)
{
	(void)state;
	struct spawn_answer answer;
	AUTO_FD int in = input();
	const struct spawn_file files[] = {{.fd = in, .as = 3}};
	const char *const argv[] = {"hostile", "confine", "status7", NULL};
	assert_int_equal(spawn_ask(HOSTILE, argv, files, 1, 20000, &answer).code, ERR_UNAVAILABLE);
	assert_int_equal(
		spawn_ask("/nowhere", argv, files, 1, 20000, &answer).code, ERR_UNAVAILABLE);
	assert_int_equal(
		spawn_ask("/etc/passwd", argv, files, 1, 20000, &answer).code, ERR_UNAVAILABLE);
}

static void only_files_are_given(void **state)
{
	(void)state;
	struct spawn_answer answer;
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	AUTO_FD int from = ends[0];
	AUTO_FD int to = ends[1];
	(void)to;
	const char *const argv[] = {"hostile", "confine", "nothing", NULL};
	const struct spawn_file a_pipe[] = {{.fd = from, .as = 3}};
	assert_int_equal(spawn_ask(HOSTILE, argv, a_pipe, 1, 20000, &answer).code, ERR_UNAVAILABLE);
	AUTO_FD int passwd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	const struct spawn_file read_only[] = {{.fd = passwd, .as = 4, .write = true}};
	assert_int_equal(
		spawn_ask(HOSTILE, argv, read_only, 1, 20000, &answer).code, ERR_UNAVAILABLE);
	const struct spawn_file closed[] = {{.fd = 1000, .as = 3}};
	assert_int_equal(spawn_ask(HOSTILE, argv, closed, 1, 20000, &answer).code, ERR_UNAVAILABLE);
}

/* Descriptors of the parent that forgot to close themselves do not reach the child. */
static void nothing_is_inherited(void **state)
{
	(void)state;
	int forgotten[20];
	for (size_t i = 0; i < 20; i++) {
		forgotten[i] = open("/etc/passwd", O_RDONLY); /* without O_CLOEXEC, on purpose */
		assert_true(forgotten[i] >= 0);
	}
	struct spawn_answer answer = ask_in("none", "inherit", 20000);
	assert_true(refused(&answer, 2)); /* 3 and 4 */
	for (size_t i = 0; i < 20; i++)
		close(forgotten[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_fences_it_can),
		cmocka_unit_test(behind_the_fences_it_cannot),
		cmocka_unit_test(nor_without_landlock),
		cmocka_unit_test(fonts_may_be_read_and_nothing_else),
		cmocka_unit_test(what_it_needs_works),
		cmocka_unit_test(memory_has_an_end),
		cmocka_unit_test(the_clock_ends_it_and_is_no_verdict),
		cmocka_unit_test(nor_is_it_when_the_machine_has_killed_it),
		cmocka_unit_test(work_has_an_end),
		cmocka_unit_test(output_has_an_end),
		cmocka_unit_test(what_it_says_is_not_trusted),
		cmocka_unit_test(a_program_that_cannot_work_is_no_verdict),
		cmocka_unit_test(only_files_are_given),
		cmocka_unit_test(nothing_is_inherited),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

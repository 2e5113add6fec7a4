/*
 * src/blob when things break: killed before each call to the disk, each call failing once, short
 * reads and writes, a disk that is full. A blob is whole or not there, and the next try works.
 */

#include "base/auto.h"
#include "base/time.h"
#include "steps.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
/* After those that it wants. */
#include <cmocka.h>

#define SIZE ((size_t)150000)

static void in_this_order(void **state)
{
	struct place *place = *state;
	steps_plan(STEPS_COUNT_ONLY, 0, 0);
	struct blob_ref ref = put_of(place, SIZE, 1);
	const char *trace = steps_trace();
	const char *synced = strchr(trace, 's'), *named = strchr(trace, 'r'),
		   *folder = strchr(trace, 'S');
	if (!synced || !named || !folder || !(synced < named && named < folder) ||
		strrchr(trace, 'w') > synced || strlen(folder) != 1)
		fail_msg("%s", trace);
	char name[BLOB_NAME_BYTES + 1];
	blob_name(&place->key, &ref, name);
	steps_plan(STEPS_COUNT_ONLY, 0, 0);
	assert_int_equal(blob_delete(place->store, name).code, OK);
	assert_string_equal(steps_trace(), "uoS");
}

static err nobody_wants(void *arg, const char *name, bool *yes)
{
	(void)arg;
	(void)name;
	*yes = false;
	return ok();
}

/* In a child, with the plan; true: it came to its end. */
static bool put_in_child(struct place *place, enum steps_action action, unsigned at)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct blob_ref ref;
		int fd = file_of(SIZE, 1);
		steps_plan(action, at, ENOSPC);
		_exit(failed(blob_put(place->store, &place->key, fd, NULL, &ref)) ? 1 : 0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
	return WIFEXITED(status);
}

static void killed_at_each_step(void **state)
{
	struct place *place = *state;
	char name[BLOB_NAME_BYTES + 1];
	struct blob_ref ref = put_of(place, SIZE, 1);
	blob_name(&place->key, &ref, name);
	unsigned at = 1, whole = 0, absent = 0;
	for (;; at++) {
		assert_int_equal(blob_delete(place->store, name).code, OK);
		bool ended = put_in_child(place, STEPS_KILL, at);
		/* Never a damaged one. */
		err e = blob_verify(place->store, &place->key, &ref);
		assert_true(e.code == OK || e.code == ERR_NOT_FOUND);
		whole += e.code == OK;
		absent += e.code == ERR_NOT_FOUND;
		if (ended) {
			assert_int_equal(e.code, OK);
			break;
		}
		/* What is left is swept, and the next try works. */
		assert_in_range(attempts_left(place), 0, 1);
		assert_int_equal(
			blob_sweep(place->store, time_now() + 1000, nobody_wants, NULL, NULL).code,
			OK);
		assert_int_equal(attempts_left(place), 0);
	}
	/* Create, head, three pieces with their reads, sync, rename, folder: both outcomes were
	 * met. */
	assert_in_range(at, 11, 40);
	assert_true(whole >= 2 && absent >= 8);
}

/* Killed at any moment, not only between calls. */
static void killed_at_any_time(void **state)
{
	struct place *place = *state;
	struct blob_ref ref = put_of(place, SIZE, 1);
	for (unsigned round = 0; round < 40; round++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			for (;;)
				put_of(place, SIZE, 1);
		}
		usleep(1000 + round * 397);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		assert_int_equal(blob_verify(place->store, &place->key, &ref).code, OK);
	}
}

static void put_when_failing(struct place *place, unsigned at, int number, bool *made)
{
	char name[BLOB_NAME_BYTES + 1];
	struct blob_ref ref = {.bytes = 5};
	AUTO_FD int fd = file_of(SIZE, 1);
	steps_plan(STEPS_FAIL, at, number);
	err e = blob_put(place->store, &place->key, fd, NULL, &ref);
	*made = steps_made() >= at;
	char letter = *made ? steps_trace()[at - 1] : ' ';
	steps_plan(STEPS_COUNT_ONLY, 0, 0);
	if (!*made) {
		assert_int_equal(e.code, OK);
		return;
	}
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_int_equal(ref.bytes, 5);
	assert_int_equal(attempts_left(place), 0);
	struct blob_ref good = put_of(place, SIZE, 1);
	assert_int_equal(read_and_compare(place, &good, SIZE, 1).code, OK);
	blob_name(&place->key, &good, name);
	assert_int_equal(blob_delete(place->store, name).code, OK);
	assert_true(letter != ' ');
}

static void failing_at_each_step(void **state)
{
	static const int numbers[] = {ENOSPC, EIO, EDQUOT};
	struct place *place = *state;
	for (size_t i = 0; i < 3; i++) {
		bool made = true;
		for (unsigned at = 1; made; at++)
			put_when_failing(place, at, numbers[i], &made);
	}
}

/* A signal in the middle of a call is no failure. */
static void interrupted_at_each_write(void **state)
{
	struct place *place = *state;
	for (unsigned at = 1; at < 12; at++) {
		struct blob_ref ref;
		AUTO_FD int fd = file_of(SIZE, at);
		steps_plan(STEPS_FAIL, at, EINTR);
		err e = blob_put(place->store, &place->key, fd, NULL, &ref);
		char letter = steps_trace()[at - 1];
		steps_plan(STEPS_COUNT_ONLY, 0, 0);
		if (letter == 'w' || letter == 'p')
			assert_int_equal(e.code, OK);
	}
}

static void short_writes_and_reads(void **state)
{
	struct place *place = *state;
	steps_plan(STEPS_SHORT, 0, 0);
	struct blob_ref ref = put_of(place, SIZE, 1);
	assert_int_equal(read_and_compare(place, &ref, SIZE, 1).code, OK);
	steps_plan(STEPS_COUNT_ONLY, 0, 0);
	assert_int_equal(read_and_compare(place, &ref, SIZE, 1).code, OK);
}

/* A disk of 2 MiB, in a name space of the child's own: nobody else sees it, and it ends with it. */
static int on_a_small_disk(struct place *place)
{
	struct blob_store *store;
	struct blob_ref ref, large;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("none", place->blobs, "tmpfs", 0, "size=3m,mode=0700") != 0)
		return 77;
	if (failed(blob_store_open(&place->arena, place->blobs, place->master, &store)))
		return 1;
	int small_file = file_of(100000, 1), large_file = file_of((size_t)4 << 20, 2);
	if (failed(blob_put(store, &place->key, small_file, NULL, &ref)))
		return 2;
	if (blob_put(store, &place->key, large_file, NULL, &large).code != ERR_UNAVAILABLE)
		return 3;
	if (attempts_left(place) != 0)
		return 4;
	/* What was there is there, and there is room again. */
	if (failed(blob_verify(store, &place->key, &ref)) ||
		failed(blob_put(store, &place->key, file_of(200000, 3), NULL, &large)) ||
		failed(blob_verify(store, &place->key, &large)))
		return 5;
	return 0;
}

static void on_a_full_disk(void **state)
{
	struct place *place = *state;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) == 0
				? on_a_small_disk(place)
				: 77);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

#define EACH(name) cmocka_unit_test_setup_teardown(name, place_begin, place_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(in_this_order),
		EACH(killed_at_each_step),
		EACH(killed_at_any_time),
		EACH(failing_at_each_step),
		EACH(interrupted_at_each_write),
		EACH(short_writes_and_reads),
		EACH(on_a_full_disk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

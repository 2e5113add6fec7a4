#include "domain_support.h"

#include "domain/audit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

/*
 * A process that submits is killed at any moment. Whatever it had told is there, nothing is half
 * there, and the chain of the audit is whole. On both engines.
 */

static struct cx *as(struct world *world, int64_t account)
{
	struct cx *cx = cx_fresh(world);

	cx_become(cx, account);
	return cx;
}

static int64_t count(struct world *world, const char *table)
{
	char sql[100];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	return db_number(world->db, sql);
}

#define KILLED_DRAFTS 48 /* below LIMIT_DRAFTS_PER_ACCOUNT */

/* A process of its own that submits one draft after the other, and tells each reference number once
 * it has it. */
static void submit_until_killed(struct world *world, int64_t account, int told)
{
	struct draft *drafts;
	struct cx cx;
	size_t n;

	if (failed(store_open(&world->db->conf, &world->db->store)))
		_exit(2);
	cx_make(world, &cx);
	cx_become(&cx, account);
	if (failed(draft_list(&cx, &drafts, &n)))
		_exit(2);
	for (size_t i = 0; i < n; i++) {
		struct issues issues = {0};
		struct receipt receipt;

		if (failed(application_submit(
			    &cx, drafts[i].id, drafts[i].submission_token, &issues, &receipt)) ||
			write(told, receipt.reference.p, NUMBER_REFERENCE_DIGITS) !=
				NUMBER_REFERENCE_DIGITS)
			_exit(2);
	}
	_exit(0);
}

/* Kills such a process after that many milliseconds; what it told is appended to `told`. */
static void kill_after(struct world *world, int64_t account, unsigned ms, struct buf *told)
{
	struct timespec pause = {.tv_nsec = (long)ms * 1000000};
	char text[KILLED_DRAFTS * NUMBER_REFERENCE_DIGITS];
	int ends[2];
	ssize_t n;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		submit_until_killed(world, account, ends[1]);
	close(ends[1]);
	nanosleep(&pause, NULL);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	while ((n = read(ends[0], text, sizeof text)) > 0)
		buf_bytes(told, text, (size_t)n);
	close(ends[0]);
}

static void killed_at_any_moment(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct application application;
	struct audit_report report;
	struct draft draft;
	struct buf told;

	for (int i = 0; i < KILLED_DRAFTS; i++)
		draft_fill(world, as(world, account), &draft);
	buf_init(&told, &world->arena, 10000);
	for (unsigned round = 0; round < 12; round++) {
		cx_end(&world->cx);
		db_close(world->db);
		world->now += 1000; /* a process that starts has a moment of its own */
		kill_after(world, account, 10 + 6 * round, &told);
		db_open(world->db);
		world->cx.store = world->db->store;

		int64_t made = count(world, "application");

		assert_int_equal(count(world, "number"), 2 * made);
		assert_int_equal(count(world, "application_event"), made);
		assert_int_equal(count(world, "outbox"), 2 * made);
		assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE "
						      "event = 'application_submitted'"),
			made);
		assert_int_equal(made + count(world, "draft"), KILLED_DRAFTS);
		assert_ok(audit_verify(cx_fresh(world), &report));
		assert_true(report.good);
	}
	assert_int_equal(told.n % NUMBER_REFERENCE_DIGITS, 0);
	for (size_t i = 0; i < told.n; i += NUMBER_REFERENCE_DIGITS)
		assert_ok(application_require(as(world, account),
			str_sub(buf_view(&told), i, NUMBER_REFERENCE_DIGITS), RIGHT_VIEW,
			&application));
	/* and no number of a killed process comes again */
	assert_int_equal(
		db_number(world->db, "SELECT count(DISTINCT temporary_no) FROM application"),
		count(world, "application"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {IN_BOTH(killed_at_any_moment)};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

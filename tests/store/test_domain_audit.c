#include "domain_support.h"

#include "domain/audit.h"

/* The audit chains: what is written is found to be good, what is altered is found. On both engines.
 */

static err add_some(struct cx *cx, void *arg)
{
	const int64_t *account = arg;

	return audit_add(cx, STR("something"), *account, STR("thing"), 17, STR("detail"));
}

/* Accounts 1 to 40, three entries each: every lane has some, the longest more than one. */
static void fill(struct world *world)
{
	for (int round = 0; round < 3; round++)
		for (int64_t account = 1; account <= 40; account++)
			assert_ok(cx_write(cx_fresh(world), add_some, &account));
}

static struct audit_report verify(struct world *world)
{
	struct audit_report report;

	assert_ok(audit_verify(cx_fresh(world), &report));
	return report;
}

static void an_empty_chain_is_good(void **state)
{
	struct audit_report report = verify(*state);

	assert_true(report.good);
	assert_int_equal(report.entries, 0);
}

static void a_good_chain_is_good(void **state)
{
	struct world *world = *state;

	fill(world);
	struct audit_report report = verify(world);

	assert_true(report.good);
	assert_int_equal(report.entries, 120);
	assert_null(report.what);
}

static void long_lanes_are_read_in_pieces(void **state)
{
	struct world *world = *state;
	int64_t account = 5;

	for (int i = 0; i < 1001; i++)
		assert_ok(cx_write(cx_fresh(world), add_some, &account));
	assert_int_equal(verify(world).entries, 1001);
	assert_true(verify(world).good);
	db_exec(world->db, "UPDATE audit_entry SET detail = 'x' WHERE number = 1000");
	struct audit_report report = verify(world);

	assert_false(report.good);
	assert_int_equal(report.lane, 5);
	assert_int_equal(report.number, 1000);
}

/* Every change of a column, a row or the order; on lane 3, entry 2. */
static void every_tampering_is_found(void **state)
{
	static const char *const tamperings[] = {
		"UPDATE audit_entry SET at = at + 1 WHERE lane = 3 AND number = 2",
		"UPDATE audit_entry SET account_id = account_id + 16 WHERE lane = 3 AND number = 2",
		"UPDATE audit_entry SET actor_kind = 3 WHERE lane = 3 AND number = 2",
		"UPDATE audit_entry SET actor_id = 1 WHERE lane = 3 AND number = 2",
		"UPDATE audit_entry SET event = 'somethinG' WHERE lane = 3 AND number = 2",
		"UPDATE audit_entry SET event = 'somethingt', object = 'hing' WHERE lane = 3 AND "
		"number = 2",
		"UPDATE audit_entry SET object = '' WHERE lane = 3 AND number = 2",
		"UPDATE audit_entry SET object_id = 18 WHERE lane = 3 AND number = 2",
		"UPDATE audit_entry SET detail = 'detai' WHERE lane = 3 AND number = 2",
		"UPDATE audit_entry SET hash = (SELECT hash FROM audit_entry WHERE lane = 3 AND "
		"number = 1) WHERE lane = 3 AND number = 2",
		/* rows away: in the middle, at the beginning, at the end, all of a lane */
		"DELETE FROM audit_entry WHERE lane = 3 AND number = 2",
		"DELETE FROM audit_entry WHERE lane = 3 AND number = 1",
		"DELETE FROM audit_entry WHERE lane = 3 AND number = (SELECT number FROM "
		"audit_head WHERE lane = 3)",
		"DELETE FROM audit_entry WHERE lane = 3",
		/* heads */
		"UPDATE audit_head SET number = number - 1 WHERE lane = 3",
		"UPDATE audit_head SET hash = (SELECT hash FROM audit_entry WHERE lane = 3 AND "
		"number = 1) WHERE lane = 3",
		"DELETE FROM audit_head WHERE lane = 3",
		/* a row more, a row of another lane */
		"INSERT INTO audit_entry SELECT lane, 99, at, account_id, actor_kind, actor_id, "
		"event, object, object_id, detail, hash FROM audit_entry WHERE lane = 3 AND number "
		"= 2",
		"UPDATE audit_entry SET lane = 3, number = 99 WHERE lane = 4 AND number = 1",
	};
	struct world *world = *state;

	fill(world);
	db_exec(world->db, "CREATE TABLE entry_kept AS SELECT * FROM audit_entry");
	db_exec(world->db, "CREATE TABLE head_kept AS SELECT * FROM audit_head");
	for (size_t i = 0; i < sizeof tamperings / sizeof *tamperings; i++) {
		db_exec(world->db, tamperings[i]);
		struct audit_report report = verify(world);

		if (report.good || report.lane < 3 || report.lane > 4 || !report.what)
			fail_msg("not found: %s", tamperings[i]);
		db_exec(world->db, "DELETE FROM audit_entry");
		db_exec(world->db, "DELETE FROM audit_head");
		db_exec(world->db, "INSERT INTO audit_entry SELECT * FROM entry_kept");
		db_exec(world->db, "INSERT INTO audit_head SELECT * FROM head_kept");
		assert_true(verify(world).good);
	}
}

static void two_entries_exchanged_are_found(void **state)
{
	struct world *world = *state;

	fill(world);
	db_exec(world->db, "UPDATE audit_entry SET number = 99 WHERE lane = 3 AND number = 1");
	db_exec(world->db, "UPDATE audit_entry SET number = 1 WHERE lane = 3 AND number = 2");
	db_exec(world->db, "UPDATE audit_entry SET number = 2 WHERE lane = 3 AND number = 99");
	assert_false(verify(world).good);
}

static err add_and_fail(struct cx *cx, void *arg)
{
	TRY(add_some(cx, arg));
	return err_make(ERR_CONFLICT);
}

static void what_is_rolled_back_leaves_no_gap(void **state)
{
	struct world *world = *state;
	int64_t account = 3;

	assert_ok(cx_write(cx_fresh(world), add_some, &account));
	assert_err(cx_write(cx_fresh(world), add_and_fail, &account), ERR_CONFLICT);
	assert_ok(cx_write(cx_fresh(world), add_some, &account));
	struct audit_report report = verify(world);

	assert_true(report.good);
	assert_int_equal(report.entries, 2);
}

static void add_in_thread(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	int64_t account = number % 5;

	(void)world;
	(void)arg;
	for (int i = 0; i < 20; i++)
		if (failed(cx_write(cx, add_some, &account)))
			abort();
}

static void many_writers_make_one_order(void **state)
{
	struct world *world = *state;

	in_threads(world, 12, add_in_thread, NULL);
	struct audit_report report = verify(world);

	assert_true(report.good);
	assert_int_equal(report.entries, 240);
}

static void the_heads_can_be_kept_elsewhere(void **state)
{
	struct world *world = *state;
	struct buf heads;
	struct str rest, line;
	size_t n = 0;

	fill(world);
	buf_init(&heads, world->cx.arena, 10000);
	assert_ok(audit_heads(cx_fresh(world), &heads));
	rest = buf_view(&heads);
	while (str_next(&rest, '\n', &line) && line.n > 0) {
		assert_true(line.n > 66);
		n++;
	}
	assert_int_equal(n, AUDIT_LANES);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(an_empty_chain_is_good),
		IN_BOTH(a_good_chain_is_good),
		IN_BOTH(long_lanes_are_read_in_pieces),
		IN_BOTH(every_tampering_is_found),
		IN_BOTH(two_entries_exchanged_are_found),
		IN_BOTH(what_is_rolled_back_leaves_no_gap),
		IN_BOTH(many_writers_make_one_order),
		IN_BOTH(the_heads_can_be_kept_elsewhere),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

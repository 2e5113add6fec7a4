#include "tests.h"

#include "queries.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/stat.h>

/* Many who write at once: nothing is lost, and on SQLite they share commits. */

#define THREADS 64
#define WRITES 200

struct writer {
	struct db *db;
	int64_t number;
	int64_t written;
};

static err add_numbered(struct tx *tx, void *arg)
{
	const struct writer *w = arg;
	struct q_counter_next_row row;
	int64_t id = w->number * WRITES + w->written;
	TRY(q_item_insert(
		tx, id, str_fmt(tx->arena, "n%d", (int)id), STR("body"), 1, STR(""), NULL));
	return q_counter_next(tx, 1, &row);
}

static void *write_often(void *arg)
{
	struct writer *w = arg;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	while (w->written < WRITES) {
		arena_reset(&arena);
		if (failed(store_run(w->db->store, TX_WRITE, &arena, add_numbered, w)))
			break;
		w->written++;
	}
	return NULL;
}

static void all_writes_of_all_threads(void **state)
{
	struct db *db = *state;
	struct writer writers[THREADS];
	pthread_t threads[THREADS];
	struct store_stats stats;
	for (int64_t i = 0; i < THREADS; i++) {
		writers[i] = (struct writer){.db = db, .number = i};
		assert_int_equal(pthread_create(&threads[i], NULL, write_often, &writers[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(writers[i].written, WRITES);
	}
	assert_int_equal(db_number(db, "SELECT count(*) FROM item"), THREADS * WRITES);
	assert_int_equal(db_number(db, "SELECT value FROM counter WHERE id = 1"), THREADS * WRITES);
	store_stats(db->store, &stats);
	assert_int_equal(stats.writes, THREADS * WRITES);
	assert_int_equal(stats.waiting, 0);
	if (!db->is_pg)
		assert_true(stats.commits < stats.writes);
	else
		assert_int_equal(stats.commits, stats.writes);
}

/* A group whose members are known: the first holds the writer until all others wait. */

#define MEMBERS 9

struct member {
	struct db *db;
	int64_t id;
	uint64_t wait_for; /* so many must wait before fn ends */
	bool deny, conflict;
	bool idle; /* fails before it has changed anything */
	unsigned runs;
	err result;
	char detail[128];
};

static err add_member(struct tx *tx, void *arg)
{
	struct member *m = arg;
	struct store_stats stats = {0};
	m->runs++;
	if (m->idle)
		return fail(ERR_DENIED, "member %d", (int)m->id);
	TRY(q_item_insert(
		tx, m->id, str_fmt(tx->arena, "n%d", (int)m->id), STR(""), 0, STR(""), NULL));
	while (stats.waiting < m->wait_for) {
		sched_yield();
		store_stats(m->db->store, &stats);
	}
	if (m->conflict)
		return q_item_insert(tx, 1000 + m->id, STR("n0"), STR(""), 0, STR(""), NULL);
	return m->deny ? fail(ERR_DENIED, "member %d", (int)m->id) : ok();
}

static void *run_member(void *arg)
{
	struct member *m = arg;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	m->result = store_run(m->db->store, TX_WRITE, &arena, add_member, m);
	snprintf(m->detail, sizeof m->detail, "%s", err_detail());
	return NULL;
}

static void run_members(struct member *members)
{
	pthread_t threads[MEMBERS + 1];
	struct store_stats stats;
	store_stats(members[0].db->store, &stats);
	uint64_t before = stats.queries;
	assert_int_equal(pthread_create(&threads[0], NULL, run_member, &members[0]), 0);
	/* The first must be at work, and not only wait itself, before the others come. */
	while (stats.queries == before)
		store_stats(members[0].db->store, &stats);
	for (size_t i = 1; i <= MEMBERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run_member, &members[i]), 0);
	for (size_t i = 0; i <= MEMBERS; i++)
		pthread_join(threads[i], NULL);
}

static void one_of_a_group_fails_alone(void **state)
{
	struct db *db = *state;
	struct member members[MEMBERS + 1] = {0};
	struct store_stats stats;
	for (int64_t i = 0; i <= MEMBERS; i++)
		members[i] = (struct member){.db = db,
			.id = i,
			.wait_for = i ? 0 : MEMBERS,
			.deny = i == 4,
			.conflict = i == 6};
	run_members(members);
	for (int64_t i = 0; i <= MEMBERS; i++) {
		enum err_code wanted = i == 4 ? ERR_DENIED : i == 6 ? ERR_CONFLICT : OK;
		assert_int_equal(members[i].result.code, wanted);
	}
	assert_string_equal(
		members[4].detail, "member 4"); /* the words come to their owner, whoever ran fn */
	assert_non_null(strstr(members[6].detail, "UNIQUE"));
	assert_string_equal(
		db_dump(db, "SELECT id FROM item ORDER BY id"), "0\n1\n2\n3\n5\n7\n8\n9\n");
	store_stats(db->store, &stats);
	assert_int_equal(stats.commits, 2); /* the first, and the group */
	assert_int_equal(stats.writes, MEMBERS - 1);
}

/* Whoever fails at its first look is no reason to run the others again. */
static void who_changed_nothing_costs_nobody(void **state)
{
	struct db *db = *state;
	struct member members[MEMBERS + 1] = {0};
	for (int64_t i = 0; i <= MEMBERS; i++)
		members[i] = (struct member){
			.db = db, .id = i, .wait_for = i ? 0 : MEMBERS, .idle = i == 4 || i == 8};
	run_members(members);
	for (int64_t i = 0; i <= MEMBERS; i++) {
		assert_int_equal(members[i].result.code, i == 4 || i == 8 ? ERR_DENIED : OK);
		assert_int_equal(members[i].runs, 1);
	}
	assert_string_equal(members[8].detail, "member 8");
	assert_string_equal(
		db_dump(db, "SELECT id FROM item ORDER BY id"), "0\n1\n2\n3\n5\n6\n7\n9\n");
}

/* One that has changed rows takes the whole transaction with it: the others come again. After that the next groups are prepared for such a one. */
static void who_fails_again_costs_nobody_again(void **state)
{
	struct db *db = *state;
	for (int64_t round = 0; round < 2; round++) {
		struct member members[MEMBERS + 1] = {0};
		unsigned runs = 0;
		for (int64_t i = 0; i <= MEMBERS; i++)
			members[i] = (struct member){.db = db,
				.id = round * 100 + i,
				.wait_for = i ? 0 : MEMBERS,
				.deny = i == 4};
		run_members(members);
		for (int64_t i = 0; i <= MEMBERS; i++)
			runs += members[i].runs;
		if (round == 0)
			assert_true(runs > MEMBERS + 1);
		else
			assert_int_equal(runs, MEMBERS + 1);
		assert_int_equal(members[4].result.code, ERR_DENIED);
	}
	assert_int_equal(db_number(db, "SELECT count(*) FROM item"), 2 * MEMBERS);
}

/* What is only rehearsed leaves nothing behind. */
static void a_rehearsal_comes_to_nothing(void **state)
{
	struct db *db = *state;
	struct member member = {.db = db, .id = 1};
	db->conf.rehearse = true;
	store_close(db->store);
	assert_ok(store_open(&db->conf, &db->store));
	run_member(&member);
	assert_ok(member.result);
	assert_int_equal(member.runs, 2);
	assert_int_equal(db_number(db, "SELECT count(*) FROM item"), 1);
}

static void a_group_in_which_all_fail(void **state)
{
	struct db *db = *state;
	struct member members[MEMBERS + 1] = {0};
	struct store_stats stats;
	for (int64_t i = 0; i <= MEMBERS; i++)
		members[i] = (struct member){
			.db = db, .id = i, .wait_for = i ? 0 : MEMBERS, .deny = true};
	run_members(members);
	for (int64_t i = 0; i <= MEMBERS; i++)
		assert_int_equal(members[i].result.code, ERR_DENIED);
	assert_int_equal(db_number(db, "SELECT count(*) FROM item"), 0);
	store_stats(db->store, &stats);
	assert_int_equal(stats.commits, 0);
	assert_int_equal(stats.writes, 0);
}

/* More than fits into the WAL before it must begin again, while there is a reader at every moment. */

#define LARGE (256u << 10)
#define LARGE_WRITES 400 /* 100 MiB */
#define READERS 3

struct reading {
	struct db *db;
	_Atomic bool stop;
	_Atomic int failures;
};

static err look(struct tx *tx, void *arg)
{
	struct q_item_list_row *rows;
	size_t count;
	(void)arg;
	return q_item_list(tx, INT64_MAX, &rows, &count);
}

static void *read_on(void *arg)
{
	struct reading *reading = arg;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	while (!reading->stop) {
		arena_reset(&arena);
		reading->failures += failed(store_run(reading->db->store, TX_READ, &arena, look, NULL));
	}
	return NULL;
}

static err add_large(struct tx *tx, void *arg)
{
	const int64_t *id = arg;
	return q_item_insert(tx, *id, str_fmt(tx->arena, "l%d", (int)*id), str_make(arena_alloc(tx->arena, LARGE), LARGE), 1, STR(""), NULL);
}

static void the_wal_begins_again_among_readers(void **state)
{
	struct db *db = *state;
	struct reading reading = {.db = db};
	pthread_t threads[READERS];
	char wal[256];
	struct stat size = {0};
	off_t most = 0;
	snprintf(wal, sizeof wal, "%s-wal", db->path);
	for (size_t i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_on, &reading), 0);
	for (int64_t id = 0; id < LARGE_WRITES; id++) {
		AUTO_ARENA arena;
		arena_init(&arena, 1u << 20);
		assert_ok(store_run(db->store, TX_WRITE, &arena, add_large, &id));
		if (stat(wal, &size) == 0 && size.st_size > most)
			most = size.st_size;
	}
	reading.stop = true;
	for (size_t i = 0; i < READERS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(reading.failures, 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM item"), LARGE_WRITES);
	assert_true(most < (off_t)LARGE_WRITES * LARGE);
}

const struct CMUnitTest group_tests[] = {
	ON_SQLITE(the_wal_begins_again_among_readers),
	ON_SQLITE(one_of_a_group_fails_alone),
	ON_SQLITE(who_changed_nothing_costs_nobody),
	ON_SQLITE(who_fails_again_costs_nobody_again),
	ON_SQLITE(a_rehearsal_comes_to_nothing),
	ON_SQLITE(a_group_in_which_all_fail),
	ON_BOTH(all_writes_of_all_threads),
};
const size_t group_test_count = sizeof group_tests / sizeof *group_tests;

#include "tests.h"

#include "queries.h"

#include <pthread.h>
#include <semaphore.h>

/* What a transaction keeps and what it throws away. */

static err add(struct tx *tx, int64_t id, const char *name)
{
	return q_item_insert(tx, id, str_of(name), STR(""), 0, STR(""), NULL);
}

static err add_one(struct tx *tx, void *arg)
{
	(void)arg;
	return add(tx, 1, "one");
}

static int64_t items(const struct db *db)
{
	return db_number(db, "SELECT count(*) FROM item");
}

/* Each breaks one rule after a row that is fine by itself. */
static err same_name(struct tx *tx, void *arg)
{
	int64_t changed;
	(void)arg;
	TRY(add(tx, 2, "two"));
	return q_item_insert(tx, 3, STR("one"), STR(""), 0, STR(""), &changed);
}

static err same_id(struct tx *tx, void *arg)
{
	int64_t changed;
	(void)arg;
	TRY(add(tx, 2, "two"));
	return q_item_insert(tx, 1, STR("uno"), STR(""), 0, STR(""), &changed);
}

static err no_such_item(struct tx *tx, void *arg)
{
	int64_t changed;
	(void)arg;
	TRY(add(tx, 2, "two"));
	return q_part_insert(tx, 1, 77, STR("note"), &changed);
}

static err too_long_note(struct tx *tx, void *arg)
{
	int64_t changed;
	char note[1000];
	(void)arg;
	memset(note, 'n', sizeof note);
	TRY(add(tx, 2, "two"));
	return q_part_insert(tx, 1, 1, str_make(note, sizeof note), &changed);
}

static err denied(struct tx *tx, void *arg)
{
	(void)arg;
	TRY(add(tx, 2, "two"));
	return fail(ERR_DENIED, "words of fn");
}

static void an_error_keeps_nothing(void **state)
{
	struct db *db = *state;
	assert_ok(db_write(db, add_one, NULL));
	assert_err(db_write(db, same_name, NULL), ERR_CONFLICT);
	assert_err(db_write(db, same_id, NULL), ERR_CONFLICT);
	assert_err(db_write(db, no_such_item, NULL), ERR_CONFLICT);
	assert_err(db_write(db, too_long_note, NULL),
		ERR_INTERNAL); /* a CHECK is not what others do */
	assert_err(db_write(db, denied, NULL), ERR_DENIED);
	assert_string_equal(err_detail(), "words of fn");
	assert_int_equal(items(db), 1);
}

static err go_on_after_conflict(struct tx *tx, void *arg)
{
	struct q_item_find_row row;
	(void)arg;
	assert_err(same_name(tx, NULL), ERR_CONFLICT);
	assert_err(add(tx, 4, "four"), ERR_CONFLICT);
	assert_err(q_item_find(tx, 1, &row), ERR_CONFLICT);
	return ok();
}

static void a_lost_transaction_stays_lost(void **state)
{
	struct db *db = *state;
	assert_ok(db_write(db, add_one, NULL));
	assert_err(db_write(db, go_on_after_conflict, NULL), ERR_CONFLICT);
	assert_int_equal(items(db), 1);
}

/* Nobody asks for the result, so PostgreSQL answers with the next query or the commit; the outcome
 * is the same. */
static err conflict_unasked(struct tx *tx, void *arg)
{
	(void)arg;
	if (failed(add(tx, 2, "two")) || failed(add(tx, 3, "one")) || failed(add(tx, 4, "four")))
		return ok();
	return ok();
}

static err conflict_unasked_then_denied(struct tx *tx, void *arg)
{
	IGNORE(conflict_unasked(tx, arg)); /* fn may turn an error into its own */
	return fail(ERR_DENIED, "denied");
}

static err conflict_unasked_then_query(struct tx *tx, void *arg)
{
	struct q_item_find_row row;
	IGNORE(conflict_unasked(tx, arg));
	return q_item_find(tx, 1, &row);
}

struct batch {
	int64_t from, count;
	int64_t bad; /* the row that conflicts; 0: none */
};

static err add_batch(struct tx *tx, void *arg)
{
	const struct batch *batch = arg;
	for (int64_t i = 0; i < batch->count; i++) {
		int64_t id = batch->from + i;
		struct str name =
			id == batch->bad ? STR("one") : str_fmt(tx->arena, "n%d", (int)id);
		TRY(q_item_insert(tx, id, name, STR("body"), 0, STR(""), NULL));
	}
	return ok();
}

static err find_one(struct tx *tx, void *arg)
{
	struct q_item_find_row row;
	(void)arg;
	return q_item_find(tx, 1, &row);
}

static void an_unasked_failure_counts(void **state)
{
	struct db *db = *state;
	assert_ok(db_write(db, add_one, NULL));
	assert_err(db_write(db, conflict_unasked, NULL), ERR_CONFLICT);
	assert_err(db_write(db, conflict_unasked_then_query, NULL), ERR_CONFLICT);
	assert_ok(db_write(db, find_one, NULL));
	for (int64_t i = 0; i < 20; i++) { /* the next user of the connection gets none of it */
		for (int64_t k = 0; k <= i % 3; k++)
			assert_err(db_write(db, conflict_unasked_then_denied, NULL), ERR_DENIED);
		assert_ok(db_write(db, add_batch, &(struct batch){.from = 100 + i, .count = 1}));
	}
	assert_int_equal(items(db), 21);
}

static void many_unasked_in_one_transaction(void **state)
{
	struct db *db = *state;
	assert_ok(db_write(db, add_one, NULL));
	assert_ok(db_write(db, add_batch, &(struct batch){.from = 1000, .count = 1000}));
	assert_int_equal(items(db), 1001);
	for (int64_t bad = 5000; bad < 5200; bad += 23)
		assert_err(db_write(db, add_batch,
				   &(struct batch){.from = 5000, .count = 200, .bad = bad}),
			ERR_CONFLICT);
	assert_int_equal(items(db), 1001);
	assert_ok(db_write(db, add_batch, &(struct batch){.from = 5000, .count = 200}));
	assert_int_equal(items(db), 1201);
}

enum after { AT_THE_END, THEN_A_QUERY, THEN_MANY, NOT_LOOKED_AT };

struct wish {
	int64_t id, expected;
	enum after after;
};

static err rename_one(struct tx *tx, void *arg)
{
	const struct wish *wish = arg;
	struct q_item_find_row row;
	err seen;
	TRY(add(tx, 2, "two"));
	TRY(q_item_rename(tx, STR("renamed"), wish->id, NULL));
	seen = tx_expect(tx, wish->expected);
	if (wish->after == NOT_LOOKED_AT)
		return ok();
	TRY(seen);
	if (wish->after == THEN_MANY)
		return add_batch(tx, &(struct batch){.from = 100, .count = 200});
	return wish->after == THEN_A_QUERY ? q_item_find(tx, 1, &row) : ok();
}

static void what_is_expected_must_be_so(void **state)
{
	struct db *db = *state;
	assert_ok(db_write(db, add_one, NULL));
	for (enum after after = AT_THE_END; after <= NOT_LOOKED_AT; after++) {
		/* No such row; a row that nobody expects. */
		assert_err(db_write(db, rename_one, &(struct wish){.id = 77, .expected = 1, .after = after}), ERR_CONFLICT);
		if (after != NOT_LOOKED_AT)
			assert_non_null(strstr(err_detail(), "item_rename"));
		assert_err(db_write(db, rename_one, &(struct wish){.id = 1, .expected = 0, .after = after}), ERR_CONFLICT);
		assert_int_equal(items(db), 1);
		assert_int_equal(db_number(db, "SELECT count(*) FROM item WHERE name = 'renamed'"), 0);
		/* The connection's next user has nothing to do with it. */
		assert_ok(db_write(db, find_one, NULL));
	}
	assert_ok(db_write(db, rename_one, &(struct wish){.id = 77, .expected = 0, .after = THEN_MANY}));
	assert_int_equal(items(db), 202);
	assert_err(db_write(db, rename_one, &(struct wish){.id = 1, .expected = 1}), ERR_CONFLICT); /* 2 is there */
}

static void what_is_expected_is_kept(void **state)
{
	struct db *db = *state;
	assert_ok(db_write(db, add_one, NULL));
	assert_ok(db_write(db, rename_one, &(struct wish){.id = 1, .expected = 1}));
	assert_int_equal(items(db), 2);
	assert_int_equal(db_number(db, "SELECT id FROM item WHERE name = 'renamed'"), 1);
}

static err denied_after_a_wish(struct tx *tx, void *arg)
{
	IGNORE(rename_one(tx, arg)); /* fn may turn an error into its own */
	return fail(ERR_DENIED, "denied");
}

static void an_abandoned_expectation_is_nobodys(void **state)
{
	struct db *db = *state;
	assert_ok(db_write(db, add_one, NULL));
	for (int i = 0; i < 20; i++) {
		assert_err(db_write(db, denied_after_a_wish, &(struct wish){.id = 77, .expected = 1}), ERR_DENIED);
		assert_ok(db_write(db, find_one, NULL));
	}
	assert_int_equal(items(db), 1);
}

static err nothing(struct tx *tx, void *arg)
{
	(void)tx;
	(void)arg;
	return ok();
}

static void a_transaction_without_queries(void **state)
{
	struct db *db = *state;
	assert_ok(db_write(db, nothing, NULL));
	assert_ok(db_read(db, nothing, NULL));
	assert_ok(db_write(db, add_one, NULL));
	assert_int_equal(items(db), 1);
}

static void a_reader_sees_one_snapshot(void **state)
{
	struct db *db = *state;
	struct tx *before, *after;
	struct q_item_summary_row row;
	assert_ok(store_begin_read(db->store, &db->arena, &before));
	assert_ok(q_item_summary(before, &row));
	assert_int_equal(row.n, 0);
	assert_ok(db_write(db, add_one, NULL)); /* a read and inside it a write */
	assert_ok(q_item_summary(before, &row));
	assert_int_equal(row.n, 0);
	assert_ok(store_begin_read(db->store, &db->arena, &after));
	assert_ok(q_item_summary(after, &row));
	assert_int_equal(row.n, 1);
	store_end_read(before);
	store_end_read(after);
	assert_err(q_item_summary(after, &row), ERR_INTERNAL); /* used after its end */
	store_end_read(NULL);
}

static err read_own(struct tx *tx, void *arg)
{
	struct q_item_find_row row;
	(void)arg;
	TRY(add(tx, 1, "one"));
	return q_item_find(tx, 1, &row);
}

static void a_writer_sees_its_own_rows(void **state)
{
	assert_ok(db_write(*state, read_own, NULL));
}

static err write_unasked(struct tx *tx, void *arg)
{
	(void)arg;
	return q_item_delete(tx, 1, NULL);
}

static err write_returning(struct tx *tx, void *arg)
{
	struct q_item_add_row row;
	(void)arg;
	return q_item_add(tx, 1, 1, &row);
}

static void a_reader_cannot_write(void **state)
{
	struct db *db = *state;
	struct tx *tx;
	struct q_item_summary_row row;
	assert_ok(db_write(db, add_one, NULL));
	for (int i = 0; i < 10; i++) { /* on every connection */
		assert_err(db_read(db, write_unasked, NULL), ERR_INTERNAL);
		assert_err(db_read(db, write_returning, NULL), ERR_INTERNAL);
	}
	assert_ok(store_begin_read(db->store, &db->arena, &tx));
	assert_ok(q_item_summary(tx, &row));
	store_end_read(tx);
	assert_int_equal(row.n, 1);
	assert_int_equal(row.total, 0);
}

static void a_failed_tx_answers_why(void **state)
{
	struct db *db = *state;
	struct q_item_summary_row row;
	struct tx *tx = tx_failed(&db->arena, err_make(ERR_UNAVAILABLE));
	assert_err(q_item_summary(tx, &row), ERR_UNAVAILABLE);
	assert_err(add(tx, 1, "one"), ERR_UNAVAILABLE);
	store_end_read(tx);
}

struct crowd {
	struct db *db;
	int64_t sum;
	pthread_mutex_t lock;
};

static void *read_often(void *arg)
{
	struct crowd *crowd = arg;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	for (int i = 0; i < 30; i++) {
		struct tx *tx;
		struct q_item_summary_row row = {0};
		arena_reset(&arena);
		if (!failed(store_begin_read(crowd->db->store, &arena, &tx))) {
			IGNORE(q_item_summary(tx, &row)); /* then the sum is wrong */
			store_end_read(tx);
		}
		pthread_mutex_lock(&crowd->lock);
		crowd->sum += row.n;
		pthread_mutex_unlock(&crowd->lock);
	}
	return NULL;
}

static void more_readers_than_connections_wait(void **state)
{
	struct crowd crowd = {.db = *state, .lock = PTHREAD_MUTEX_INITIALIZER};
	pthread_t threads[24];
	assert_ok(db_write(crowd.db, add_one, NULL));
	for (size_t i = 0; i < 24; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_often, &crowd), 0);
	for (size_t i = 0; i < 24; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(crowd.sum, 24 * 30);
}

/* Two transactions that lock the same rows in opposite order: PostgreSQL ends one of them, which is
 * then repeated. The repeated one lets the other end first: else it may have its row again before the
 * other wakes, and the two cross once more. */
struct crossing {
	struct db *db;
	int64_t first, second;
	int calls;
	err result;
	pthread_barrier_t *meet;
	sem_t ended, *other_ended;
};

static err lock_both(struct tx *tx, void *arg)
{
	struct crossing *c = arg;
	struct q_counter_next_row row;
	bool repeated = c->calls++ > 0;
	if (repeated)
		sem_wait(c->other_ended);
	TRY(q_counter_next(tx, c->first, &row));
	if (!repeated)
		pthread_barrier_wait(c->meet);
	return q_counter_next(tx, c->second, &row);
}

static void *cross(void *arg)
{
	struct crossing *c = arg;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	c->result = store_run(c->db->store, TX_WRITE, &arena, lock_both, c);
	sem_post(&c->ended);
	return NULL;
}

static err add_counter(struct tx *tx, void *arg)
{
	(void)arg;
	return q_counter_insert(tx, 2, 0, NULL);
}

static void a_deadlock_is_repeated(void **state)
{
	struct db *db = *state;
	pthread_barrier_t meet;
	pthread_t threads[2];
	struct store_stats stats;
	struct crossing c[2] = {
		{.db = db, .first = 1, .second = 2, .meet = &meet, .other_ended = &c[1].ended},
		{.db = db, .first = 2, .second = 1, .meet = &meet, .other_ended = &c[0].ended},
	};
	assert_ok(db_write(db, add_counter, NULL));
	pthread_barrier_init(&meet, NULL, 2);
	for (int i = 0; i < 2; i++)
		sem_init(&c[i].ended, 0, 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, cross, &c[i]), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&meet);
	for (int i = 0; i < 2; i++)
		sem_destroy(&c[i].ended);
	assert_ok(c[0].result);
	assert_ok(c[1].result);
	assert_int_equal(c[0].calls + c[1].calls, 3);
	assert_int_equal(db_number(db, "SELECT min(value) FROM counter"), 2);
	assert_int_equal(db_number(db, "SELECT max(value) FROM counter"), 2);
	store_stats(db->store, &stats);
	assert_int_equal(stats.repeats, 1);
}

const struct CMUnitTest tx_tests[] = {
	ON_BOTH(an_error_keeps_nothing),
	ON_BOTH(a_lost_transaction_stays_lost),
	ON_BOTH(an_unasked_failure_counts),
	ON_BOTH(many_unasked_in_one_transaction),
	ON_BOTH(what_is_expected_must_be_so),
	ON_BOTH(what_is_expected_is_kept),
	ON_BOTH(an_abandoned_expectation_is_nobodys),
	ON_BOTH(a_transaction_without_queries),
	ON_BOTH(a_reader_sees_one_snapshot),
	ON_BOTH(a_writer_sees_its_own_rows),
	ON_BOTH(a_reader_cannot_write),
	ON_BOTH(a_failed_tx_answers_why),
	ON_BOTH(more_readers_than_connections_wait),
	ON_PG(a_deadlock_is_repeated),
};
const size_t tx_test_count = sizeof tx_tests / sizeof *tx_tests;

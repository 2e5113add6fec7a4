#include "tests.h"
#include "queries.h"

#include <sqlite3.h>

/* Every kind of query and every type of value, on both engines. */

static struct str blob_of(struct arena *arena, size_t n)
{
	char *p = arena_alloc(arena, n);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * 7 + (i >> 8));
	return str_make(p, n);
}

static err values_come_back(struct tx *tx, void *arg)
{
	static const struct str texts[] = {
		STR_INIT("plain"),
		STR_INIT(""),
		STR_INIT("在留期間更新許可申請 が か゚ 𠮷野家"),
		STR_INIT("👩‍👩‍👧"),
		STR_INIT("'; DROP TABLE item; --"),
		STR_INIT("\\x41 %_ \"q\" \n\t"),
		STR_INIT("\x7f"),
	};
	static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN, 255, -256};
	(void)arg;
	for (int64_t i = 0; i < 7; i++) {
		struct str body = blob_of(tx->arena, (size_t)i * 100);
		struct q_item_find_row row;
		int64_t changed = 0;
		/* The name is unique; the label is the text itself. */
		struct str name = str_fmt(tx->arena, "%d %.*s", (int)i, STR_ARG(texts[i]));
		TRY(q_item_insert(tx, i, name, body, numbers[i], texts[i], &changed));
		assert_int_equal(changed, 1);
		TRY(q_item_find(tx, i, &row));
		assert_str(row.name, name);
		assert_str(row.label, texts[i]);
		assert_str(row.body, body);
		assert_true(row.amount == numbers[i]);
	}
	return ok();
}

static void all_values_come_back(void **state)
{
	struct db *db = *state;
	assert_ok(db_write(db, values_come_back, NULL));
	assert_int_equal(db_number(db, "SELECT count(*) FROM item"), 7);
}

static err large_and_absent(struct tx *tx, void *arg)
{
	struct str large = blob_of(tx->arena, 3u << 20);
	struct q_item_find_row row;
	(void)arg;
	TRY(q_item_insert(tx, 1, STR("large"), large, 0, STR(""), NULL));
	TRY(q_item_find(tx, 1, &row));
	assert_str(row.body, large);
	TRY(q_item_insert(tx, 2, (struct str){0}, (struct str){0}, 0, (struct str){0}, NULL));
	TRY(q_item_find(tx, 2, &row));
	assert_str(row.name, STR("")); /* empty, not absent */
	assert_str(row.body, STR(""));
	return ok();
}

static void large_blob_and_absent_texts(void **state)
{
	assert_ok(db_write(*state, large_and_absent, NULL));
}

static err not_found(struct tx *tx, void *arg)
{
	struct q_item_find_row row = {.amount = 42};
	struct q_item_add_row sum;
	(void)arg;
	assert_err(q_item_find(tx, 99, &row), ERR_NOT_FOUND);
	assert_int_equal(row.amount, 42); /* untouched */
	assert_err(q_item_add(tx, 99, 1, &sum), ERR_NOT_FOUND);
	/* and the transaction goes on */
	return q_item_insert(tx, 1, STR("a"), STR(""), 0, STR(""), NULL);
}

static void not_found_is_no_failure(void **state)
{
	struct db *db = *state;
	assert_ok(db_write(db, not_found, NULL));
	assert_int_equal(db_number(db, "SELECT count(*) FROM item"), 1);
}

static err lists(struct tx *tx, void *arg)
{
	struct q_item_list_row *rows = NULL;
	struct q_item_add_all_row *sums;
	size_t count = 99;
	(void)arg;
	TRY(q_item_list(tx, 0, &rows, &count));
	assert_int_equal(count, 0);
	for (int64_t i = 300; i > 0; i--) /* not in order */
		TRY(q_item_insert(tx, i, str_fmt(tx->arena, "n%d", (int)i),
			blob_of(tx->arena, (size_t)i), i, STR(""), NULL));
	TRY(q_item_list(tx, 101, &rows, &count));
	assert_int_equal(count, 200);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(rows[i].id, (int64_t)i + 101);
		assert_str(rows[i].name, str_fmt(tx->arena, "n%zu", i + 101));
		assert_int_equal(rows[i].body.n, i + 101);
	}
	TRY(q_item_add_all(tx, 1000, &sums, &count));
	assert_int_equal(count, 300);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(sums[i].amount, sums[i].id + 1000);
	return ok();
}

static void many_rows_in_order(void **state)
{
	struct db *db = *state;
	assert_ok(db_write(db, lists, NULL));
}

static err counts(struct tx *tx, void *arg)
{
	struct q_item_put_in in = {.id = 1,
		.name = STR("one"),
		.body = STR("b"),
		.amount = 5,
		.label = STR("l"),
		.least = 5};
	struct q_item_delete_name_row gone;
	struct q_item_add_row sum;
	struct q_part_count_row parts;
	int64_t changed = -1;
	(void)arg;
	TRY(q_item_put(tx, &in, &changed));
	assert_int_equal(changed, 1);
	TRY(q_item_put(tx, &in, &changed)); /* ON CONFLICT DO NOTHING */
	assert_int_equal(changed, 0);
	in.id = 2;
	in.least = 6;
	TRY(q_item_put(tx, &in, &changed)); /* the condition */
	assert_int_equal(changed, 0);
	TRY(q_item_rename(tx, STR("Eins"), 1, &changed));
	assert_int_equal(changed, 1);
	TRY(q_item_rename(tx, STR("zwei"), 2, &changed));
	assert_int_equal(changed, 0);
	TRY(q_item_add(tx, 1, -7, &sum));
	assert_int_equal(sum.amount, -2);
	TRY(q_part_insert(tx, 1, 1, STR("p"), NULL));
	TRY(q_part_insert(tx, 2, 1, STR("q"), NULL));
	TRY(q_item_delete(tx, 1, &changed)); /* rows that go with it are not counted */
	assert_int_equal(changed, 1);
	TRY(q_part_count(tx, 1, &parts));
	assert_int_equal(parts.n, 0);
	TRY(q_item_insert(tx, 3, STR("E"), STR(""), 0, STR(""), NULL));
	assert_err(q_item_delete_name(tx, STR("e"), &gone), ERR_NOT_FOUND);
	TRY(q_item_delete_name(tx, STR("E"), &gone));
	assert_int_equal(gone.id, 3);
	return ok();
}

static void changed_rows_are_counted(void **state)
{
	assert_ok(db_write(*state, counts, NULL));
}

static err numbers(struct tx *tx, void *arg)
{
	struct q_item_summary_row sum;
	(void)arg;
	TRY(q_item_summary(tx, &sum));
	assert_int_equal(sum.n, 0);
	assert_int_equal(sum.total, 0);
	assert_int_equal(sum.any_body, 0);
	TRY(q_item_insert(tx, 1, STR("a"), STR("x"), INT64_C(1) << 60, STR(""), NULL));
	TRY(q_item_insert(tx, 2, STR("b"), STR(""), INT64_C(1) << 60, STR(""), NULL));
	TRY(q_item_summary(tx, &sum));
	assert_int_equal(sum.n, 2);
	assert_true(sum.total == INT64_C(1) << 61);
	assert_int_equal(sum.any_body, 1);
	return ok();
}

static void sums_and_truth_are_numbers(void **state)
{
	assert_ok(db_write(*state, numbers, NULL));
}

static err order(struct tx *tx, void *arg)
{
	/* In the order of their bytes, which is neither a dictionary's nor UTF-16's. */
	static const struct str notes[] = {STR_INIT("B"), STR_INIT("Z"), STR_INIT("a"),
		STR_INIT("é"), STR_INIT("ア"), STR_INIT("亜"), STR_INIT("ｱ"), STR_INIT("𠀀")};
	struct q_item_of_part_row *rows;
	size_t count;
	(void)arg;
	TRY(q_item_insert(tx, 1, STR("a"), STR(""), 0, STR(""), NULL));
	for (size_t i = 8; i-- > 0;)
		TRY(q_part_insert(tx, (int64_t)i, 1, notes[i], NULL));
	TRY(q_item_of_part(tx, STR("Z"), &rows, &count));
	assert_int_equal(count, 7);
	for (size_t i = 0; i < count; i++)
		assert_str(rows[i].note, notes[i + 1]);
	return ok();
}

static void texts_sort_by_bytes(void **state)
{
	assert_ok(db_write(*state, order, NULL));
}

static err insert_text(struct tx *tx, void *arg)
{
	struct str *text = arg;
	return q_item_insert(tx, 1, STR("a"), STR(""), 0, *text, NULL);
}

static void broken_texts_are_refused(void **state)
{
	static struct str bad[] = {STR_INIT("a\0b"), STR_INIT("\xff"), STR_INIT("\xc0\xaf"),
		STR_INIT("\xed\xa0\x80"), STR_INIT("\xe3\x81"), STR_INIT("\xf4\x90\x80\x80")};
	struct db *db = *state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_err(db_write(db, insert_text, &bad[i]), ERR_INVALID);
	assert_int_equal(db_number(db, "SELECT count(*) FROM item"), 0);
}

static err pick(struct tx *tx, void *arg)
{
	struct q_item_pick_row row = {.id = 42};
	(void)arg;
	TRY(q_item_insert(tx, 1, STR("a"), STR(""), 0, STR(""), NULL));
	TRY(q_item_pick(tx, &row));
	assert_int_equal(row.id, 1);
	TRY(q_item_insert(tx, 2, STR("b"), STR(""), 0, STR(""), NULL));
	err e = q_item_pick(tx, &row);
	assert_int_equal(row.id, 1);
	return e;
}

static err find_max(struct tx *tx, void *arg)
{
	struct q_item_max_row row;
	(void)arg;
	return q_item_max(tx, &row);
}

static void defects_are_internal(void **state)
{
	assert_err(db_write(*state, pick, NULL), ERR_INTERNAL);
	assert_err(db_read(*state, find_max, NULL), ERR_INTERNAL);
}

static err insert_large(struct tx *tx, void *arg)
{
	int64_t *id = arg;
	return q_item_insert(tx, *id, str_fmt(tx->arena, "n%d", (int)*id),
		blob_of(tx->arena, 1u << 20), 0, STR(""), NULL);
}

static err list_all(struct tx *tx, void *arg)
{
	struct q_item_list_row *rows;
	size_t count;
	(void)arg;
	return q_item_list(tx, 0, &rows, &count);
}

static void answer_too_large_for_the_arena(void **state)
{
	struct db *db = *state;
	AUTO_ARENA small;
	arena_init(&small, 2u << 20);
	for (int64_t id = 0; id < 3; id++)
		assert_ok(db_write(db, insert_large, &id));
	assert_err(store_run(db->store, TX_READ, &small, list_all, NULL), ERR_LIMIT);
	assert_ok(db_read(db, list_all, NULL));
}

static void queries_are_counted(void **state)
{
	struct db *db = *state;
	struct store_stats before, after;
	store_stats(db->store, &before);
	assert_ok(db_write(db, counts, NULL));
	store_stats(db->store, &after);
	assert_int_equal(after.queries - before.queries, 13);
	assert_int_equal(after.writes - before.writes, 1);
	assert_int_equal(after.commits - before.commits, 1);
	assert_int_equal(after.waiting, 0);
}

/* SQLite counts under one lock for all threads unless it is told not to before its first use, which is the migration's. */
static void memory_is_not_counted(void **state)
{
	(void)state;
	assert_int_equal(sqlite3_memory_used(), 0);
}

const struct CMUnitTest query_tests[] = {
	ON_SQLITE(memory_is_not_counted), /* first: nobody else has used SQLite yet */
	ON_BOTH(all_values_come_back),
	ON_BOTH(large_blob_and_absent_texts),
	ON_BOTH(not_found_is_no_failure),
	ON_BOTH(many_rows_in_order),
	ON_BOTH(changed_rows_are_counted),
	ON_BOTH(sums_and_truth_are_numbers),
	ON_BOTH(texts_sort_by_bytes),
	ON_BOTH(broken_texts_are_refused),
	ON_BOTH(defects_are_internal),
	ON_BOTH(answer_too_large_for_the_arena),
	ON_BOTH(queries_are_counted),
};
const size_t query_test_count = sizeof query_tests / sizeof *query_tests;

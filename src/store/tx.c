#include "store/engine.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdatomic.h>

/* What both engines do the same way around a query. */

struct tx *tx_failed(struct arena *arena, err why)
{
	struct tx *tx = arena_new(arena, struct tx);
	tx->arena = arena;
	tx->lost = why;
	return tx;
}

/* An answer may fill three quarters of the arena; the rest is for what is made of it. The arena
 * itself would end the process. */
static err check_room(const struct rows *rows, size_t bytes)
{
	const struct arena *arena = rows->tx->arena;
	size_t limit = arena->max - arena->max / 4;
	if (bytes > limit || arena->used > limit - bytes)
		return fail(ERR_LIMIT,
			"query %s: the answer is too large for the memory of the request",
			rows->query->name);
	return ok();
}

err rows_add(struct rows *rows, void **out_row)
{
	size_t size = rows->query->row_size;
	if (rows->n == rows->cap) {
		size_t cap = rows->cap ? rows->cap * 2 : rows->query->kind == SQL_ONE ? 1 : 8;
		TRY(check_room(rows, cap * size));
		char *v = arena_alloc_array(rows->tx->arena, cap, size);
		if (rows->n)
			memcpy(v, rows->v, rows->n * size);
		rows->v = v;
		rows->cap = cap;
	}
	*out_row = rows->v + rows->n++ * size;
	return ok();
}

err rows_set_bytes(struct rows *rows, void *row, size_t column, const void *p, size_t n)
{
	TRY(check_room(rows, n));
	struct str value = n ? str_dup(rows->tx->arena, str_make(p, n)) : STR("");
	memcpy((char *)row + rows->query->out[column].offset, &value, sizeof value);
	return ok();
}

void rows_set_i64(const struct rows *rows, void *row, size_t column, int64_t value)
{
	memcpy((char *)row + rows->query->out[column].offset, &value, sizeof value);
}

err rows_mismatch(const struct rows *rows, size_t column, const char *what)
{
	return fail(ERR_INTERNAL, "query %s, column %s: %s", rows->query->name,
		rows->query->out[column].name, what);
}

/* PostgreSQL refuses these texts and SQLite would keep them, so both refuse them here. */
static err check_values(const struct sql_query *query, const struct sql_value *values)
{
	for (size_t i = 0; i < query->in_count; i++) {
		struct str s = values[i].str;
		if (query->in[i].type == SQL_TEXT && s.n && (memchr(s.p, 0, s.n) || !utf8_valid(s)))
			return fail(ERR_INVALID, "query %s: %s is not UTF-8 without NUL",
				query->name, query->in[i].name);
	}
	return ok();
}

static err run(struct tx *tx, const struct sql_query *query, const struct sql_value *values,
	struct rows *rows, int64_t *changed)
{
	if (failed(tx->lost))
		return fail(
			tx->lost.code, "query %s: the transaction was lost before", query->name);
	if (!tx->rehearses)
		atomic_fetch_add_explicit(&tx->store->queries, 1, memory_order_relaxed);
	err result = check_values(query, values);
	if (!failed(result))
		result = tx->store->engine->query(tx, query, values, rows, changed);
	tx->lost = result;
	tx->last = query;
	return result;
}

err rows_unexpected(const struct sql_query *query, int64_t changed, int64_t expected)
{
	return fail(ERR_CONFLICT, "query %s: %lld rows changed instead of %lld", query->name, (long long)changed, (long long)expected);
}

err tx_expect(struct tx *tx, int64_t changed)
{
	if (failed(tx->lost))
		return fail(tx->lost.code, "the transaction was lost before");
	assert(tx->last && tx->last->kind == SQL_EXEC);
	return tx->lost = tx->store->engine->expect(tx, changed);
}

err tx_one(
	struct tx *tx, const struct sql_query *query, const struct sql_value *values, void *out_row)
{
	struct rows rows = {.tx = tx, .query = query};
	TRY(run(tx, query, values, &rows, NULL));
	if (rows.n == 0)
		return fail(ERR_NOT_FOUND, "query %s: no row", query->name);
	if (rows.n > 1)
		return tx->lost = fail(ERR_INTERNAL, "query %s: %zu rows instead of one",
			       query->name, rows.n);
	memcpy(out_row, rows.v, query->row_size);
	return ok();
}

err tx_many(struct tx *tx, const struct sql_query *query, const struct sql_value *values,
	void **out_rows, size_t *out_count)
{
	struct rows rows = {.tx = tx, .query = query};
	TRY(run(tx, query, values, &rows, NULL));
	*out_rows = rows.v;
	*out_count = rows.n;
	return ok();
}

err tx_exec(struct tx *tx, const struct sql_query *query, const struct sql_value *values,
	int64_t *out_changed)
{
	struct rows rows = {.tx = tx, .query = query};
	return run(tx, query, values, &rows, out_changed);
}

#include "store/pg_conn.h"
#include "store/pool.h"

#include <stdatomic.h>

/* The PostgreSQL engine: two pools, so that people who write never take the last connection of
 * those who read. */

#define REPEAT_MAX 8

struct pg_pool {
	struct pool pool;
	struct pg_conn *conns;
	size_t count;
};

struct pg_store {
	struct pg_pool pools[2]; /* by tx_mode */
};

static void pool_make(struct pg_pool *p, struct arena *memory, unsigned count)
{
	void **items = arena_array(memory, void *, count);
	p->conns = arena_array(memory, struct pg_conn, count);
	p->count = count;
	for (size_t i = 0; i < count; i++) {
		pg_conn_init(&p->conns[i], memory);
		items[i] = &p->conns[i];
	}
	pool_init(&p->pool, items, count);
}

static err pg_open(struct store *store)
{
	struct pg_store *s = store->data = arena_new(&store->memory, struct pg_store);
	pool_make(&s->pools[TX_READ], &store->memory, store->conf.readers);
	pool_make(&s->pools[TX_WRITE], &store->memory, store->conf.writers);
	return ok();
}

static void pg_close(struct store *store)
{
	struct pg_store *s = store->data;
	for (size_t k = 0; s && k < 2; k++) {
		for (size_t i = 0; i < s->pools[k].count; i++)
			pg_conn_close(&s->pools[k].conns[i]);
		pool_release(&s->pools[k].pool);
	}
}

err pg_version(struct store *store, int *out); /* pg_migrate.c */
err pg_migrate(const struct store_conf *conf, int to, int *out_version);

static err take(struct store *store, enum tx_mode mode, struct pg_conn **out)
{
	struct pg_store *s = store->data;
	void *item;
	TRY(pool_take(&s->pools[mode].pool, &item));
	err e = pg_conn_ready(item, &store->conf);
	if (failed(e))
		pool_give(&s->pools[mode].pool, item);
	else
		*out = item;
	return e;
}

static void give(struct store *store, enum tx_mode mode, struct pg_conn *conn)
{
	struct pg_store *s = store->data;
	pg_conn_abandon(conn);
	pool_give(&s->pools[mode].pool, conn);
}

static err attempt(
	struct store *store, struct pg_conn *conn, struct arena *arena, tx_fn *fn, void *arg)
{
	struct tx tx = {.store = store, .arena = arena, .mode = TX_WRITE, .conn = conn};
	TRY(pg_conn_ready(conn, &store->conf));
	err result = fn(&tx, arg);
	if (!failed(result) && failed(tx.lost))
		result = fail(tx.lost.code, "a query of the transaction has failed");
	if (!failed(result))
		result = pg_conn_commit(conn);
	if (failed(result))
		pg_conn_abandon(conn);
	return result;
}

static err pg_write(struct store *store, struct arena *arena, tx_fn *fn, void *arg)
{
	struct pg_conn *conn;
	atomic_fetch_add(&store->waiting, 1);
	err result = take(store, TX_WRITE, &conn);
	atomic_fetch_sub(&store->waiting, 1);
	TRY(result);
	result = attempt(store, conn, arena, fn, arg);
	for (unsigned n = 0; failed(result) && conn->repeat && n < REPEAT_MAX; n++) {
		atomic_fetch_add(&store->repeats, 1);
		backoff_wait(n);
		result = attempt(store, conn, arena, fn, arg);
	}
	give(store, TX_WRITE, conn);
	if (!failed(result)) {
		atomic_fetch_add(&store->commits, 1);
		atomic_fetch_add(&store->writes, 1);
	}
	return result;
}

static err pg_begin_read(struct tx *tx)
{
	struct pg_conn *conn;
	TRY(take(tx->store, TX_READ, &conn));
	tx->conn = conn;
	return ok();
}

static void pg_end_read(struct tx *tx)
{
	give(tx->store, TX_READ, tx->conn);
}

static err pg_query(struct tx *tx, const struct sql_query *query, const struct sql_value *values,
	struct rows *rows, int64_t *changed)
{
	struct pg_conn *conn = tx->conn;
	TRY(pg_conn_send(conn, tx->mode, query, values));
	if (tx->mode == TX_WRITE && query->kind == SQL_EXEC && !changed)
		return ok(); /* its answer comes with that of the next */
	return pg_conn_read(conn, rows, changed);
}

static err pg_expect(struct tx *tx, int64_t changed)
{
	pg_conn_expect(tx->conn, changed);
	return ok();
}

static err pg_prepare(struct tx *tx, const struct sql_query *query)
{
	return pg_conn_check(tx->conn, query);
}

const struct engine engine_pg = {
	.url_prefixes = {"postgresql://", "postgres://", NULL},
	.local = false,
	.open = pg_open,
	.close = pg_close,
	.version = pg_version,
	.write = pg_write,
	.begin_read = pg_begin_read,
	.end_read = pg_end_read,
	.query = pg_query,
	.expect = pg_expect,
	.prepare = pg_prepare,
	.migrate = pg_migrate,
};

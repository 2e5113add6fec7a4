#include "store/sqlite_writer.h"

#include <errno.h>

/* The SQLite engine: a writer with its queue, a pool of readers, a thread for checkpoints. */

struct sqlite_store {
	struct writer writer;
	struct checkpoint checkpoint;
	struct pool readers;
	struct sqlite_conn *conns; /* all readers; opened at their first use */
	size_t conn_count;
};

static struct sqlite_store *make(struct store *store)
{
	struct sqlite_store *s = arena_new(&store->memory, struct sqlite_store);
	void **items = arena_array(&store->memory, void *, store->conf.readers);
	s->conns = arena_array(&store->memory, struct sqlite_conn, store->conf.readers);
	s->conn_count = store->conf.readers;
	for (size_t i = 0; i < s->conn_count; i++) {
		sqlite_conn_init(&s->conns[i], &store->memory);
		items[i] = &s->conns[i];
	}
	pool_init(&s->readers, items, s->conn_count);
	checkpoint_init(&s->checkpoint, store, &s->readers);
	writer_init(&s->writer, store, &s->checkpoint);
	return s;
}

/* SQLite would make an empty database of a wrong path; and of a read-only one it would complain at
 * the first write. */
static err check_file(struct str path)
{
	char name[4096];
	snprintf(name, sizeof name, STR_FMT, STR_ARG(path));
	if (access(name, R_OK | W_OK) == 0)
		return ok();
	if (errno == ENOENT)
		return fail(ERR_CONFLICT, "there is no database at %s: run 'admin migrate'", name);
	return fail(ERR_UNAVAILABLE, "%s cannot be read and written by this user: %s", name,
		strerror(errno));
}

static err check_wal(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, "PRAGMA journal_mode=WAL", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	bool wal = rc == SQLITE_ROW &&
		   str_eq(str_of((const char *)sqlite3_column_text(stmt, 0)), STR("wal"));
	sqlite3_finalize(stmt);
	if (rc != SQLITE_ROW)
		return sqlite_error(db, rc, "journal_mode=WAL");
	return wal ? ok()
		   : fail(ERR_UNAVAILABLE, "sqlite: this file or file system cannot have a WAL");
}

static err sqlite_open(struct store *store)
{
	TRY(check_file(engine_path(store->conf.url)));
	struct sqlite_store *s = store->data = make(store);
	TRY(writer_open(&s->writer));
	TRY(check_wal(s->writer.conn.db));
	return checkpoint_start(&s->checkpoint, store);
}

static void sqlite_close(struct store *store)
{
	struct sqlite_store *s = store->data;
	if (!s)
		return;
	checkpoint_release(&s->checkpoint);
	for (size_t i = 0; i < s->conn_count; i++)
		sqlite_conn_close(&s->conns[i]);
	writer_release(&s->writer); /* the last one carries over what is in the WAL */
	pool_release(&s->readers);
}

static err sqlite_version(struct store *store, int *out)
{
	struct sqlite_store *s = store->data;
	int64_t exists = 0, version = 0;
	TRY(sqlite_number(s->writer.conn.db,
		"SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'", 0, &exists));
	if (exists)
		TRY(sqlite_number(
			s->writer.conn.db, "SELECT max(version) FROM schema_version", 0, &version));
	*out = (int)version;
	return ok();
}

static err sqlite_write(struct store *store, struct arena *arena, tx_fn *fn, void *arg)
{
	struct sqlite_store *s = store->data;
	return writer_run(&s->writer, arena, fn, arg);
}

static err sqlite_begin_read(struct tx *tx)
{
	struct sqlite_store *s = tx->store->data;
	void *item;
	TRY(pool_take(&s->readers, &item));
	struct sqlite_conn *conn = item;
	err result = conn->db ? ok() : sqlite_conn_open(conn, tx->store, CONN_READER);
	if (!failed(result))
		result = sqlite_conn_do(conn, DO_BEGIN_READ);
	if (failed(result))
		pool_give(&s->readers, conn);
	else
		tx->conn = conn;
	return result;
}

static void sqlite_end_read(struct tx *tx)
{
	struct sqlite_store *s = tx->store->data;
	struct sqlite_conn *conn = tx->conn;
	/* A connection that cannot end its transaction would show old data for ever. */
	if (failed(sqlite_conn_do(conn, DO_COMMIT)))
		sqlite_conn_close(conn);
	pool_give(&s->readers, conn);
}

static err sqlite_query(struct tx *tx, const struct sql_query *query,
	const struct sql_value *values, struct rows *rows, int64_t *changed)
{
	return sqlite_conn_query(tx->conn, query, values, rows, changed);
}

static err sqlite_expect(struct tx *tx, int64_t expected)
{
	const struct sqlite_conn *conn = tx->conn;
	int64_t changed = sqlite3_changes64(conn->db);
	return changed == expected ? ok() : rows_unexpected(tx->last, changed, expected);
}

/* sqlgen has compared names and types with the schema. */
static err sqlite_prepare(struct tx *tx, const struct sql_query *query)
{
	sqlite3_stmt *stmt;
	return sqlite_conn_prepare(tx->conn, query, &stmt);
}

err sqlite_migrate(const struct store_conf *conf, int to, int *out_version); /* sqlite_migrate.c */

const struct engine engine_sqlite = {
	.url_prefixes = {"sqlite:", NULL},
	.local = true,
	.open = sqlite_open,
	.close = sqlite_close,
	.version = sqlite_version,
	.write = sqlite_write,
	.begin_read = sqlite_begin_read,
	.end_read = sqlite_end_read,
	.query = sqlite_query,
	.expect = sqlite_expect,
	.prepare = sqlite_prepare,
	.migrate = sqlite_migrate,
};

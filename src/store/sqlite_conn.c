#include "store/sqlite_conn.h"

#include <pthread.h>

static const char *const verbs[DO_COUNT] = {
	[DO_BEGIN_READ] = "BEGIN",
	[DO_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[DO_SAVE] = "SAVEPOINT one",
	[DO_RELEASE] = "RELEASE one",
	[DO_BACK] = "ROLLBACK TO one",
	[DO_COMMIT] = "COMMIT",
	[DO_ROLLBACK] = "ROLLBACK",
};

static enum err_code error_code(sqlite3 *db, int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
		/* NOT NULL, CHECK and types are defects of ours; only these two depend on what
		 * others do. */
		return rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
				       rc == SQLITE_CONSTRAINT_ROWID ||
				       rc == SQLITE_CONSTRAINT_FOREIGNKEY
			       ? ERR_CONFLICT
			       : ERR_INTERNAL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_RETRY;
	case SQLITE_READONLY:
		/* A write in a read transaction is a defect; a disk that has become read-only is
		 * not. */
		return sqlite3_db_readonly(db, "main") == 0 && rc == SQLITE_READONLY
			       ? ERR_INTERNAL
			       : ERR_UNAVAILABLE;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_NOMEM:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_PROTOCOL:
		return ERR_UNAVAILABLE;
	default:
		return ERR_INTERNAL;
	}
}

err sqlite_error(sqlite3 *db, int rc, const char *what)
{
	int last = db ? sqlite3_extended_errcode(db) : rc,
	    extended = (last & 0xff) == (rc & 0xff) ? last : rc;
	return fail(error_code(db, extended), "sqlite: %s: %s (%d)", what,
		db ? sqlite3_errmsg(db) : sqlite3_errstr(rc), extended);
}

err sqlite_exec(sqlite3 *db, const char *sql)
{
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? ok() : sqlite_error(db, rc, sql);
}

err sqlite_number(sqlite3 *db, const char *sql, int64_t otherwise, int64_t *out)
{
	sqlite3_stmt *stmt = NULL;
	int64_t number = otherwise;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		number = sqlite3_column_int64(stmt, 0);
	err result = rc == SQLITE_ROW || rc == SQLITE_DONE ? ok() : sqlite_error(db, rc, sql);
	sqlite3_finalize(stmt);
	if (!failed(result))
		*out = number;
	return result;
}

/* SQLite counts its memory under one lock for all threads unless told not to. */
static void set_up_library(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS,
		0); /* refused, and without harm, when another has used SQLite before */
}

err sqlite_open_file(struct str path, sqlite3 **out)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	char name[4096];
	if (path.n >= sizeof name)
		return fail(ERR_INVALID, "the path of the database is too long");
	snprintf(name, sizeof name, STR_FMT, STR_ARG(path));
	pthread_once(&once, set_up_library);
	int rc = sqlite3_open_v2(name, out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	return rc == SQLITE_OK ? ok() : sqlite_error(*out, rc, name);
}

void sqlite_conn_init(struct sqlite_conn *conn, struct arena *memory)
{
	*conn = (struct sqlite_conn){
		.queries = arena_array(memory, sqlite3_stmt *, sql_catalog.query_count)};
}

/* Settings that SQLite keeps for each connection anew. */
static err configure(sqlite3 *db, const struct store *store, enum sqlite_role role)
{
	char cache[64];
	snprintf(cache, sizeof cache, "PRAGMA cache_size=-%u", store->conf.cache_kib);
	sqlite3_extended_result_codes(db, 1);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	/* For the lock of another program; and of a reader, for one that repairs the WAL after a
	 * crash. */
	sqlite3_busy_timeout(db, SQLITE_WAIT_MS);
	TRY(sqlite_exec(db,
		"PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0; "
		"PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY"));
	TRY(sqlite_exec(db, cache));
	return role == CONN_READER ? sqlite_exec(db, "PRAGMA query_only=ON") : ok();
}

err sqlite_conn_open(struct sqlite_conn *conn, const struct store *store, enum sqlite_role role)
{
	err result = sqlite_open_file(engine_path(store->conf.url), &conn->db);
	if (!failed(result))
		result = configure(conn->db, store, role);
	if (failed(result))
		sqlite_conn_close(conn);
	return result;
}

void sqlite_conn_close(struct sqlite_conn *conn)
{
	for (size_t i = 0; i < DO_COUNT; i++) {
		sqlite3_finalize(conn->verbs[i]);
		conn->verbs[i] = NULL;
	}
	for (size_t i = 0; i < sql_catalog.query_count; i++) {
		sqlite3_finalize(conn->queries[i]);
		conn->queries[i] = NULL;
	}
	sqlite3_close(conn->db);
	conn->db = NULL;
}

static err prepare(sqlite3 *db, const char *sql, const char *name, sqlite3_stmt **stmt)
{
	if (*stmt)
		return ok();
	int rc = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	return rc == SQLITE_OK ? ok() : sqlite_error(db, rc, name);
}

err sqlite_conn_do(struct sqlite_conn *conn, enum sqlite_verb verb)
{
	TRY(prepare(conn->db, verbs[verb], verbs[verb], &conn->verbs[verb]));
	int rc = sqlite3_step(conn->verbs[verb]);
	err result = rc == SQLITE_DONE ? ok() : sqlite_error(conn->db, rc, verbs[verb]);
	sqlite3_reset(conn->verbs[verb]);
	return result;
}

err sqlite_conn_prepare(struct sqlite_conn *conn, const struct sql_query *query, sqlite3_stmt **out)
{
	TRY(prepare(conn->db, query->sqlite, query->name, &conn->queries[query->index]));
	*out = conn->queries[query->index];
	return ok();
}

/* The values stay where they are until the statement is reset, so nothing is copied. */
static int bind(sqlite3_stmt *stmt, const struct sql_query *query, const struct sql_value *values)
{
	int rc = SQLITE_OK;
	for (size_t i = 0; i < query->in_count && rc == SQLITE_OK; i++) {
		const char *p = values[i].str.p ? values[i].str.p : "";
		int at = (int)i + 1;
		if (query->in[i].type == SQL_I64)
			rc = sqlite3_bind_int64(stmt, at, values[i].i64);
		else if (query->in[i].type == SQL_TEXT)
			rc = sqlite3_bind_text64(
				stmt, at, p, values[i].str.n, SQLITE_STATIC, SQLITE_UTF8);
		else
			rc = sqlite3_bind_blob64(stmt, at, p, values[i].str.n, SQLITE_STATIC);
	}
	return rc;
}

static err read_row(sqlite3_stmt *stmt, struct rows *rows)
{
	static const int wanted[SQL_TYPE_COUNT] = {
		[SQL_I64] = SQLITE_INTEGER,
		[SQL_TEXT] = SQLITE_TEXT,
		[SQL_BLOB] = SQLITE_BLOB,
	};
	void *row;
	TRY(rows_add(rows, &row));
	for (size_t i = 0; i < rows->query->out_count; i++) {
		enum sql_type type = rows->query->out[i].type;
		/* Once for what is asked of it: each sqlite3_column_… looks it up anew. The connection is this thread's alone. */
		sqlite3_value *value = sqlite3_column_value(stmt, (int)i);
		int found = sqlite3_value_type(value);
		if (found != wanted[type])
			return rows_mismatch(rows, i,
				found == SQLITE_NULL ? "NULL" : "not of the declared type");
		if (type == SQL_I64) {
			rows_set_i64(rows, row, i, sqlite3_value_int64(value));
			continue;
		}
		const void *p = sqlite3_value_blob(value);
		TRY(rows_set_bytes(rows, row, i, p, (size_t)sqlite3_value_bytes(value)));
	}
	return ok();
}

static err step_all(struct sqlite_conn *conn, sqlite3_stmt *stmt, const struct sql_query *query,
	struct rows *rows, int64_t *changed)
{
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		TRY(read_row(stmt, rows));
	if (rc != SQLITE_DONE)
		return sqlite_error(conn->db, rc, query->name);
	if (changed)
		*changed = sqlite3_changes64(conn->db);
	return ok();
}

err sqlite_conn_query(struct sqlite_conn *conn, const struct sql_query *query,
	const struct sql_value *values, struct rows *rows, int64_t *changed)
{
	sqlite3_stmt *stmt;
	TRY(sqlite_conn_prepare(conn, query, &stmt));
	int rc = bind(stmt, query, values);
	err result = rc == SQLITE_OK ? step_all(conn, stmt, query, rows, changed)
				     : sqlite_error(conn->db, rc, query->name);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return result;
}

#ifndef STORE_SQLITE_CONN_H
#define STORE_SQLITE_CONN_H

#include "store/engine.h"

#include <sqlite3.h>

/*
 * One SQLite connection: used by one thread at a time (opened without SQLite's own locks), with
 * WAL, synchronous=FULL, foreign keys on, automatic checkpoints off, and its prepared statements
 * kept until it is closed.
 */

/* How long another program may hold the database before the call answers RETRY. */
#define SQLITE_WAIT_MS 5000

enum sqlite_role {
	CONN_READER, /* query_only: refuses to write */
	CONN_WRITER,
	CONN_COUNT
};

/* Statements of the engine itself. */
enum sqlite_verb {
	DO_BEGIN_READ,
	DO_BEGIN_WRITE,
	DO_SAVE,    /* a savepoint */
	DO_RELEASE, /* keeps what was done since the savepoint */
	DO_BACK,    /* undoes it */
	DO_COMMIT,
	DO_ROLLBACK,
	DO_COUNT
};

struct sqlite_conn {
	sqlite3 *db; /* NULL: not open */
	sqlite3_stmt *verbs[DO_COUNT];
	sqlite3_stmt **queries; /* by index in the catalog; NULL: not prepared */
};

/* Every connection begins here. *out is to be closed even after an error, and may be NULL. */
err sqlite_open_file(struct str path, sqlite3 **out);

/* Reserves the table of statements; opens nothing. */
void sqlite_conn_init(struct sqlite_conn *conn, struct arena *memory);
/* CONFLICT: no such file. */
err sqlite_conn_open(struct sqlite_conn *conn, const struct store *store, enum sqlite_role role);
void sqlite_conn_close(struct sqlite_conn *conn); /* a closed one is accepted */

err sqlite_conn_do(struct sqlite_conn *conn, enum sqlite_verb verb);
err sqlite_conn_prepare(
	struct sqlite_conn *conn, const struct sql_query *query, sqlite3_stmt **out);
err sqlite_conn_query(struct sqlite_conn *conn, const struct sql_query *query,
	const struct sql_value *values, struct rows *rows, int64_t *changed);

/* In the store's terms; `what` says what was tried. */
err sqlite_error(sqlite3 *db, int rc, const char *what);
/* Constant SQL of the engine: pragmas, schema_version, steps of a migration. */
err sqlite_exec(sqlite3 *db, const char *sql);
/* A statement of the engine with one number as its answer; `otherwise` without row. */
err sqlite_number(sqlite3 *db, const char *sql, int64_t otherwise, int64_t *out);

#endif

#include "raw_store.h"

#include "base/time.h"

#include <sqlite3.h>

static sqlite3 *db;

static void must(int rc, const char *what)
{
	if (rc != SQLITE_OK && rc != SQLITE_ROW && rc != SQLITE_DONE)
		raw_die(what, sqlite3_errmsg(db));
}

static void execute(const char *sql)
{
	must(sqlite3_exec(db, sql, NULL, NULL, NULL), sql);
}

static void open_file(const char *url)
{
	must(sqlite3_open_v2(url + strlen("sqlite:"), &db,
		     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL),
		url);
	/* The page cache as large as the program's default; checkpoints as SQLite makes them. */
	execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8192");
}

static struct raw_table ask(const char *sql)
{
	char **all;
	int rows, columns;

	must(sqlite3_get_table(db, sql, &all, &rows, &columns, NULL), sql);
	return (struct raw_table){all + columns, (size_t)rows, (size_t)columns};
}

static sqlite3_stmt *prepare(const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	must(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL), sql);
	return stmt;
}

static void step(sqlite3_stmt *stmt, const char *what)
{
	int rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		;
	must(rc, what);
	sqlite3_reset(stmt);
}

static void bind(sqlite3_stmt *stmt, const struct raw_statement *statement,
	const struct raw_submission *submission)
{
	for (size_t i = 0; i < statement->query->in_count; i++) {
		const struct sql_value *value = raw_value(submission, statement, i);
		enum sql_type type = statement->query->in[i].type;
		int at = (int)i + 1;

		if (type == SQL_I64)
			sqlite3_bind_int64(stmt, at, value->i64);
		else if (type == SQL_TEXT)
			sqlite3_bind_text64(
				stmt, at, value->str.p, value->str.n, SQLITE_STATIC, SQLITE_UTF8);
		else
			sqlite3_bind_blob64(stmt, at, value->str.p, value->str.n, SQLITE_STATIC);
	}
}

static void run(const struct raw_plan *plan, struct raw_submission *submissions, size_t count,
	size_t clients)
{
	sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE"), *commit = prepare("COMMIT");
	sqlite3_stmt *statements[RAW_STATEMENTS_MAX];

	for (size_t s = 0; s < plan->n; s++)
		statements[s] = prepare(plan->v[s].query->sqlite);
	for (size_t first = 0; first < count; first += clients) {
		size_t end = first + clients < count ? first + clients : count;
		int64_t from = time_monotonic_us();

		step(begin, "begin");
		for (size_t i = first; i < end; i++) {
			for (size_t s = 0; s < plan->n; s++) {
				bind(statements[s], &plan->v[s], &submissions[i]);
				step(statements[s], plan->v[s].query->name);
			}
		}
		step(commit, "commit");
		for (size_t i = first; i < end; i++)
			submissions[i].us = time_monotonic_us() - from;
	}
}

const struct raw_engine raw_sqlite = {.open = open_file, .ask = ask, .run = run};

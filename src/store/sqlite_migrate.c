#include "store/sqlite_conn.h"
#include "base/auto.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>

/* Each step in an exclusive transaction, in which the version is read again: of two hosts or
 * processes one does it. */

#define LOCK_WAIT_MS 60000

err sqlite_migrate(const struct store_conf *conf, int to, int *out_version);

static void close_db(sqlite3 **db)
{
	sqlite3_close(*db);
}

/* The file is made here and not by SQLite, so that nobody else on the machine can read it for a
 * moment. */
static err make_file(const char *path)
{
	AUTO_FD int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return fd >= 0 ? ok()
		       : fail(ERR_UNAVAILABLE, "%s cannot be made or written: %s", path,
				 strerror(errno));
}

/* Where another program that starts at this moment holds the write lock of a file that is not yet
 * in WAL, SQLite answers BUSY at once and does not wait as busy_timeout asks: two that both held a
 * part of the lock would wait for each other for ever. */
static err use_wal(sqlite3 *db)
{
	static const char *const sql = "PRAGMA journal_mode=WAL";
	int64_t until = time_monotonic() + LOCK_WAIT_MS;
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	for (unsigned n = 0; (rc & 0xff) == SQLITE_BUSY && time_monotonic() < until; n++) {
		backoff_wait(n);
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	}
	return rc == SQLITE_OK ? ok() : sqlite_error(db, rc, sql);
}

static err open_db(const struct store_conf *conf, sqlite3 **out)
{
	struct str path = engine_path(conf->url);
	char name[4096];
	if (path.n >= sizeof name)
		return fail(ERR_INVALID, "the path of the database is too long");
	snprintf(name, sizeof name, STR_FMT, STR_ARG(path));
	TRY(make_file(name));
	TRY(sqlite_open_file(path, out));
	sqlite3_extended_result_codes(*out, 1);
	sqlite3_busy_timeout(*out, LOCK_WAIT_MS);
	/* A step may rebuild a table that others refer to: references are checked at the end of the
	 * step instead. */
	TRY(use_wal(*out));
	return sqlite_exec(*out, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF");
}

static err read_version(sqlite3 *db, int *out)
{
	int64_t version = 0;
	TRY(sqlite_exec(db, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY "
			    "KEY, name TEXT NOT NULL) STRICT"));
	TRY(sqlite_number(db, "SELECT max(version) FROM schema_version", 0, &version));
	*out = (int)version;
	return ok();
}

static err note_version(sqlite3 *db, const struct sql_migration *step)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(
		db, "INSERT INTO schema_version (version, name) VALUES (?1, ?2)", -1, &stmt, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_int(stmt, 1, step->version);
		sqlite3_bind_text(stmt, 2, step->name, -1, SQLITE_STATIC);
		rc = sqlite3_step(stmt);
	}
	err result = rc == SQLITE_DONE ? ok() : sqlite_error(db, rc, step->name);
	sqlite3_finalize(stmt);
	return result;
}

static err run_step(sqlite3 *db, const struct sql_migration *step)
{
	int64_t broken = 0;
	for (const char *const *sql = step->sqlite; *sql; sql++) {
		err result = sqlite_exec(db, *sql);
		if (failed(result))
			return fail(result.code, "migration %s: %s", step->name, err_detail());
	}
	TRY(sqlite_number(db, "SELECT count(*) FROM pragma_foreign_key_check", 0, &broken));
	if (broken)
		return fail(ERR_CONFLICT, "migration %s leaves %lld references to nothing",
			step->name, (long long)broken);
	return note_version(db, step);
}

/* *more is false when the schema has reached `to`. */
static err next_step(sqlite3 *db, int to, int *version, bool *more)
{
	TRY(sqlite_exec(db, "BEGIN EXCLUSIVE"));
	err result = read_version(db, version);
	*more = !failed(result) && *version < to;
	if (*more)
		result = run_step(db, &sql_catalog.migrations[*version]);
	if (!failed(result))
		result = sqlite_exec(db, "COMMIT");
	if (failed(result) && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL,
			NULL); /* closing would do it too; the first error is the one to tell */
	return result;
}

err sqlite_migrate(const struct store_conf *conf, int to, int *out_version)
{
	__attribute__((cleanup(close_db))) sqlite3 *db = NULL;
	int version = 0;
	bool more = true;
	TRY(open_db(conf, &db));
	while (more)
		TRY(next_step(db, to, &version, &more));
	if (version > (int)sql_catalog.migration_count)
		return version_check(version);
	*out_version = version;
	return ok();
}

#include "store/pg_conn.h"

/* The schema of a PostgreSQL database: one host at a time, by an advisory lock that ends with the
 * connection. */

#define AUTO_PG __attribute__((cleanup(finish))) PGconn

err pg_version(struct store *store, int *out);
err pg_migrate(const struct store_conf *conf, int to, int *out_version);

static void finish(PGconn **pg)
{
	PQfinish(*pg);
}

/* Constant SQL of the engine. The first field of the first row goes to *out, when both are there.
 */
static err run(PGconn *pg, const char *sql, const char *what, struct str *out, struct arena *arena)
{
	AUTO_RESULT *result = PQexec(pg, sql);
	ExecStatusType status = PQresultStatus(result);
	bool repeat;
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return pg_error(pg, result, what, &repeat);
	if (out && PQntuples(result) > 0)
		*out = str_dup(arena, str_of(PQgetvalue(result, 0, 0)));
	return ok();
}

/* Texts must compare by their bytes, as on SQLite. */
static err check_database(PGconn *pg, struct arena *arena)
{
	static const char *const collations[] = {"C", "POSIX", "C.UTF-8", "C.utf8"};
	struct str encoding = STR(""), collation = STR("");
	TRY(run(pg, "SHOW server_encoding", "encoding", &encoding, arena));
	TRY(run(pg, "SELECT datcollate FROM pg_database WHERE datname = current_database()",
		"collation", &collation, arena));
	if (!str_eq(encoding, STR("UTF8")))
		return fail(ERR_CONFLICT, "the database has encoding %.*s, but must have UTF8",
			STR_ARG(encoding));
	for (size_t i = 0; i < sizeof collations / sizeof *collations; i++)
		if (str_eq(collation, str_of(collations[i])))
			return ok();
	return fail(ERR_CONFLICT,
		"the database has collation %.*s, but must have C: CREATE DATABASE … TEMPLATE "
		"template0 "
		"LC_COLLATE 'C' LC_CTYPE 'C'",
		STR_ARG(collation));
}

static err read_version(PGconn *pg, struct arena *arena, int *out)
{
	struct str text = STR("0");
	int64_t version = 0;
	TRY(run(pg, "SELECT coalesce(to_regclass('schema_version')::text, '')", "schema_version",
		&text, arena));
	if (text.n == 0)
		text = STR("0");
	else
		TRY(run(pg, "SELECT coalesce(max(version), 0) FROM schema_version",
			"schema_version", &text, arena));
	if (!str_to_i64(text, &version) || version < 0 || version > 9999)
		return fail(ERR_CONFLICT, "schema_version holds no version of ours");
	*out = (int)version;
	return ok();
}

static err read_state(const struct store_conf *conf, struct arena *arena, int *out)
{
	AUTO_PG *pg = NULL;
	TRY(pg_connect(conf, &pg));
	TRY(check_database(pg, arena));
	return read_version(pg, arena, out);
}

err pg_version(struct store *store, int *out)
{
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	return read_state(&store->conf, &arena, out);
}

static err note_version(PGconn *pg, const struct sql_migration *step)
{
	char number[16];
	bool repeat;
	snprintf(number, sizeof number, "%d", step->version);
	const char *values[] = {number, step->name};
	AUTO_RESULT *result = PQexecParams(pg,
		"INSERT INTO schema_version (version, name) VALUES ($1::bigint, $2)", 2, NULL,
		values, NULL, NULL, 0);
	return PQresultStatus(result) == PGRES_COMMAND_OK
		       ? ok()
		       : pg_error(pg, result, step->name, &repeat);
}

static err run_step(PGconn *pg, const struct sql_migration *step)
{
	TRY(run(pg, "BEGIN", "BEGIN", NULL, NULL));
	for (const char *const *sql = step->pg; *sql; sql++)
		TRY(run(pg, *sql, step->name, NULL, NULL));
	TRY(note_version(pg, step));
	return run(pg, "COMMIT", "COMMIT", NULL, NULL);
}

/* The number of the lock is the word "schema" as bytes. A step may take long, so the waiting may
 * too. */
static const char lock_sql[] = "SET lock_timeout = '10min'; SET statement_timeout = 0; "
			       "SELECT pg_advisory_lock(126870790434145)";

static err migrate(PGconn *pg, struct arena *arena, int to, int *out_version)
{
	int version = 0;
	TRY(check_database(pg, arena));
	TRY(run(pg, lock_sql, "lock for migration", NULL, NULL));
	TRY(run(pg,
		"CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, name TEXT "
		"NOT NULL)",
		"schema_version", NULL, NULL));
	TRY(read_version(pg, arena, &version));
	for (; version < to; version++)
		TRY(run_step(pg, &sql_catalog.migrations[version]));
	if (version > (int)sql_catalog.migration_count)
		return version_check(version);
	*out_version = version;
	return ok();
}

err pg_migrate(const struct store_conf *conf, int to, int *out_version)
{
	AUTO_PG *pg = NULL;
	AUTO_ARENA arena;
	arena_init(&arena, 1u << 20);
	TRY(pg_connect(conf, &pg));
	return migrate(pg, &arena, to, out_version);
}

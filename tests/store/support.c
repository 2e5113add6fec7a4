#include "support.h"

#include "base/buf.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>

static atomic_int next_schema;

static const char *cluster(void)
{
	const char *url = getenv("STORE_TEST_PG_URL");
	if (!url)
		give_up("STORE_TEST_PG_URL is not set\n");
	return url;
}

void need_cluster(char **argv)
{
	if (getenv("STORE_TEST_PG_URL"))
		return;
	execl(WITH_PG, WITH_PG, argv[0], (char *)NULL);
	perror(WITH_PG);
	exit(1);
}

static struct db *make(bool is_pg)
{
	struct db *db = calloc(1, sizeof *db);
	assert_non_null(db);
	arena_init(&db->arena, 16u << 20);
	db->is_pg = is_pg;
	return db;
}

int db_empty_sqlite(void **state)
{
	struct db *db = make(false);
	snprintf(db->dir, sizeof db->dir, "/tmp/store-test.XXXXXX");
	assert_non_null(mkdtemp(db->dir));
	assert_int_equal(chmod(db->dir, 0755), 0);
	snprintf(db->path, sizeof db->path, "%s/test.db", db->dir);
	snprintf(db->url, sizeof db->url, "sqlite:%s", db->path);
	db->conf = (struct store_conf){.url = str_of(db->url), .readers = 4};
	*state = db;
	return 0;
}

int db_empty_pg(void **state)
{
	struct db *db = make(true);
	char sql[64];
	snprintf(db->schema, sizeof db->schema, "t%d_%d", (int)getpid(), next_schema++);
	snprintf(db->url, sizeof db->url, "%s", cluster());
	db->conf.url = str_of(db->url);
	snprintf(sql, sizeof sql, "CREATE SCHEMA %s", db->schema);
	db_exec(db, sql);
	snprintf(db->url, sizeof db->url, "%s%coptions=-csearch_path%%3D%s", cluster(),
		strchr(cluster(), '?') ? '&' : '?', db->schema);
	db->conf = (struct store_conf){.url = str_of(db->url), .readers = 4, .writers = 8};
	*state = db;
	return 0;
}

void db_open(struct db *db)
{
	int version = 0;
	assert_ok(store_migrate(&db->conf, &version));
	assert_int_equal(version, sql_catalog.migration_count);
	assert_ok(store_open(&db->conf, &db->store));
}

void db_close(struct db *db)
{
	store_close(db->store);
	db->store = NULL;
}

int db_setup_sqlite(void **state)
{
	db_empty_sqlite(state);
	db_open(*state);
	return 0;
}

int db_setup_pg(void **state)
{
	db_empty_pg(state);
	db_open(*state);
	return 0;
}

int db_teardown(void **state)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	struct db *db = *state;
	char name[256];
	db_close(db);
	if (db->is_pg) {
		snprintf(name, sizeof name, "DROP SCHEMA %s CASCADE", db->schema);
		db_exec(db, name);
	}
	for (size_t i = 0; i < 3 && !db->is_pg; i++) {
		snprintf(name, sizeof name, "%s%s", db->path, suffixes[i]);
		unlink(name);
	}
	if (!db->is_pg)
		assert_int_equal(rmdir(db->dir), 0);
	arena_release(&db->arena);
	free(db);
	return 0;
}

static void dump_pg(const struct db *db, const char *sql, struct buf *out)
{
	PGconn *pg = PQconnectdb(db->url);
	PQclear(PQexec(pg, "SET client_min_messages = 'error'"));
	PGresult *result = PQexec(pg, sql);
	ExecStatusType status = PQresultStatus(result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		give_up("%s: %s\n", sql, PQerrorMessage(pg));
	for (int r = 0; r < PQntuples(result); r++)
		for (int c = 0; c < PQnfields(result); c++)
			buf_fmt(out, "%s%s", PQgetvalue(result, r, c),
				c + 1 < PQnfields(result) ? "|" : "\n");
	PQclear(result);
	PQfinish(pg);
}

static void dump_sqlite(const struct db *db, const char *sql, struct buf *out)
{
	sqlite3 *lite = NULL;
	sqlite3_stmt *stmt = NULL;
	int rc;
	assert_int_equal(sqlite3_open_v2(db->path, &lite, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(lite, 5000);
	if (sqlite3_prepare_v2(lite, sql, -1, &stmt, NULL) != SQLITE_OK)
		give_up("%s: %s\n", sql, sqlite3_errmsg(lite));
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		for (int c = 0; c < sqlite3_column_count(stmt); c++)
			buf_fmt(out, "%s%s", (const char *)sqlite3_column_text(stmt, c),
				c + 1 < sqlite3_column_count(stmt) ? "|" : "\n");
	if (rc != SQLITE_DONE)
		give_up("%s: %s\n", sql, sqlite3_errmsg(lite));
	sqlite3_finalize(stmt);
	sqlite3_close(lite);
}

static struct str dump(const struct db *db, struct arena *arena, const char *sql)
{
	struct buf out;
	buf_init(&out, arena, 1u << 20);
	if (db->is_pg)
		dump_pg(db, sql, &out);
	else
		dump_sqlite(db, sql, &out);
	return buf_view(&out);
}

void db_exec(const struct db *db, const char *sql)
{
	AUTO_ARENA arena;
	arena_init(&arena, 4u << 20);
	dump(db, &arena, sql);
}

int64_t db_number(const struct db *db, const char *sql)
{
	AUTO_ARENA arena;
	int64_t number = 0;
	arena_init(&arena, 4u << 20);
	assert_true(str_to_i64(str_trim(dump(db, &arena, sql)), &number));
	return number;
}

const char *db_dump(struct db *db, const char *sql)
{
	return str_c(&db->arena, dump(db, &db->arena, sql));
}

err db_write(struct db *db, tx_fn *fn, void *arg)
{
	return store_run(db->store, TX_WRITE, &db->arena, fn, arg);
}

err db_read(struct db *db, tx_fn *fn, void *arg)
{
	return store_run(db->store, TX_READ, &db->arena, fn, arg);
}

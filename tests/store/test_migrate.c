#include "tests.h"

#include "queries.h"

#include <pthread.h>
#include <sqlite3.h>
#include <sys/stat.h>

/* The schema: from nothing, step by step, by many at once, and what store_open says of a wrong one.
 */

static const char *schema_of(struct db *db)
{
	if (!db->is_pg)
		return db_dump(db,
			"SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
	return db_dump(db, "SELECT table_name, column_name, data_type, is_nullable, column_default "
			   "FROM information_schema.columns WHERE table_schema = current_schema() "
			   "ORDER BY table_name, ordinal_position");
}

static const char *rows_of(struct db *db)
{
	return db_dump(db, "SELECT version, name FROM schema_version ORDER BY version");
}

static int migrate(struct db *db, int to)
{
	int version = -1;
	assert_ok(store_migrate_to(&db->conf, to, &version));
	return version;
}

static void refused(struct db *db, const char *words)
{
	struct store *store = NULL;
	assert_err(store_open(&db->conf, &store), ERR_CONFLICT);
	assert_null(store);
	assert_non_null(strstr(err_detail(), words));
}

static void by_steps_is_as_from_nothing(void **state)
{
	struct db *db = *state;
	struct db *other;
	void *fresh;
	refused(db, db->is_pg ? "no schema yet" : "there is no database");
	for (int to = 1; to <= 3; to++) {
		assert_int_equal(migrate(db, to), to);
		assert_int_equal(migrate(db, to), to); /* again: nothing happens */
		if (to == 2)
			db_exec(db, "INSERT INTO item (id, name) VALUES (7, 'seven')");
		if (to < 3)
			refused(db, "run 'admin migrate'");
	}
	assert_string_equal(rows_of(db), "1|0001_item\n2|0002_part\n3|0003_item_label\n");
	assert_string_equal(
		db_dump(db, "SELECT label FROM item"), "seven\n"); /* the step moved data */
	assert_int_equal(db_number(db, "SELECT count(*) FROM counter"), 1);

	if (db->is_pg)
		db_empty_pg(&fresh);
	else
		db_empty_sqlite(&fresh);
	other = fresh;
	db_open(other);
	assert_string_equal(schema_of(db), schema_of(other));
	db_teardown(&fresh);
}

static void a_newer_schema_is_refused(void **state)
{
	struct db *db = *state;
	int version = 42;
	migrate(db, 3);
	db_exec(db, "INSERT INTO schema_version (version, name) VALUES (4, '0004_future')");
	refused(db, "newer than this program");
	assert_err(store_migrate(&db->conf, &version), ERR_CONFLICT);
	assert_int_equal(version, 42);
	assert_int_equal(db_number(db, "SELECT max(version) FROM schema_version"), 4);
}

static void a_step_that_fails_leaves_nothing(void **state)
{
	struct db *db = *state;
	int version = 42;
	migrate(db, 1);
	/* Step 2 makes the table part and then its index, whose name is taken. */
	db_exec(db, "CREATE INDEX part_item ON item (amount)");
	assert_err(store_migrate(&db->conf, &version), ERR_INTERNAL);
	assert_non_null(strstr(err_detail(), "0002_part"));
	assert_int_equal(version, 42);
	assert_string_equal(rows_of(db), "1|0001_item\n");
	db_exec(db, "DROP INDEX part_item");
	assert_int_equal(migrate(db, 3), 3);
	db_open(db);
}

static void *migrate_thread(void *arg)
{
	struct db *db = arg;
	int version = -1;
	err e = store_migrate(&db->conf, &version);
	return failed(e) || version != 3 ? db : NULL;
}

static void many_migrate_at_once(void **state)
{
	struct db *db = *state;
	pthread_t threads[6];
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, migrate_thread, db), 0);
	for (size_t i = 0; i < 6; i++) {
		void *result;
		pthread_join(threads[i], &result);
		assert_null(result);
	}
	assert_string_equal(rows_of(db), "1|0001_item\n2|0002_part\n3|0003_item_label\n");
	db_open(db);
}

/* The lock is held while the file is not yet in WAL, as by a second program that starts at the same
 * moment. */
static void waits_for_who_writes_first(void **state)
{
	struct db *db = *state;
	sqlite3 *other = NULL;
	pthread_t thread;
	void *result;
	assert_int_equal(sqlite3_open(db->path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(pthread_create(&thread, NULL, migrate_thread, db), 0);
	nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL); /* long enough to be refused */
	assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	pthread_join(thread, &result);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	assert_null(result);
	assert_int_equal(db_number(db, "SELECT max(version) FROM schema_version"), 3);
}

static void the_file_is_for_its_owner(void **state)
{
	struct db *db = *state;
	struct stat st;
	migrate(db, 3);
	assert_ok(store_open(&db->conf, &db->store));
	assert_int_equal(stat(db->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	char wal[256];
	snprintf(wal, sizeof wal, "%s-wal", db->path);
	assert_int_equal(stat(wal, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void wrong_places(void **state)
{
	static const struct {
		const char *url;
		enum err_code open, migrate;
	} cases[] = {
		{"", ERR_INVALID, ERR_INVALID},
		{"sqlite:", ERR_INVALID, ERR_INVALID},
		{"mysql://x", ERR_INVALID, ERR_INVALID},
		{"/var/lib/x.db", ERR_INVALID, ERR_INVALID},
		{"sqlite:/nonexistent/x.db", ERR_CONFLICT, ERR_UNAVAILABLE},
		{"sqlite:/proc", ERR_UNAVAILABLE, ERR_UNAVAILABLE},
		{"sqlite:/etc/passwd", ERR_UNAVAILABLE, ERR_UNAVAILABLE},
		{"postgresql:///postgres?host=/nonexistent", ERR_UNAVAILABLE, ERR_UNAVAILABLE},
		{"postgresql://[", ERR_UNAVAILABLE, ERR_UNAVAILABLE},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store_conf conf = {.url = str_of(cases[i].url)};
		struct store *store = NULL;
		int version = 42;
		if (strcmp(cases[i].url, "sqlite:/etc/passwd") != 0)
			assert_err(store_migrate(&conf, &version), cases[i].migrate);
		assert_err(store_open(&conf, &store), cases[i].open);
		assert_null(store);
		assert_int_equal(version, 42);
	}
}

static void an_encoding_other_than_utf8_is_refused(void **state)
{
	struct db *db = *state;
	char url[sizeof db->url + 32];
	struct store *store = NULL;
	int version;
	db_exec(db, "DROP DATABASE IF EXISTS store_test_ascii");
	db_exec(db, "CREATE DATABASE store_test_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' "
		    "LC_COLLATE 'C' LC_CTYPE 'C'");
	snprintf(url, sizeof url, "%s&dbname=store_test_ascii", db->url);
	struct store_conf conf = {.url = str_of(url)};
	assert_err(store_migrate(&conf, &version), ERR_CONFLICT);
	assert_non_null(strstr(err_detail(), "UTF8"));
	assert_err(store_open(&conf, &store), ERR_CONFLICT);
	db_exec(db, "DROP DATABASE store_test_ascii");
}

const struct CMUnitTest migrate_tests[] = {
	EMPTY_BOTH(by_steps_is_as_from_nothing),
	EMPTY_BOTH(a_newer_schema_is_refused),
	EMPTY_BOTH(a_step_that_fails_leaves_nothing),
	EMPTY_BOTH(many_migrate_at_once),
	EMPTY_SQLITE(waits_for_who_writes_first),
	EMPTY_SQLITE(the_file_is_for_its_owner),
	EMPTY_SQLITE(wrong_places),
	EMPTY_PG(an_encoding_other_than_utf8_is_refused),
};
const size_t migrate_test_count = sizeof migrate_tests / sizeof *migrate_tests;

#ifndef STORE_TEST_SUPPORT_H
#define STORE_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/engine.h"

/*
 * A fresh database for each test, on the engine that its name tells: a SQLite file in a temporary
 * folder, or a schema of its own in the cluster of STORE_TEST_PG_URL (main starts one by with_pg.sh
 * when that is not set).
 */

struct db {
	struct store_conf conf;
	struct store *store; /* opened by db_open */
	struct arena arena;  /* for the test's transactions */
	bool is_pg;
	char dir[64];    /* SQLite: the folder */
	char path[128];  /* SQLite: the file */
	char schema[32]; /* PostgreSQL */
	char url[1024];
};

/* cmocka's setup and teardown; *state is a struct db. The first two leave an empty database, the
 * others one that is open. */
int db_empty_sqlite(void **state);
int db_empty_pg(void **state);
int db_setup_sqlite(void **state);
int db_setup_pg(void **state);
int db_teardown(void **state);

#define ON_SQLITE(test)                                                     \
	{                                                                   \
#test " (sqlite)", test, db_setup_sqlite, db_teardown, NULL \
	}
#define ON_PG(test)                                                         \
	{                                                                   \
#test " (postgresql)", test, db_setup_pg, db_teardown, NULL \
	}
#define ON_BOTH(test) ON_SQLITE(test), ON_PG(test)
#define EMPTY_SQLITE(test)                                                  \
	{                                                                   \
#test " (sqlite)", test, db_empty_sqlite, db_teardown, NULL \
	}
#define EMPTY_PG(test)                                                      \
	{                                                                   \
#test " (postgresql)", test, db_empty_pg, db_teardown, NULL \
	}
#define EMPTY_BOTH(test) EMPTY_SQLITE(test), EMPTY_PG(test)

void db_open(struct db *db); /* migrates and opens */
void db_close(struct db *db);

/* SQL of the test itself, by a connection of its own: to look at the database, or to do it harm. */
void db_exec(const struct db *db, const char *sql);
int64_t db_number(const struct db *db, const char *sql);
/* All values of the answer, separated by '|' and line feeds, in the arena. */
const char *db_dump(struct db *db, const char *sql);

err db_write(struct db *db, tx_fn *fn, void *arg);
err db_read(struct db *db, tx_fn *fn, void *arg);

/* Start a cluster when there is none: runs the program again inside with_pg.sh. */
void need_cluster(char **argv);

/* As fail_msg, which needs cmocka's fail(): here fail() is the one of base. */
#define give_up(...)                       \
	do {                               \
		print_error(__VA_ARGS__);  \
		_fail(__FILE__, __LINE__); \
	} while (0)

#define assert_ok(expr)                                                                        \
	do {                                                                                   \
		err assert_e = (expr);                                                         \
		if (failed(assert_e))                                                          \
			give_up("%s: %s: %s\n", #expr, err_name(assert_e.code), err_detail()); \
	} while (0)

#define assert_err(expr, wanted)                                                              \
	do {                                                                                  \
		err assert_e = (expr);                                                        \
		if (assert_e.code != (wanted))                                                \
			give_up("%s: %s instead of %s: %s\n", #expr, err_name(assert_e.code), \
				err_name(wanted), err_detail());                              \
	} while (0)

#define assert_str(value, wanted)                                        \
	do {                                                             \
		struct str assert_s = (value), assert_w = (wanted);      \
		assert_non_null(assert_s.p);                             \
		assert_int_equal(assert_s.n, assert_w.n);                \
		assert_memory_equal(assert_s.p, assert_w.p, assert_w.n); \
	} while (0)

#endif

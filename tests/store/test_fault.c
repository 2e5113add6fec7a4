#include "tests.h"

#include "store/sqlite_checkpoint.h"
#include "queries.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Full and read-only disks, other processes, killed processes, lost connections. */

struct item {
	int64_t id;
	size_t bytes;
};

static err add_item(struct tx *tx, void *arg)
{
	const struct item *item = arg;
	char *body = arena_alloc(tx->arena, item->bytes + 1);
	return q_item_insert(tx, item->id, str_fmt(tx->arena, "n%d", (int)item->id),
		str_make(body, item->bytes), 0, STR(""), NULL);
}

static err count_items(struct tx *tx, void *arg)
{
	struct q_item_summary_row row;
	TRY(q_item_summary(tx, &row));
	*(int64_t *)arg = row.n;
	return ok();
}

static err next_number(struct tx *tx, void *arg)
{
	struct q_counter_next_row row;
	(void)arg;
	return q_counter_next(tx, 1, &row);
}

/* With an arena of its own each: the tests write megabytes. */
static err run(struct store *store, enum tx_mode mode, tx_fn *fn, void *arg)
{
	AUTO_ARENA arena;
	arena_init(&arena, 4u << 20);
	return store_run(store, mode, &arena, fn, arg);
}

/*
 * Adds items of 64 KiB until there was no room ten times; now and then there is some again, when a
 * checkpoint lets the WAL start over. Answers how many there are, which is what a reader sees; -1
 * for any other outcome.
 */
static int64_t fill(struct store *store)
{
	struct item item = {.id = 0, .bytes = 64u << 10};
	int64_t seen = -1;
	int full = 0;
	for (int i = 0; i < 1000 && full < 10; i++) {
		err e = run(store, TX_WRITE, add_item, &item);
		if (!failed(e))
			item.id++;
		else if (e.code == ERR_UNAVAILABLE)
			full++;
		else
			return -1;
	}
	if (full < 10 || failed(run(store, TX_READ, count_items, &seen)) || seen != item.id)
		return -1;
	return item.id;
}

static void a_file_that_may_not_grow(void **state)
{
	struct db *db = *state;
	struct rlimit before, limit;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 2u << 20;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	int64_t count = fill(db->store);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_true(count > 0);
	struct item item = {.id = 5000, .bytes = 1000}; /* and recovers by itself */
	assert_ok(run(db->store, TX_WRITE, add_item, &item));
	db_close(db);
	assert_string_equal(db_dump(db, "PRAGMA integrity_check"), "ok\n");
	assert_int_equal(db_number(db, "SELECT count(*) FROM item"), count + 1);
}

/* What is run in a child process; a failed assertion ends it with another status than 0. */
static int status_of(void (*fn)(struct db *), struct db *db)
{
	int status;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		fn(db);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define CANNOT 77 /* this user may not do what the test needs */

#define child_expect(condition)                                                            \
	do {                                                                               \
		if (!(condition)) {                                                        \
			fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #condition, \
				err_detail());                                             \
			_exit(1);                                                          \
		}                                                                          \
	} while (0)

static void fill_small_disk(struct db *db)
{
	struct item item = {.id = 0, .bytes = 64u << 10};
	int64_t seen = -1;
	int version;
	char ballast[256];
	if (unshare(CLONE_NEWNS | (geteuid() ? CLONE_NEWUSER : 0)) != 0 ||
		mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("tmpfs", db->dir, "tmpfs", 0, "size=5m") != 0)
		_exit(CANNOT);
	snprintf(ballast, sizeof ballast, "%s/ballast", db->dir);
	int fd = open(ballast, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	child_expect(fd >= 0 && posix_fallocate(fd, 0, 3 << 20) == 0);
	child_expect(!failed(store_migrate(&db->conf, &version)));
	child_expect(!failed(store_open(&db->conf, &db->store)));
	item.id = fill(db->store);
	child_expect(item.id > 0);
	/* Room for the WAL and for what the checkpoint carries over, whichever comes first. */
	child_expect(unlink(ballast) == 0 && close(fd) == 0);
	child_expect(!failed(run(db->store, TX_WRITE, add_item, &item)));
	child_expect(!failed(run(db->store, TX_READ, count_items, &seen)) && seen == item.id + 1);
	db_close(db);
}

static void a_full_disk(void **state)
{
	int status = status_of(fill_small_disk, *state);
	if (status == CANNOT)
		skip();
	assert_int_equal(status, 0);
}

static void open_read_only(struct db *db)
{
	struct store *store = NULL;
	if (geteuid() == 0)
		child_expect(setuid(65534) == 0);
	child_expect(store_open(&db->conf, &store).code == ERR_UNAVAILABLE);
	child_expect(strstr(err_detail(), "cannot be read and written") && !store);
}

static void a_read_only_file(void **state)
{
	struct db *db = *state;
	db_open(db);
	db_close(db);
	assert_int_equal(chmod(db->path, 0444), 0);
	assert_int_equal(status_of(open_read_only, db), 0);
}

static void count_up(struct db *db)
{
	child_expect(!failed(store_open(&db->conf, &db->store)));
	for (int i = 0; i < 200; i++)
		child_expect(!failed(run(db->store, TX_WRITE, next_number, NULL)));
	db_close(db);
}

static void two_processes_on_one_database(void **state)
{
	struct db *db = *state;
	pid_t pids[2];
	db_open(db);
	db_close(db); /* nothing is open when the process divides */
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			count_up(db);
			_exit(0);
		}
	}
	for (int i = 0; i < 2; i++) {
		int status;
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(db_number(db, "SELECT value FROM counter WHERE id = 1"), 400);
}

/* Another program, such as a database browser, keeps the file locked. */
static void a_lock_held_by_another(void **state)
{
	struct db *db = *state;
	sqlite3 *other = NULL;
	int64_t seen;
	assert_int_equal(sqlite3_open(db->path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_err(run(db->store, TX_WRITE, next_number, NULL), ERR_RETRY);
	assert_ok(run(db->store, TX_READ, count_items, &seen));
	assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	assert_ok(run(db->store, TX_WRITE, next_number, NULL));
	sqlite3_close(other);
}

static void acknowledge(struct db *db, int fd)
{
	struct item item = {.id = 0, .bytes = 3000};
	child_expect(!failed(store_open(&db->conf, &db->store)));
	for (; item.id < 100000; item.id++) {
		child_expect(!failed(run(db->store, TX_WRITE, add_item, &item)));
		child_expect(write(fd, "x", 1) == 1);
	}
}

/* What was acknowledged before the process was killed is there. */
static void a_killed_process(void **state)
{
	struct db *db = *state;
	int64_t acknowledged = 0, last = 0;
	db_open(db);
	db_close(db);
	for (int round = 1; round <= 3; round++) {
		int ends[2], status;
		char byte;
		assert_int_equal(pipe(ends), 0);
		db_exec(db, "DELETE FROM item");
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			acknowledge(db, ends[1]);
			_exit(0);
		}
		close(ends[1]);
		for (acknowledged = 0; acknowledged < round * 150 && read(ends[0], &byte, 1) == 1;)
			acknowledged++;
		kill(pid, SIGKILL);
		while (read(ends[0], &byte, 1) == 1)
			acknowledged++;
		close(ends[0]);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_ok(store_open(&db->conf, &db->store));
		assert_ok(run(db->store, TX_READ, count_items, &last));
		/* At most the one whose acknowledgement was cut off is there too. */
		assert_in_range(last, acknowledged, acknowledged + 1);
		db_close(db);
		if (!db->is_pg)
			assert_string_equal(db_dump(db, "PRAGMA integrity_check"), "ok\n");
	}
}

static off_t wal_size(const struct db *db)
{
	char name[256];
	struct stat st;
	snprintf(name, sizeof name, "%s-wal", db->path);
	return stat(name, &st) == 0 ? st.st_size : -1;
}

/* A reader keeps the WAL from starting over; when it has gone and nobody writes, the file is given
 * back. */
static void the_wal_is_given_back(void **state)
{
	struct db *db = *state;
	struct tx *tx;
	struct item item = {.id = 0, .bytes = 1u << 20};
	struct q_item_summary_row row;
	assert_ok(store_begin_read(db->store, &db->arena, &tx));
	assert_ok(q_item_summary(tx, &row));
	for (; item.id < 20; item.id++)
		assert_ok(run(db->store, TX_WRITE, add_item, &item));
	assert_true(wal_size(db) > CHECKPOINT_SHRINK * 4096);
	assert_ok(q_item_summary(tx, &row));
	assert_int_equal(row.n, 0);
	store_end_read(tx);
	for (int i = 0; i < 300 && wal_size(db) > 0; i++)
		usleep(100000);
	assert_int_equal(wal_size(db), 0);
}

#define OURS "FROM pg_stat_activity WHERE application_name = 'madoguchi'"

/* Ends all connections of the store, and waits until their processes have gone and so their sockets
 * are closed. */
static void end_connections(struct db *db)
{
	struct str pids = str_of(db_dump(db, "SELECT pid " OURS)), line;
	db_exec(db, "SELECT pg_terminate_backend(pid) " OURS);
	while (str_next(&pids, '\n', &line)) {
		int64_t pid;
		if (str_to_i64(line, &pid)) /* bounded, because the cluster may run elsewhere */
			for (int i = 0; i < 200 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
				i++)
				usleep(10000);
	}
}

static err lose_before_query(struct tx *tx, void *arg)
{
	struct q_counter_next_row row;
	TRY(q_counter_next(tx, 1, &row));
	end_connections(arg);
	return q_counter_next(tx, 1, &row);
}

static err lose_before_commit(struct tx *tx, void *arg)
{
	struct q_counter_next_row row;
	TRY(q_counter_next(tx, 1, &row));
	end_connections(arg);
	return ok();
}

static void lost_connections(void **state)
{
	struct db *db = *state;
	struct tx *tx;
	struct q_item_summary_row row;
	int64_t seen;
	assert_ok(run(db->store, TX_WRITE, next_number, NULL));
	assert_ok(run(db->store, TX_READ, count_items, &seen));
	end_connections(db); /* idle ones: nobody notices */
	assert_ok(run(db->store, TX_READ, count_items, &seen));
	assert_ok(run(db->store, TX_WRITE, next_number, NULL));

	assert_err(run(db->store, TX_WRITE, lose_before_query, db), ERR_UNAVAILABLE);
	assert_ok(run(db->store, TX_WRITE, next_number, NULL));
	assert_err(run(db->store, TX_WRITE, lose_before_commit, db), ERR_UNAVAILABLE);
	assert_ok(run(db->store, TX_WRITE, next_number, NULL));

	assert_ok(store_begin_read(db->store, &db->arena, &tx));
	assert_ok(q_item_summary(tx, &row));
	end_connections(db);
	assert_err(q_item_summary(tx, &row), ERR_UNAVAILABLE);
	assert_err(q_item_summary(tx, &row), ERR_UNAVAILABLE);
	store_end_read(tx);
	assert_ok(run(db->store, TX_READ, count_items, &seen));
	assert_int_equal(db_number(db, "SELECT value FROM counter WHERE id = 1"), 4);
}

const struct CMUnitTest fault_tests[] = {
	ON_SQLITE(a_file_that_may_not_grow),
	EMPTY_SQLITE(a_full_disk),
	EMPTY_SQLITE(a_read_only_file),
	EMPTY_BOTH(two_processes_on_one_database),
	ON_SQLITE(a_lock_held_by_another),
	EMPTY_BOTH(a_killed_process),
	ON_SQLITE(the_wal_is_given_back),
	ON_PG(lost_connections),
};
const size_t fault_test_count = sizeof fault_tests / sizeof *fault_tests;

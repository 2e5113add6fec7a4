#include "store/sqlite_writer.h"

#include <stdatomic.h>

struct request {
	struct arena *arena;
	tx_fn *fn;
	void *arg;
	pthread_mutex_t lock; /* guards lead and done */
	pthread_cond_t wake;
	bool lead, done;
	err result;
	char detail[256]; /* err_detail() of the thread that ran fn */
	struct request *next;
};

static void set_result(struct request *r, err result)
{
	r->result = result;
	if (failed(result))
		snprintf(r->detail, sizeof r->detail, "%s", err_detail());
}

static int note_wal(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct writer *writer = arg;
	(void)db;
	(void)name;
	checkpoint_note(writer->checkpoint, pages);
	return SQLITE_OK;
}

void writer_init(struct writer *writer, struct store *store, struct checkpoint *checkpoint)
{
	*writer = (struct writer){.store = store, .checkpoint = checkpoint};
	pthread_mutex_init(&writer->lock, NULL);
	sqlite_conn_init(&writer->conn, &store->memory);
}

err writer_open(struct writer *writer)
{
	TRY(sqlite_conn_open(&writer->conn, writer->store, CONN_WRITER));
	sqlite3_wal_hook(writer->conn.db, note_wal, writer);
	return ok();
}

void writer_release(struct writer *writer)
{
	sqlite_conn_close(&writer->conn);
	pthread_mutex_destroy(&writer->lock);
}

/* After a full disk SQLite may have rolled back the whole transaction by itself. */
static bool transaction_gone(const struct writer *writer)
{
	return sqlite3_get_autocommit(writer->conn.db) != 0;
}

static err run_saved(struct writer *writer, struct request *r)
{
	struct tx tx = {
		.store = writer->store, .arena = r->arena, .mode = TX_WRITE, .conn = &writer->conn};
	TRY(sqlite_conn_do(&writer->conn, DO_SAVE));
	err result = r->fn(&tx, r->arg);
	if (!failed(result) && failed(tx.lost))
		result = fail(tx.lost.code, "a query of the transaction has failed");
	return failed(result) ? result : sqlite_conn_do(&writer->conn, DO_RELEASE);
}

/* Answers false when the transaction of the group is lost. */
static bool run_one(struct writer *writer, struct request *r)
{
	set_result(r, run_saved(writer, r));
	if (!failed(r->result))
		return true;
	return !transaction_gone(writer) && !failed(sqlite_conn_do(&writer->conn, DO_BACK)) &&
	       !failed(sqlite_conn_do(&writer->conn, DO_RELEASE));
}

static void fail_unfinished(struct request *group, size_t count, err why)
{
	for (size_t i = 0; i < count; i++, group = group->next)
		if (!failed(group->result))
			set_result(group, why);
}

static void rollback(struct writer *writer)
{
	/* When even this fails the transaction is gone already, or the next BEGIN says what is
	 * wrong. */
	if (!transaction_gone(writer))
		IGNORE(sqlite_conn_do(&writer->conn, DO_ROLLBACK));
}

static void run_group(struct writer *writer, struct request *group, size_t count)
{
	size_t good = 0;
	struct request *r = group;
	err result = sqlite_conn_do(&writer->conn, DO_BEGIN_WRITE);
	if (failed(result)) {
		fail_unfinished(group, count, result);
		return;
	}
	for (size_t i = 0; i < count; i++, r = r->next) {
		if (!run_one(writer, r)) {
			fail_unfinished(group, count,
				fail(ERR_UNAVAILABLE,
					"the transaction was lost with that of another: %s",
					r->detail));
			rollback(writer);
			return;
		}
		good += !failed(r->result);
	}
	if (good == 0) {
		rollback(writer);
		return;
	}
	result = sqlite_conn_do(&writer->conn, DO_COMMIT);
	if (failed(result)) {
		fail_unfinished(group, count, result);
		rollback(writer);
		return;
	}
	atomic_fetch_add(&writer->store->commits, 1);
	atomic_fetch_add(&writer->store->writes, good);
}

static struct request *take_group(struct writer *writer, size_t *count)
{
	struct request *group = writer->first, *last = group;
	*count = 1;
	while (last->next && *count < WRITER_GROUP_MAX) {
		last = last->next;
		++*count;
	}
	writer->first = last->next;
	if (!writer->first)
		writer->last = NULL;
	last->next = NULL;
	atomic_fetch_sub(&writer->store->waiting, *count);
	return group;
}

/* Each has a lock of its own: all who are told at once would otherwise queue on that of the writer. */
static void tell(struct request *r, bool *what)
{
	pthread_mutex_lock(&r->lock);
	*what = true;
	pthread_cond_signal(&r->wake);
	pthread_mutex_unlock(&r->lock); /* from here on r may be gone */
}

/* Called by the leader; its own request is the first in the queue. The next group begins before this one is told, so the disk
 * does not wait for that. */
static void lead(struct writer *writer)
{
	size_t count;
	pthread_mutex_lock(&writer->lock);
	struct request *group = take_group(writer, &count);
	pthread_mutex_unlock(&writer->lock);
	pthread_mutex_lock(&writer->checkpoint->turn);
	run_group(writer, group, count);
	pthread_mutex_unlock(&writer->checkpoint->turn);
	pthread_mutex_lock(&writer->lock);
	struct request *heir = writer->first;
	writer->busy = heir != NULL;
	pthread_mutex_unlock(&writer->lock);
	if (heir)
		tell(heir, &heir->lead);
	for (struct request *r = group, *next; r; r = next) {
		next = r->next;
		tell(r, &r->done);
	}
}

/* Whether nobody leads: then it is this one. */
static bool enqueue(struct writer *writer, struct request *r)
{
	pthread_mutex_lock(&writer->lock);
	if (writer->last)
		writer->last->next = r;
	else
		writer->first = r;
	writer->last = r;
	atomic_fetch_add(&writer->store->waiting, 1);
	bool first = !writer->busy;
	writer->busy = true;
	pthread_mutex_unlock(&writer->lock);
	return first;
}

err writer_run(struct writer *writer, struct arena *arena, tx_fn *fn, void *arg)
{
	struct request r = {.arena = arena, .fn = fn, .arg = arg};
	pthread_mutex_init(&r.lock, NULL);
	pthread_cond_init(&r.wake, NULL);
	if (enqueue(writer, &r)) {
		lead(writer);
	} else {
		pthread_mutex_lock(&r.lock);
		while (!r.lead && !r.done)
			pthread_cond_wait(&r.wake, &r.lock);
		bool leads = !r.done;
		pthread_mutex_unlock(&r.lock);
		if (leads)
			lead(writer);
	}
	pthread_cond_destroy(&r.wake);
	pthread_mutex_destroy(&r.lock);
	return failed(r.result) ? fail(r.result.code, "%s", r.detail) : ok();
}

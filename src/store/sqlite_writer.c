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

static err call(struct writer *writer, struct request *r, bool rehearses)
{
	struct tx tx = {.store = writer->store,
		.arena = r->arena,
		.mode = TX_WRITE,
		.rehearses = rehearses,
		.conn = &writer->conn};
	err result = r->fn(&tx, r->arg);
	if (!failed(result) && failed(tx.lost))
		result = fail(tx.lost.code, "a query of the transaction has failed");
	return result;
}

static bool undo(struct writer *writer)
{
	return !transaction_gone(writer) && !failed(sqlite_conn_do(&writer->conn, DO_BACK));
}

/* For nothing, to see whether fn bears to be run twice. */
static bool rehearse(struct writer *writer, struct request *r)
{
	if (!writer->store->conf.rehearse)
		return true;
	IGNORE(call(writer, r, true)); /* the run that counts says it again */
	return undo(writer);
}

static err call_saved(struct writer *writer, struct request *r)
{
	TRY(sqlite_conn_do(&writer->conn, DO_SAVE));
	if (!rehearse(writer, r))
		return fail(ERR_UNAVAILABLE, "the rehearsal could not be undone");
	err result = call(writer, r, false);
	return failed(result) ? result : sqlite_conn_do(&writer->conn, DO_RELEASE);
}

/* In a savepoint, so that it can fail alone. Answers false when the transaction of the group is lost. */
static bool run_saved(struct writer *writer, struct request *r)
{
	set_result(r, call_saved(writer, r));
	return !failed(r->result) || (undo(writer) && !failed(sqlite_conn_do(&writer->conn, DO_RELEASE)));
}

/* Without one. Answers false when it has failed after it changed rows, which only a rollback of all can undo. */
static bool run_bare(struct writer *writer, struct request *r)
{
	int64_t before = sqlite3_total_changes64(writer->conn.db);
	set_result(r, call(writer, r, false));
	return !failed(r->result) ||
	       (!transaction_gone(writer) && sqlite3_total_changes64(writer->conn.db) == before);
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

/* Answers whom the transaction was lost with; NULL: all have their results. */
static struct request *run_members(
	struct writer *writer, struct request *group, size_t count, bool saved)
{
	size_t good = 0;
	struct request *r = group;
	err result = sqlite_conn_do(&writer->conn, DO_BEGIN_WRITE);
	if (failed(result)) {
		fail_unfinished(group, count, result);
		return NULL;
	}
	for (size_t i = 0; i < count; i++, r = r->next) {
		if (!(saved ? run_saved(writer, r) : run_bare(writer, r))) {
			rollback(writer);
			return r;
		}
		good += !failed(r->result);
	}
	if (good == 0) {
		rollback(writer);
		return NULL;
	}
	result = sqlite_conn_do(&writer->conn, DO_COMMIT);
	if (failed(result)) {
		fail_unfinished(group, count, result);
		rollback(writer);
		return NULL;
	}
	atomic_fetch_add(&writer->store->commits, 1);
	atomic_fetch_add(&writer->store->writes, good);
	return NULL;
}

static void run_group(struct writer *writer, struct request *group, size_t count)
{
	bool saved = writer->careful > 0 || writer->store->conf.rehearse;
	if (writer->careful > 0)
		writer->careful--;
	struct request *lost = run_members(writer, group, count, saved);
	if (lost && !saved) {
		if (count == 1)
			return; /* nobody else was lost */
		writer->careful = CAREFUL_GROUPS;
		lost = run_members(writer, group, count, true);
	}
	if (lost)
		fail_unfinished(group, count,
			fail(ERR_UNAVAILABLE, "the transaction was lost with that of another: %s",
				lost->detail));
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

#include "store/sqlite_checkpoint.h"

#include "base/cond.h"

#include <errno.h>
#include <signal.h>

void checkpoint_init(struct checkpoint *checkpoint, struct store *store, struct pool *readers)
{
	*checkpoint = (struct checkpoint){.readers = readers, .trigger = CHECKPOINT_STEP};
	pthread_mutex_init(&checkpoint->turn, NULL);
	pthread_mutex_init(&checkpoint->lock, NULL);
	cond_init(&checkpoint->wake);
	sqlite_conn_init(&checkpoint->conn, &store->memory);
}

void checkpoint_note(struct checkpoint *checkpoint, int pages)
{
	pthread_mutex_lock(&checkpoint->lock);
	if (pages < checkpoint->pages)
		checkpoint->trigger = CHECKPOINT_STEP; /* the WAL has started over */
	checkpoint->pages = pages;
	checkpoint->fresh = checkpoint->behind = true;
	if (pages >= checkpoint->trigger)
		pthread_cond_signal(&checkpoint->wake);
	pthread_mutex_unlock(&checkpoint->lock);
}

/* Called with the lock held. What to run next; -1: stop. */
static int next_mode(struct checkpoint *checkpoint)
{
	for (;;) {
		if (checkpoint->stop)
			return -1;
		if (checkpoint->pages >= checkpoint->trigger)
			return checkpoint->pages >= CHECKPOINT_LARGE ? SQLITE_CHECKPOINT_RESTART
								     : SQLITE_CHECKPOINT_PASSIVE;
		checkpoint->fresh = false;
		struct timespec deadline = cond_deadline(CHECKPOINT_IDLE_MS);
		int rc = checkpoint->behind || checkpoint->pages > CHECKPOINT_SHRINK
				 ? pthread_cond_timedwait(
					   &checkpoint->wake, &checkpoint->lock, &deadline)
				 : pthread_cond_wait(&checkpoint->wake, &checkpoint->lock);
		if (rc == ETIMEDOUT && !checkpoint->fresh)
			return checkpoint->pages > CHECKPOINT_SHRINK ? SQLITE_CHECKPOINT_TRUNCATE
								     : SQLITE_CHECKPOINT_PASSIVE;
	}
}

static int carry(struct checkpoint *checkpoint, int mode, int *pages, int *carried)
{
	return sqlite3_wal_checkpoint_v2(checkpoint->conn.db, "main", mode, pages, carried);
}

/* What stands in the database file is on the disk. */
static int sync_file(struct checkpoint *checkpoint)
{
	sqlite3_file *file;
	int rc = sqlite3_file_control(checkpoint->conn.db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	return rc == SQLITE_OK ? file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) : rc;
}

/* All but a small rest, while others go on. */
static int carry_most(struct checkpoint *checkpoint, int *pages, int *carried)
{
	int rc, round = 0, before;
	*carried = 0;
	do {
		before = *carried;
		rc = carry(checkpoint, SQLITE_CHECKPOINT_PASSIVE, pages, carried);
		if (rc == SQLITE_OK)
			rc = sync_file(checkpoint);
	} while (rc == SQLITE_OK && *carried - before > CHECKPOINT_REST && ++round < CHECKPOINT_ROUNDS);
	return rc;
}

static int restart(struct checkpoint *checkpoint, int *pages, int *carried)
{
	int rc = carry_most(checkpoint, pages, carried);
	pthread_mutex_lock(&checkpoint->turn);
	if (rc == SQLITE_OK && pool_drain(checkpoint->readers, CHECKPOINT_DRAIN_MS)) {
		rc = carry(checkpoint, SQLITE_CHECKPOINT_RESTART, pages, carried);
		pool_resume(checkpoint->readers);
	}
	pthread_mutex_unlock(&checkpoint->turn);
	return rc;
}

static void *run(void *arg)
{
	struct checkpoint *checkpoint = arg;
	int mode;
	pthread_mutex_lock(&checkpoint->lock);
	while ((mode = next_mode(checkpoint)) >= 0) {
		int pages = 0, carried = 0;
		pthread_mutex_unlock(&checkpoint->lock);
		/* Its failure (a full disk, a reader in the way) is not the end: the pages stay in
		 * the WAL until the next run. */
		int rc = mode == SQLITE_CHECKPOINT_RESTART ? restart(checkpoint, &pages, &carried)
							   : carry(checkpoint, mode, &pages, &carried);
		pthread_mutex_lock(&checkpoint->lock);
		if (rc == SQLITE_OK && mode == SQLITE_CHECKPOINT_TRUNCATE && !checkpoint->fresh)
			checkpoint->pages = 0;
		/* A reader that stays for long makes RESTART fail; then not every step shall try
		 * it. */
		checkpoint->trigger =
			checkpoint->pages +
			(mode == SQLITE_CHECKPOINT_RESTART ? CHECKPOINT_SHRINK : CHECKPOINT_STEP);
		checkpoint->behind = checkpoint->fresh || rc != SQLITE_OK || carried < pages;
	}
	pthread_mutex_unlock(&checkpoint->lock);
	return NULL;
}

/* Signals are for the threads of the program. */
static int start_thread(struct checkpoint *checkpoint)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int rc = pthread_create(&checkpoint->thread, NULL, run, checkpoint);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

err checkpoint_start(struct checkpoint *checkpoint, const struct store *store)
{
	TRY(sqlite_conn_open(&checkpoint->conn, store, CONN_WRITER));
	/* RESTART and TRUNCATE wait this long for other programs; our own writers and readers wait with them. */
	sqlite3_busy_timeout(checkpoint->conn.db, CHECKPOINT_DRAIN_MS);
	if (start_thread(checkpoint) != 0)
		return fail(ERR_UNAVAILABLE, "no thread for checkpoints");
	checkpoint->started = true;
	return ok();
}

void checkpoint_release(struct checkpoint *checkpoint)
{
	if (checkpoint->started) {
		pthread_mutex_lock(&checkpoint->lock);
		checkpoint->stop = true;
		pthread_cond_signal(&checkpoint->wake);
		pthread_mutex_unlock(&checkpoint->lock);
		pthread_join(checkpoint->thread, NULL);
	}
	sqlite_conn_close(&checkpoint->conn);
	pthread_cond_destroy(&checkpoint->wake);
	pthread_mutex_destroy(&checkpoint->lock);
	pthread_mutex_destroy(&checkpoint->turn);
}

#ifndef STORE_SQLITE_CHECKPOINT_H
#define STORE_SQLITE_CHECKPOINT_H

#include "store/pool.h"
#include "store/sqlite_conn.h"

#include <pthread.h>

/*
 * The thread that carries the WAL into the database file, so that no writer has to stop for it.
 *
 * After each CHECKPOINT_STEP pages of growth it runs PASSIVE, which waits for nobody. Where there is always a reader the WAL
 * never starts over by itself. So from CHECKPOINT_LARGE pages on it is made to: PASSIVE carries over what there is, the database
 * file is written to the disk, again for what has come in meanwhile until that is little, then the writer pauses between two
 * groups, the readers between two transactions, and RESTART, which would otherwise wait for a moment without any of them that
 * does not come, has only the rest to do. (PASSIVE writes to the disk only when no commit comes in while it runs: all of it
 * would be left to RESTART.) When nothing has been written for a while, TRUNCATE gives back a large file. So the WAL stays
 * small and a start after a crash takes no time.
 */

#define CHECKPOINT_STEP 4096   /* pages of 4 KiB: a page that is changed often is not carried over as often */
#define CHECKPOINT_LARGE 8192  /* 32 MiB */
#define CHECKPOINT_SHRINK 4096 /* 16 MiB */
#define CHECKPOINT_REST 1024   /* so many are little, */
#define CHECKPOINT_ROUNDS 3    /* and after so many rounds the rest is taken as it is */
#define CHECKPOINT_IDLE_MS 2000
#define CHECKPOINT_DRAIN_MS 50 /* for so long all wait at most for a reader that takes its time */

struct checkpoint {
	struct sqlite_conn conn;
	struct pool *readers;
	pthread_mutex_t turn; /* held by whoever writes a group, and by RESTART */
	pthread_t thread;
	bool started;
	pthread_mutex_t lock; /* guards the rest */
	pthread_cond_t wake;
	bool stop;
	int pages;   /* in the WAL, as the last commit told */
	int trigger; /* so many start the next run */
	bool fresh;  /* a commit since the last look */
	bool behind; /* there are pages that have not been carried over */
};

void checkpoint_init(struct checkpoint *checkpoint, struct store *store, struct pool *readers);
err checkpoint_start(struct checkpoint *checkpoint, const struct store *store);
/* Ends the thread; the connection is closed. */
void checkpoint_release(struct checkpoint *checkpoint);
/* After a commit: so many pages are in the WAL. */
void checkpoint_note(struct checkpoint *checkpoint, int pages);

#endif

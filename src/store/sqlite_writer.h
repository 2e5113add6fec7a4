#ifndef STORE_SQLITE_WRITER_H
#define STORE_SQLITE_WRITER_H

#include "store/pool.h"
#include "store/sqlite_checkpoint.h"
#include "store/sqlite_conn.h"

/*
 * The one connection that writes, and the people who wait for it.
 *
 * Whoever calls writer_run puts a request into the queue. The first to find nobody at work becomes
 * the leader: it takes what waits (WRITER_GROUP_MAX at most, in order), runs each fn in one
 * transaction, commits once, and tells each its result. Then it hands the lead to the first
 * who came meanwhile, so that nobody works for others more than once. A commit that fails, fails for
 * all. Each waits on a condition of its own and is woken once.
 *
 * An fn that fails takes nobody with it. Mostly it has changed nothing yet (it looks first), and
 * then there is nothing to undo. Otherwise the whole group is rolled back and run again, this time
 * each in a savepoint, and so are the next CAREFUL_GROUPS: whoever fails all the time makes others
 * wait for a savepoint, not for a second run. There is none for everybody because each copies all
 * pages that it touches and those before it have changed, some thirty for an application.
 *
 * The fn of another runs in the leader's thread but with its owner's arena; the words of its error
 * are carried to its owner.
 */

#define WRITER_GROUP_MAX 64
#define CAREFUL_GROUPS 16

struct request;

struct writer {
	struct store *store;
	struct checkpoint *checkpoint;
	struct sqlite_conn conn; /* belongs to the leader, as does the next */
	unsigned careful;        /* so many groups more have savepoints */
	pthread_mutex_t lock;    /* guards the rest */
	struct request *first, *last;
	bool busy; /* there is a leader */
};

void writer_init(struct writer *writer, struct store *store, struct checkpoint *checkpoint);
err writer_open(struct writer *writer);
void writer_release(struct writer *writer);
err writer_run(struct writer *writer, struct arena *arena, tx_fn *fn, void *arg);

#endif

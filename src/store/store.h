#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/*
 * The database: SQLite in the process, or PostgreSQL. Which one is decided by the URL at start and
 * known nowhere else. docs/sql.md is the manual for those who write queries, and says how the
 * engines work and why.
 *
 * There is no function that takes SQL text. Every query is a named entry in sql/query, for which
 * sqlgen writes a typed function into "store/query.h": q_draft_find(tx, …, &row). Rows and their
 * texts live in the arena of the transaction.
 *
 * Writing: store_run(TX_WRITE) calls fn inside a transaction, commits, and calls it again after a
 * deadlock or a serialization failure. So fn may run twice, and on SQLite in another thread while
 * the caller waits: it reads and writes rows, and nothing else. On SQLite all writers that wait are
 * executed one after the other and committed together: one fsync serves many people; when one of
 * them fails the others may be run again. On PostgreSQL they run side by side at READ COMMITTED: the statement that writes must
 * decide (docs/sql.md). When store_run answers OK the rows are on stable storage.
 *
 * Reading: a TX_READ transaction sees one snapshot, taken at its first query, and the engine
 * refuses to write in it.
 *
 * Errors of a query: NOT_FOUND (kind one without row), CONFLICT (unique or foreign key, tx_expect), RETRY
 * (kept up too long), UNAVAILABLE (disk full, connection gone), INVALID (a text that is no UTF-8 or
 * contains NUL), LIMIT (the answer would not fit into the arena), INTERNAL (a defect, such as NULL
 * in an answer). After any but NOT_FOUND the transaction is lost: later queries answer the same,
 * and nothing is committed, whatever fn returns. After UNAVAILABLE from store_run it is not known
 * whether the rows are there: whoever repeats must be able to find out (a unique token).
 *
 * Waiting is bounded: a few seconds for a connection or for a lock that another program holds, then
 * RETRY.
 *
 * Threads: a store serves all threads; a tx belongs to one at a time. A thread that has a
 * transaction open and asks for another of the same mode may wait for itself: one transaction a
 * thread, or a read and inside it a write.
 */

struct store;
struct tx;

enum tx_mode { TX_READ, TX_WRITE };

struct store_conf {
	struct str url;     /* "sqlite:/path/to/file.db" or "postgresql://…" (libpq's form) */
	unsigned readers;   /* most read transactions at once; more wait. 0: 8 */
	unsigned writers;   /* PostgreSQL: most write transactions at once. 0: 8 */
	unsigned cache_kib; /* SQLite: page cache of each connection. 0: 2048 */
	bool rehearse;      /* SQLite: run each fn that writes once for nothing before it counts. For tests: it must bear that */
};

typedef err tx_fn(struct tx *tx, void *arg);

/*
 * Opens and checks the schema. CONFLICT: the schema is older (run store_migrate) or newer (a newer
 * program wrote it), or the PostgreSQL database has not the encoding UTF8 and the collation C.
 * INVALID: the URL. UNAVAILABLE: no such server, a read-only file.
 */
err store_open(const struct store_conf *conf, struct store **out);
void store_close(struct store *store); /* accepts NULL */
void store_cleanup(struct store **store);
#define AUTO_STORE __attribute__((cleanup(store_cleanup))) struct store

/*
 * Brings the schema to this program's version: sql/schema in order, each step in a transaction.
 * Safe to run on many hosts at once. Makes the SQLite file (readable by its owner only) when there
 * is none. CONFLICT: the schema is newer than the program.
 */
err store_migrate(const struct store_conf *conf, int *out_version);

/* True when a read cannot block on a network or a lock: such requests may run in an event thread.
 */
bool store_is_local(const struct store *store);

err store_run(struct store *store, enum tx_mode mode, struct arena *arena, tx_fn *fn, void *arg);

/* A read transaction that spans a request. *out is usable until store_end_read. */
err store_begin_read(struct store *store, struct arena *arena, struct tx **out);
void store_end_read(struct tx *tx); /* accepts NULL */

/*
 * Right behind an exec that was called with changed == NULL: it must have changed so many rows, or the transaction is lost with
 * CONFLICT. That may come from here, from a later query or from store_run, so nothing may depend on knowing it; in return
 * PostgreSQL needs no round trip for the count.
 */
err tx_expect(struct tx *tx, int64_t changed);

/* A transaction that answers `why` to every query: for a caller that could not get one and has no
 * way to say so yet. */
struct tx *tx_failed(struct arena *arena, err why);

/* Counters for operations and for tests of query counts per page. */
struct store_stats {
	uint64_t commits; /* write transactions on stable storage (groups count once) */
	uint64_t writes;  /* fn's committed */
	uint64_t repeats; /* begun anew after a deadlock or a serialization failure */
	uint64_t queries;
	uint64_t waiting; /* write transactions that wait now: for the writer of SQLite, for a
			     connection of PostgreSQL */
};
void store_stats(const struct store *store, struct store_stats *out);

#endif

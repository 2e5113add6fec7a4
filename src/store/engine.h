#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "store/catalog.h"

/*
 * Between store.h and the two engines. store.c and tx.c hold what both have in common; an engine is
 * a table of functions.
 *
 * An engine keeps its connections in store->memory (they live as long as the store) and answers
 * errors in the store's terms. It may rely on tx.c: parameters are valid UTF-8, a lost transaction
 * gets no further queries.
 */

struct engine;

struct store {
	const struct engine *engine;
	void *data; /* the engine's */
	struct arena memory;
	struct store_conf conf; /* with the defaults filled in; the URL is in memory */
	_Atomic uint64_t commits, writes, repeats, queries, waiting; /* store_stats */
};

struct tx {
	struct store *store; /* NULL: made by tx_failed() */
	struct arena *arena;
	enum tx_mode mode;
	bool rehearses; /* store_conf.rehearse: this is the run for nothing, and not counted */
	err lost;   /* not OK: what every further query answers */
	const struct sql_query *last; /* query; NULL: none yet */
	void *conn; /* the engine's */
};

/* The rows of an answer while they come in. */
struct rows {
	struct tx *tx;
	const struct sql_query *query;
	char *v;
	size_t n;
	size_t cap;
};

/* A zeroed row at the end; LIMIT when the arena is too full. */
err rows_add(struct rows *rows, void **out_row);
/* Stores a column of the row. LIMIT as above. */
err rows_set_bytes(struct rows *rows, void *row, size_t column, const void *p, size_t n);
void rows_set_i64(const struct rows *rows, void *row, size_t column, int64_t value);
/* Another number of rows than tx_expect said: CONFLICT. */
err rows_unexpected(const struct sql_query *query, int64_t changed, int64_t expected);
/* The answer does not fit the declaration: INTERNAL with the names of query and column. */
err rows_mismatch(const struct rows *rows, size_t column, const char *what);

struct engine {
	const char *url_prefixes[3];
	bool local;

	/* Opens what is needed to serve, but does not look at the schema. On failure close is
	 * called all the same. */
	err (*open)(struct store *store);
	void (*close)(struct store *store);

	/* 0: no schema. */
	err (*version)(struct store *store, int *out);

	err (*write)(struct store *store, struct arena *arena, tx_fn *fn, void *arg);
	err (*begin_read)(struct tx *tx);
	void (*end_read)(struct tx *tx);

	/* Adds the rows of the answer to rows, or the number of changed rows to *changed. changed
	 * == NULL: nobody asks. */
	err (*query)(struct tx *tx, const struct sql_query *query, const struct sql_value *values,
		struct rows *rows, int64_t *changed);

	/* tx_expect, of tx->last: CONFLICT now, or when its answer is read. */
	err (*expect)(struct tx *tx, int64_t changed);

	/* Prepares a query without running it, and compares the types where the engine knows them.
	 * For tests. */
	err (*prepare)(struct tx *tx, const struct sql_query *query);

	/* Runs the steps after the present version up to version `to`. */
	err (*migrate)(const struct store_conf *conf, int to, int *out_version);
};

extern const struct engine engine_sqlite, engine_pg;

/* INVALID for a URL of neither. */
err engine_find(struct str url, const struct engine **out);
/* The part behind "sqlite:"; all of it for PostgreSQL. */
struct str engine_path(struct str url);

/* store_migrate up to an earlier version. For tests of the steps. */
err store_migrate_to(const struct store_conf *conf, int to, int *out_version);

/* Compares a schema's version with the program's: CONFLICT with words that say what to do. */
err version_check(int version);

/* Prepares every query of the catalog; the first that cannot be prepared is named in the error. */
err store_prepare_all(struct store *store, struct arena *arena);

/* Waits before the n-th repeat (from 0): 1 ms, doubling up to 64 ms, half of it by chance. */
void backoff_wait(unsigned n);

#endif

#ifndef STORE_CATALOG_H
#define STORE_CATALOG_H

#include "store/store.h"

/*
 * What sqlgen writes and the engines read: every query and migration as constant data. Only
 * generated code includes this (besides the engines), so that SQL text comes from sql/ and from
 * nowhere else.
 *
 * A generated function puts its parameters into an array of values, in the order of `in`, and calls
 * the function for its kind; the engine writes answers into the row struct through the offsets in
 * `out`.
 */

enum sql_type { SQL_I64, SQL_TEXT, SQL_BLOB, SQL_TYPE_COUNT };
enum sql_kind { SQL_ONE, SQL_MANY, SQL_EXEC, SQL_KIND_COUNT };

/* Most parameters of a query; sqlgen refuses more. */
#define SQL_VALUES_MAX 64

struct sql_value {
	int64_t i64;
	struct str str; /* text and blob; an absent one is sent as an empty one */
};

struct sql_column {
	const char *name;
	enum sql_type type;
	size_t offset; /* of the member in the row struct; unused for parameters */
};

struct sql_query {
	const char *name;
	enum sql_kind kind;
	size_t index;       /* in the catalog: where a connection keeps its prepared statement */
	const char *sqlite; /* with ?1 … */
	const char *pg;     /* with $1 … */
	const struct sql_column *in, *out;
	size_t in_count, out_count;
	size_t row_size;
};

struct sql_migration {
	int version; /* 1, 2, 3 … */
	const char *name;
	const char *const *sqlite; /* statements, ended by NULL */
	const char *const *pg;
};

struct sql_catalog {
	const struct sql_query *queries;
	size_t query_count;
	const struct sql_migration *migrations;
	size_t migration_count;
};

/* The one of the program; a test links its own. */
extern const struct sql_catalog sql_catalog;

/* NOT_FOUND without a row. */
err tx_one(struct tx *tx, const struct sql_query *query, const struct sql_value *values,
	void *out_row);
err tx_many(struct tx *tx, const struct sql_query *query, const struct sql_value *values,
	void **out_rows, size_t *out_count);
/* out_changed may be NULL; then the engine may send the query later, with the next one or the
 * commit. */
err tx_exec(struct tx *tx, const struct sql_query *query, const struct sql_value *values,
	int64_t *out_changed);

#endif

#ifndef STORE_PG_CONN_H
#define STORE_PG_CONN_H

#include "store/engine.h"

#include <libpq-fe.h>

/*
 * One PostgreSQL connection, always in libpq's pipeline mode: used by one thread at a time.
 *
 * Everything is sent as late and read as late as possible, to save round trips: BEGIN and a missing
 * PREPARE travel with the first query, an exec that nobody asks the result of travels with the next
 * query or the COMMIT, and the end of a transaction without commit is read when the connection is
 * used again. `sent` is the list of what is still to be answered.
 *
 * Parameters and answers are binary (int8 in network order, text and bytea as they are), so nothing
 * is escaped or parsed. When the connection is lost it is closed here, the call answers
 * UNAVAILABLE, and pg_conn_ready opens it anew.
 *
 * Source: libpq manual, chapter "Pipeline Mode"; SQLSTATE: appendix "PostgreSQL Error Codes".
 */

#define PG_SENT_MAX 128
/* The server answers what it gets while we still send: so few small answers fit into its buffers.
 */
#define PG_LATER_MAX 48
/* An abandoned transaction leaves so many answers to the next one at most. */
#define PG_UNREAD_MAX 8

enum pg_command {
	PG_BEGIN,
	PG_PREPARE,
	PG_DESCRIBE,
	PG_QUERY,
	PG_COMMIT,
	PG_ROLLBACK,
	PG_SYNC,
	PG_COMMAND_COUNT
};

struct pg_sent {
	enum pg_command command;
	const struct sql_query *query; /* of PREPARE, DESCRIBE and QUERY */
	bool dropped;                  /* of an abandoned transaction: nobody asks how it ended */
	bool expects;                  /* so many rows, of a QUERY: */
	int64_t changed;
};

struct pg_conn {
	PGconn *pg;     /* NULL: not connected */
	bool *prepared; /* by index in the catalog */
	struct pg_sent sent[PG_SENT_MAX];
	size_t sent_count;
	size_t later; /* queries among them */
	bool expects; /* one among them does */
	bool begun;   /* BEGIN has been sent, and its end not yet answered */
	bool repeat;  /* deadlock or serialization failure: the same transaction may succeed */
};

void pg_conn_init(struct pg_conn *conn, struct arena *memory);
/* Opens what is not open; notices when the server has gone while the connection was idle. */
err pg_conn_ready(struct pg_conn *conn, const struct store_conf *conf);
void pg_conn_close(struct pg_conn *conn); /* a closed one is accepted */

/* Sends the query, behind BEGIN when it is the first of its transaction. */
err pg_conn_send(struct pg_conn *conn, enum tx_mode mode, const struct sql_query *query,
	const struct sql_value *values);
/* Of the last query, whose answer has not been read: it must have changed so many rows. CONFLICT from the next read or the commit. */
void pg_conn_expect(struct pg_conn *conn, int64_t changed);
/* Reads all that is due; the rows are those of the last query sent. rows and changed may be NULL.
 */
err pg_conn_read(struct pg_conn *conn, struct rows *rows, int64_t *changed);
/* Prepares a query, and compares the columns of its answer with the declaration. */
err pg_conn_check(struct pg_conn *conn, const struct sql_query *query);

err pg_conn_commit(struct pg_conn *conn);
/* Ends a transaction of which nothing is to be kept, as a rule without waiting for the answer. Does
 * nothing when there is none. */
void pg_conn_abandon(struct pg_conn *conn);

/* A plain connection outside the pool, for the schema; *out is to be closed with PQfinish. */
err pg_connect(const struct store_conf *conf, PGconn **out);
/* For PGresult that end with their scope. */
void pg_result_cleanup(PGresult **result);
#define AUTO_RESULT __attribute__((cleanup(pg_result_cleanup))) PGresult

/* In the store's terms; *out_repeat as in struct pg_conn. The words are the server's, without the
 * values in its details. */
err pg_error(const PGconn *pg, const PGresult *result, const char *what, bool *out_repeat);

#endif

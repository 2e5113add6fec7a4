#ifndef STORE_PG_WIRE_H
#define STORE_PG_WIRE_H

#include "store/pg_conn.h"

/*
 * The two halves of a pipeline: pg_send.c sends and notes in conn->sent what must be answered,
 * pg_read.c reads the answers in the same order. Only pg_conn.c and these two include this.
 */

/* The types of PostgreSQL (pg_type.dat) that the protocol names for ours. */
enum pg_oid {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25
};

/* What begins and ends transactions, on a new connection, before anything is sent on it. */
err pg_steps_prepare(PGconn *pg);
err pg_send_commit(struct pg_conn *conn);
err pg_send_rollback(struct pg_conn *conn);
/* The end of what is sent together: the server answers now, and begins anew after a failure. */
err pg_send_sync(struct pg_conn *conn);

/* Where the answer of the last command goes. */
struct pg_sink {
	struct rows *rows;
	int64_t *changed;
};

/* Reads the answers of all that was sent, up to the sync at its end. The first failure is the one
 * that counts. sink may be NULL. */
err pg_read_all(struct pg_conn *conn, const struct pg_sink *sink);

#endif

#include "store/pg_wire.h"

#include <assert.h>
#include <endian.h>

static const Oid param_types[SQL_TYPE_COUNT] = {
	[SQL_I64] = OID_INT8, [SQL_TEXT] = OID_TEXT, [SQL_BLOB] = OID_BYTEA};

/* PostgreSQL's own default may be anything, so each transaction says what it is. Each connection has them prepared, because they are
 * sent with every transaction and parsing one costs as much as running it. */
static const struct pg_step {
	const char *name, *sql;
} begins[] = {
	[TX_READ] = {"begin_read", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"},
	[TX_WRITE] = {"begin_write", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"},
}, commit = {"commit", "COMMIT"}, rollback = {"rollback", "ROLLBACK"};

err pg_steps_prepare(PGconn *pg)
{
	const struct pg_step *const steps[] = {&begins[TX_READ], &begins[TX_WRITE], &commit, &rollback};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		AUTO_RESULT *result = PQprepare(pg, steps[i]->name, steps[i]->sql, 0, NULL);
		bool repeat;
		if (PQresultStatus(result) != PGRES_COMMAND_OK)
			return pg_error(pg, result, steps[i]->sql, &repeat);
	}
	return ok();
}

/* Remembers what has been sent; `done` is libpq's answer to the sending. */
static err note(
	struct pg_conn *conn, int done, enum pg_command command, const struct sql_query *query)
{
	if (!done) {
		bool repeat;
		err e = pg_error(conn->pg, NULL, "send", &repeat);
		pg_conn_close(conn);
		return e;
	}
	assert(conn->sent_count < PG_SENT_MAX);
	conn->sent[conn->sent_count++] = (struct pg_sent){.command = command, .query = query};
	return ok();
}

static err send_step(struct pg_conn *conn, const struct pg_step *step, enum pg_command command)
{
	return note(conn, PQsendQueryPrepared(conn->pg, step->name, 0, NULL, NULL, NULL, 1), command, NULL);
}

err pg_send_commit(struct pg_conn *conn)
{
	return send_step(conn, &commit, PG_COMMIT);
}

err pg_send_rollback(struct pg_conn *conn)
{
	return send_step(conn, &rollback, PG_ROLLBACK);
}

static void statement_name(const struct sql_query *query, char out[24])
{
	snprintf(out, 24, "q%zu", query->index);
}

static err pg_send_prepare(struct pg_conn *conn, const struct sql_query *query)
{
	Oid types[SQL_VALUES_MAX];
	char name[24];
	for (size_t i = 0; i < query->in_count; i++)
		types[i] = param_types[query->in[i].type];
	statement_name(query, name);
	return note(conn, PQsendPrepare(conn->pg, name, query->pg, (int)query->in_count, types),
		PG_PREPARE, query);
}

static err send_query(
	struct pg_conn *conn, const struct sql_query *query, const struct sql_value *values)
{
	const char *at[SQL_VALUES_MAX];
	int lengths[SQL_VALUES_MAX], formats[SQL_VALUES_MAX];
	uint64_t numbers[SQL_VALUES_MAX];
	char name[24];
	for (size_t i = 0; i < query->in_count; i++) {
		formats[i] = 1;
		if (query->in[i].type == SQL_I64) {
			numbers[i] = htobe64((uint64_t)values[i].i64);
			at[i] = (const char *)&numbers[i];
			lengths[i] = sizeof numbers[i];
		} else {
			at[i] = values[i].str.p ? values[i].str.p : "";
			lengths[i] = (int)values[i].str.n;
		}
	}
	statement_name(query, name);
	return note(conn,
		PQsendQueryPrepared(conn->pg, name, (int)query->in_count, at, lengths, formats, 1),
		PG_QUERY, query);
}

static bool too_long(const struct sql_query *query, const struct sql_value *values)
{
	for (size_t i = 0; i < query->in_count; i++)
		if (query->in[i].type != SQL_I64 && values[i].str.n > INT32_MAX / 4)
			return true;
	return false;
}

err pg_conn_send(struct pg_conn *conn, enum tx_mode mode, const struct sql_query *query,
	const struct sql_value *values)
{
	if (too_long(query, values))
		return fail(ERR_LIMIT, "query %s: a value is too long", query->name);
	if (conn->later >= PG_LATER_MAX)
		TRY(pg_conn_read(conn, NULL, NULL));
	if (!conn->begun) {
		TRY(send_step(conn, &begins[mode], PG_BEGIN));
		conn->begun = true;
	}
	if (!conn->prepared[query->index])
		TRY(pg_send_prepare(conn, query));
	TRY(send_query(conn, query, values));
	conn->prepared[query->index] = true; /* taken back when its PREPARE fails */
	conn->later++;
	return ok();
}

void pg_conn_expect(struct pg_conn *conn, int64_t changed)
{
	assert(conn->sent_count > 0);
	struct pg_sent *last = &conn->sent[conn->sent_count - 1];
	assert(last->command == PG_QUERY);
	last->expects = conn->expects = true;
	last->changed = changed;
}

err pg_send_sync(struct pg_conn *conn)
{
	return note(conn, PQpipelineSync(conn->pg), PG_SYNC, NULL);
}

err pg_conn_check(struct pg_conn *conn, const struct sql_query *query)
{
	char name[24];
	statement_name(query, name);
	if (!conn->prepared[query->index])
		TRY(pg_send_prepare(conn, query));
	TRY(note(conn, PQsendDescribePrepared(conn->pg, name), PG_DESCRIBE, query));
	conn->prepared[query->index] = true;
	return pg_conn_read(conn, NULL, NULL);
}

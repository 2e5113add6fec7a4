#include "store/pg_wire.h"

/* A type of the answer that fits the declared one. */
static bool type_fits(enum sql_type declared, Oid type)
{
	switch (declared) {
	case SQL_I64:
		return type == OID_INT8 || type == OID_INT4 || type == OID_INT2 || type == OID_BOOL;
	case SQL_TEXT:
		return type == OID_TEXT;
	default:
		return type == OID_BYTEA;
	}
}

static err check_columns(const PGresult *result, const struct sql_query *query)
{
	if ((size_t)PQnfields(result) != query->out_count)
		return fail(ERR_INTERNAL, "query %s: %d columns instead of %zu", query->name,
			PQnfields(result), query->out_count);
	for (size_t i = 0; i < query->out_count; i++)
		if (!type_fits(query->out[i].type, PQftype(result, (int)i)))
			return fail(ERR_INTERNAL,
				"query %s, column %s: PostgreSQL answers with its type %u",
				query->name, query->out[i].name, PQftype(result, (int)i));
	return ok();
}

static int64_t read_number(const char *p, int n)
{
	uint64_t value = n > 0 && n < 8 && (p[0] & 0x80) && n > 1 ? UINT64_MAX : 0;
	for (int i = 0; i < n; i++)
		value = value << 8 | (unsigned char)p[i];
	return (int64_t)value;
}

static err read_rows(const PGresult *result, struct rows *rows)
{
	TRY(check_columns(result, rows->query));
	for (int r = 0; r < PQntuples(result); r++) {
		void *row;
		TRY(rows_add(rows, &row));
		for (size_t i = 0; i < rows->query->out_count; i++) {
			const char *p = PQgetvalue(result, r, (int)i);
			int n = PQgetlength(result, r, (int)i);
			if (PQgetisnull(result, r, (int)i))
				return rows_mismatch(rows, i, "NULL");
			if (rows->query->out[i].type == SQL_I64)
				rows_set_i64(rows, row, i, read_number(p, n));
			else
				TRY(rows_set_bytes(rows, row, i, p, (size_t)n));
		}
	}
	return ok();
}

static const char *const command_names[PG_COMMAND_COUNT] = {
	[PG_BEGIN] = "BEGIN",
	[PG_COMMIT] = "COMMIT",
	[PG_ROLLBACK] = "ROLLBACK",
	[PG_SYNC] = "sync",
};

static err read_failure(struct pg_conn *conn, const struct pg_sent *sent, const PGresult *result)
{
	bool repeat;
	if (sent->command == PG_PREPARE)
		conn->prepared[sent->query->index] = false;
	/* Behind the first failure everything is only skipped. */
	if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED || sent->dropped)
		return ok();
	err e = pg_error(conn->pg, result,
		sent->query ? sent->query->name : command_names[sent->command], &repeat);
	conn->repeat = conn->repeat || repeat;
	return e;
}

static err read_count(const struct pg_sent *sent, PGresult *result, const struct pg_sink *sink)
{
	int64_t changed;
	if (!str_to_i64(str_of(PQcmdTuples(result)), &changed))
		return fail(ERR_INTERNAL, "query %s: no count of rows", sent->query->name);
	if (sink && sink->changed)
		*sink->changed = changed;
	return sent->expects && changed != sent->changed ? rows_unexpected(sent->query, changed, sent->changed) : ok();
}

static err read_result(struct pg_conn *conn, const struct pg_sent *sent, PGresult *result,
	const struct pg_sink *sink)
{
	ExecStatusType status = PQresultStatus(result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return read_failure(conn, sent, result);
	if (sent->command == PG_DESCRIBE)
		return check_columns(result, sent->query);
	/* COMMIT of a failed transaction succeeds, as a ROLLBACK. */
	if (sent->command == PG_COMMIT && strcmp(PQcmdStatus(result), "COMMIT") != 0)
		return fail(ERR_INTERNAL, "postgresql: the transaction was rolled back");
	if (sink && sink->rows && status == PGRES_TUPLES_OK)
		return read_rows(result, sink->rows);
	return sent->expects || (sink && sink->changed) ? read_count(sent, result, sink) : ok();
}

/* The answer of one command: a result and the NULL that ends it; of a sync only the result. */
static err read_one(struct pg_conn *conn, const struct pg_sent *sent, const struct pg_sink *sink)
{
	AUTO_RESULT *result = PQgetResult(conn->pg);
	if (!result || PQstatus(conn->pg) != CONNECTION_OK) {
		bool repeat;
		return pg_error(conn->pg, result, "the connection was lost", &repeat);
	}
	if (sent->command == PG_SYNC)
		return PQresultStatus(result) == PGRES_PIPELINE_SYNC
			       ? ok()
			       : fail(ERR_UNAVAILABLE, "postgresql: out of step");
	err e = read_result(conn, sent, result, sink);
	PQclear(PQgetResult(conn->pg));
	return e;
}

err pg_read_all(struct pg_conn *conn, const struct pg_sink *sink)
{
	err first = ok();
	char words[256] = "postgresql: the connection was lost";
	for (size_t i = 0; i < conn->sent_count; i++) {
		bool last = i + 2 == conn->sent_count;
		err e = read_one(conn, &conn->sent[i], last ? sink : NULL);
		if (!failed(first) && failed(e)) {
			first = e;
			snprintf(words, sizeof words, "%s", err_detail());
		}
		if (PQstatus(conn->pg) != CONNECTION_OK ||
			(conn->sent[i].command == PG_SYNC && failed(e))) {
			pg_conn_close(conn);
			return fail(ERR_UNAVAILABLE, "%s", words);
		}
	}
	conn->sent_count = conn->later = 0;
	conn->expects = false;
	return failed(first) ? fail(first.code, "%s", words) : ok();
}

err pg_conn_read(struct pg_conn *conn, struct rows *rows, int64_t *changed)
{
	TRY(pg_send_sync(conn));
	return pg_read_all(conn, &(struct pg_sink){.rows = rows, .changed = changed});
}

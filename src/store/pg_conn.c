#include "store/pg_wire.h"

#include <poll.h>

/*
 * Waiting is bounded; and a COMMIT that is answered is on stable storage, also on a server that was
 * set to answer before. The other levels wait for other servers too and are the operator's choice.
 */
static const char session_sql[] =
	"SET lock_timeout = '5s'; SET statement_timeout = '30s'; "
	"SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = 'error'; "
	"SELECT set_config('synchronous_commit', 'on', false) WHERE "
	"current_setting('synchronous_commit') = 'off'";

static void ignore_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

void pg_result_cleanup(PGresult **result)
{
	PQclear(*result);
}

err pg_connect(const struct store_conf *conf, PGconn **out)
{
	/* What stands before dbname is a default that the URL may change. */
	static const char *const keywords[] = {
		"connect_timeout", "fallback_application_name", "dbname", "client_encoding", NULL};
	char url[4096];
	bool repeat;
	if (conf->url.n >= sizeof url)
		return fail(ERR_INVALID, "the URL of the database is too long");
	snprintf(url, sizeof url, STR_FMT, STR_ARG(conf->url));
	const char *values[] = {"5", "madoguchi", url, "UTF8", NULL};
	PGconn *pg = PQconnectdbParams(keywords, values, 1);
	PGresult *result = NULL;
	err e = ok();
	if (PQstatus(pg) != CONNECTION_OK) {
		e = pg_error(pg, NULL, "connect", &repeat);
	} else {
		PQsetNoticeProcessor(pg, ignore_notice, NULL);
		result = PQexec(pg, session_sql);
		if (PQresultStatus(result) != PGRES_TUPLES_OK)
			e = pg_error(pg, result, "settings", &repeat);
	}
	PQclear(result);
	if (failed(e))
		PQfinish(pg);
	else
		*out = pg;
	return e;
}

void pg_conn_init(struct pg_conn *conn, struct arena *memory)
{
	*conn = (struct pg_conn){.prepared = arena_array(memory, bool, sql_catalog.query_count)};
}

void pg_conn_close(struct pg_conn *conn)
{
	PQfinish(conn->pg);
	conn->pg = NULL;
	conn->sent_count = conn->later = 0;
	conn->begun = conn->expects = false;
	memset(conn->prepared, 0, sql_catalog.query_count * sizeof *conn->prepared);
}

/* A server that was restarted has closed its end: that is readable, without waiting. */
static bool is_alive(struct pg_conn *conn)
{
	struct pollfd at = {.fd = PQsocket(conn->pg), .events = POLLIN};
	for (int i = 0; i < 3 && poll(&at, 1, 0) > 0; i++)
		if (!PQconsumeInput(conn->pg))
			return false;
	return PQstatus(conn->pg) == CONNECTION_OK;
}

err pg_conn_ready(struct pg_conn *conn, const struct store_conf *conf)
{
	conn->repeat = false;
	if (conn->pg && is_alive(conn))
		return ok();
	pg_conn_close(conn);
	TRY(pg_connect(conf, &conn->pg));
	err result = pg_steps_prepare(conn->pg);
	if (!failed(result) && !PQenterPipelineMode(conn->pg))
		result = fail(ERR_UNAVAILABLE, "postgresql: no pipeline mode");
	if (failed(result))
		pg_conn_close(conn);
	return result;
}

err pg_conn_commit(struct pg_conn *conn)
{
	if (!conn->begun)
		return ok(); /* no query was made */
	/* What is only sent is not known yet, and COMMIT would not wait for us. */
	if (conn->expects)
		TRY(pg_conn_read(conn, NULL, NULL));
	TRY(pg_send_commit(conn));
	TRY(pg_send_sync(conn));
	TRY(pg_read_all(conn, NULL));
	conn->begun = false;
	return ok();
}

/* After a failure in what has not been read, the server skips everything up to a sync: it must come
 * before the ROLLBACK. */
static err send_rollback(struct pg_conn *conn)
{
	if (conn->sent_count)
		TRY(pg_send_sync(conn));
	TRY(pg_send_rollback(conn));
	return pg_send_sync(conn);
}

void pg_conn_abandon(struct pg_conn *conn)
{
	if (!conn->pg || !conn->begun)
		return;
	conn->begun = false;
	bool much = conn->sent_count > PG_UNREAD_MAX;
	/* A failure closes the connection, which ends the transaction as well. */
	if (failed(send_rollback(conn)))
		return;
	for (size_t i = 0; i < conn->sent_count; i++) {
		conn->sent[i].dropped = true;
		conn->sent[i].expects = false;
	}
	conn->expects = false;
	if (much)
		IGNORE(pg_read_all(conn, NULL));
}

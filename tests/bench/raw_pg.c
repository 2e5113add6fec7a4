#include "raw_store.h"

#include "base/time.h"

#include <endian.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25 };

static const Oid types[SQL_TYPE_COUNT] = {
	[SQL_I64] = OID_INT8, [SQL_TEXT] = OID_TEXT, [SQL_BLOB] = OID_BYTEA};

static const char *url;
static PGconn *first;

static struct {
	const struct raw_plan *plan;
	struct raw_submission *submissions;
	size_t count;
	_Atomic size_t next;
} work;

static PGconn *dial(void)
{
	PGconn *pg = PQconnectdb(url);

	if (PQstatus(pg) != CONNECTION_OK)
		raw_die("connect", PQerrorMessage(pg));
	return pg;
}

static void open_server(const char *text)
{
	url = text;
	first = dial();
}

static struct raw_table ask(const char *sql)
{
	PGresult *result = PQexec(first, sql);

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		raw_die(sql, PQerrorMessage(first));
	struct raw_table table = {
		.rows = (size_t)PQntuples(result), .columns = (size_t)PQnfields(result)};

	/* The result stays until the end. */
	table.v = raw_alloc(table.rows * table.columns, sizeof *table.v);
	for (size_t i = 0; i < table.rows * table.columns; i++)
		table.v[i] = PQgetvalue(result, (int)(i / table.columns), (int)(i % table.columns));
	return table;
}

static void name_of(size_t statement, char out[24])
{
	snprintf(out, 24, "s%zu", statement);
}

static void prepare(PGconn *pg, const char *name, const char *sql, size_t count, const Oid *wanted)
{
	PGresult *result = PQprepare(pg, name, sql, (int)count, wanted);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		raw_die(sql, PQerrorMessage(pg));
	PQclear(result);
}

static void prepare_all(PGconn *pg, const struct raw_plan *plan)
{
	prepare(pg, "begin", "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", 0, NULL);
	prepare(pg, "commit", "COMMIT", 0, NULL);
	for (size_t s = 0; s < plan->n; s++) {
		const struct sql_query *query = plan->v[s].query;
		Oid wanted[SQL_VALUES_MAX];
		char name[24];

		for (size_t i = 0; i < query->in_count; i++)
			wanted[i] = types[query->in[i].type];
		name_of(s, name);
		prepare(pg, name, query->pg, query->in_count, wanted);
	}
}

static void send_statement(
	PGconn *pg, const struct raw_plan *plan, size_t s, const struct raw_submission *submission)
{
	const struct sql_query *query = plan->v[s].query;
	const char *values[SQL_VALUES_MAX];
	int lengths[SQL_VALUES_MAX], formats[SQL_VALUES_MAX];
	uint64_t numbers[SQL_VALUES_MAX];
	char name[24];

	for (size_t i = 0; i < query->in_count; i++) {
		const struct sql_value *value = raw_value(submission, &plan->v[s], i);

		formats[i] = 1;
		if (query->in[i].type == SQL_I64) {
			numbers[i] = htobe64((uint64_t)value->i64);
			values[i] = (const char *)&numbers[i];
			lengths[i] = sizeof numbers[i];
		} else {
			values[i] = value->str.p;
			lengths[i] = (int)value->str.n;
		}
	}
	name_of(s, name);
	if (!PQsendQueryPrepared(pg, name, (int)query->in_count, values, lengths, formats, 1))
		raw_die(query->name, PQerrorMessage(pg));
}

static void send_step(PGconn *pg, const char *name)
{
	if (!PQsendQueryPrepared(pg, name, 0, NULL, NULL, NULL, 1))
		raw_die(name, PQerrorMessage(pg));
}

/* Up to the end of the pipeline. */
static void take_answers(PGconn *pg)
{
	for (;;) {
		PGresult *result = PQgetResult(pg);
		ExecStatusType status = PQresultStatus(result);

		if (result && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
			status != PGRES_PIPELINE_SYNC)
			raw_die("submission", PQerrorMessage(pg));
		PQclear(result);
		if (status == PGRES_PIPELINE_SYNC)
			return;
	}
}

static void submit(PGconn *pg, struct raw_submission *submission)
{
	int64_t from = time_monotonic_us();

	send_step(pg, "begin");
	for (size_t s = 0; s < work.plan->n; s++)
		send_statement(pg, work.plan, s, submission);
	send_step(pg, "commit");
	if (!PQpipelineSync(pg))
		raw_die("sync", PQerrorMessage(pg));
	take_answers(pg);
	submission->us = time_monotonic_us() - from;
}

static void *client(void *pg)
{
	size_t i;

	while ((i = atomic_fetch_add(&work.next, 1)) < work.count)
		submit(pg, &work.submissions[i]);
	return NULL;
}

static void run(const struct raw_plan *plan, struct raw_submission *submissions, size_t count,
	size_t clients)
{
	static PGconn *connections[RAW_CLIENTS_MAX];
	static pthread_t threads[RAW_CLIENTS_MAX];

	work.plan = plan;
	work.submissions = submissions;
	work.count = count;
	for (size_t i = 0; i < clients; i++) {
		connections[i] = dial();
		prepare_all(connections[i], plan);
		if (!PQenterPipelineMode(connections[i]))
			raw_die("pipeline", PQerrorMessage(connections[i]));
	}
	for (size_t i = 0; i < clients; i++)
		if (pthread_create(&threads[i], NULL, client, connections[i]) != 0)
			raw_die("thread", "none");
	for (size_t i = 0; i < clients; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < clients; i++)
		PQfinish(connections[i]);
}

const struct raw_engine raw_pg = {.open = open_server, .ask = ask, .run = run};

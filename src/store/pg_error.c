#include "store/pg_conn.h"

/* What a SQLSTATE means for the caller: the first entry whose text begins it. */
struct meaning {
	const char *state;
	enum err_code code;
	bool repeat;
};

static const struct meaning meanings[] = {
	{"23505", ERR_CONFLICT, false},    /* unique_violation */
	{"23503", ERR_CONFLICT, false},    /* foreign_key_violation */
	{"40001", ERR_RETRY, true},        /* serialization_failure */
	{"40P01", ERR_RETRY, true},        /* deadlock_detected */
	{"55P03", ERR_RETRY, false},       /* lock_not_available, after lock_timeout */
	{"57014", ERR_RETRY, false},       /* query_canceled, after statement_timeout */
	{"08", ERR_UNAVAILABLE, false},    /* connection exceptions */
	{"53", ERR_UNAVAILABLE, false},    /* disk full, memory, too many connections */
	{"57", ERR_UNAVAILABLE, false},    /* operator's intervention */
	{"58", ERR_UNAVAILABLE, false},    /* I/O errors of the server's system */
	{"25P03", ERR_UNAVAILABLE, false}, /* idle_in_transaction_session_timeout */
	{"28", ERR_UNAVAILABLE, false},    /* no access for this user */
	{"3D000", ERR_UNAVAILABLE, false}, /* no such database */
	{"XX", ERR_UNAVAILABLE, false},    /* damaged data, internal errors of the server */
};

err pg_error(const PGconn *pg, const PGresult *result, const char *what, bool *out_repeat)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *words = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	*out_repeat = false;
	if (!state || !words) { /* not from the server: libpq says that it is gone */
		words = PQerrorMessage(pg);
		return fail(ERR_UNAVAILABLE, "postgresql: %s: %.*s", what,
			(int)strcspn(words, "\n"), words);
	}
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (strncmp(state, meanings[i].state, strlen(meanings[i].state)) == 0) {
			*out_repeat = meanings[i].repeat;
			return fail(
				meanings[i].code, "postgresql: %s: %s (%s)", what, words, state);
		}
	return fail(ERR_INTERNAL, "postgresql: %s: %s (%s)", what, words, state);
}

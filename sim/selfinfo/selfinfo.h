#ifndef SIM_SELFINFO_SELFINFO_H
#define SIM_SELFINFO_SELFINFO_H

#include "base/err.h"
#include "http/http.h"

#include <pthread.h>

/*
 * The simulated self-information service: what identity/selfinfo.h of the counter speaks to, for demonstrations and tests. A person chooses on the page of
 * consent in which fictional municipality he lives, and that decides the answer: people.c has the list. Everything is in memory, and gone at the end.
 *
 *   GET, POST /oauth/authorize   the page of consent, and the way back with a code or error=access_denied
 *   POST      /oauth/token       code and verifier for a token; Basic authentication
 *   POST      /request           {"item":"TM00000000000002"} → {"process_id"}
 *   GET       /result            ?process_id= → {"state":"waiting"} until the delay is over, then the answer
 *
 * A code is good once and for a minute, a token for five. A worker's call holds the lock for the time of one look at the table of grants.
 */

#define SELFINFO_GRANTS 256 /* the oldest one gives way */
#define SELFINFO_CODE_MS INT64_C(60000)
#define SELFINFO_TOKEN_MS INT64_C(300000)

struct municipality {
	const char *code, *ja, *en; /* six digits; names */
	const char *answer;         /* "ok", …; "broken": HTTP 503; "never": always waiting */
	const char *answer_ja, *answer_en;
	const char *years;          /* JSON, with "ok" */
};
extern const struct municipality municipalities[];
extern const size_t municipality_count;

struct grant {
	char code[44], token[44], process[44]; /* empty: not there, or used up */
	char challenge[44];
	const struct municipality *home;
	int64_t at;       /* when the code, then the token, was made */
	int64_t ready_at; /* of the result */
};

struct selfinfo_sim {
	struct str client_id, secret, redirect; /* of the one service that is known */
	int64_t delay_ms;
	pthread_mutex_t lock;
	struct grant grants[SELFINFO_GRANTS];
	size_t next;
};

/* What every request comes to. */
void selfinfo_handle(void *sim, const struct request *req, struct response *res);
void selfinfo_refuse(void *sim, int status, struct response *res);

/* The pieces of it. */
void consent_page(struct selfinfo_sim *sim, const struct request *req, struct response *res);
void consent_answer(struct selfinfo_sim *sim, const struct request *req, struct response *res);
void token_answer(struct selfinfo_sim *sim, const struct request *req, struct response *res);
void request_answer(struct selfinfo_sim *sim, const struct request *req, struct response *res);
void result_answer(struct selfinfo_sim *sim, const struct request *req, struct response *res);

/* A JSON answer. */
void answer_json(struct response *res, int status, struct str body);
/* {"error":…} as RFC 6749 section 5.2 has it. */
void answer_error(struct response *res, int status, const char *error);

/* A new grant for a code. Under no lock. */
struct str grant_begin(struct selfinfo_sim *sim, struct arena *arena, const struct municipality *home, struct str challenge, int64_t now);

#endif

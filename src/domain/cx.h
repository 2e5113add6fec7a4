#ifndef DOMAIN_CX_H
#define DOMAIN_CX_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/store.h"

/*
 * The context of a request or job: who asks, when, in which language, with which memory and which
 * transaction. One cx belongs to one thread at a time (store_run may lend it to the writer while
 * its owner waits).
 *
 * Reading: pass cx_tx(cx) to a query. It is the write transaction inside cx_write, else a read
 * transaction that is opened at its first use and ended by the router or job (cx_end). Writing:
 * cx_write(cx, fn, arg); inside fn, cx_tx(cx) writes. In a GET cx_write answers INTERNAL, so that a
 * page view cannot change anything even by mistake.
 */

struct portal; /* domain/portal.h: the frozen data of start-up (procedures, codes, settings, keys)
		*/
struct locale; /* i18n/locale.h */

enum actor_kind { ACTOR_NOBODY, ACTOR_ACCOUNT, ACTOR_JOB, ACTOR_OPERATOR };

enum user_type {
	USER_ORGANIZATION,
	USER_ATTORNEY,
	USER_FOREIGN_NATIONAL,
	USER_LEGAL_REPRESENTATIVE,
	USER_TYPE_COUNT
};

struct actor {
	enum actor_kind kind;
	int64_t account_id; /* ACTOR_ACCOUNT */
	int64_t session_id;
	enum user_type user_type;
	struct str name; /* as registered */
	struct str user_id;
};

struct cx {
	struct arena *arena;
	struct store *store;
	const struct portal *portal;
	const struct locale *locale;
	struct actor actor;
	int64_t now; /* ms since 1970, one value for the whole request */
	struct str request_id;
	bool read_only; /* GET and HEAD */
	struct tx *tx;  /* private to cx.c */
	bool tx_is_write;
	bool again;
};

typedef err cx_fn(struct cx *cx, void *arg);

/* Never NULL: when no transaction could be opened, the queries made with it answer UNAVAILABLE. */
struct tx *cx_tx(struct cx *cx);
/* fn may run several times. LIMIT, and nothing is written: cx.arena is over (base/arena.h). */
err cx_write(struct cx *cx, cx_fn *fn, void *arg);
void cx_end(struct cx *cx);                        /* ends an open read transaction */

/*
 * For fn of cx_write: what it has read is no longer so (the condition in an UPDATE did not hold),
 * roll back and run it anew. Several times; then the RETRY is the caller's answer.
 */
err cx_again(struct cx *cx, const char *why);

/*
 * A new row id: 41 bits of milliseconds since 2020, 22 bits that begin at random and are counted on
 * within the millisecond. It rises with time; in one process it is unique, and of several the
 * primary key decides (cx_write runs fn anew).
 */
int64_t id_new(int64_t now);
/* The least id of that instant: rows made from then on have ids at or above it. Before 2020 it is 0, and behind the last
 * millisecond that ids can tell, in September 2089, the least id of that one. */
int64_t id_first(int64_t at);

#endif

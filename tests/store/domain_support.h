#ifndef DOMAIN_TEST_SUPPORT_H
#define DOMAIN_TEST_SUPPORT_H

#include "support.h"

#include "crypto/seal.h"
#include "domain/application/application.h"
#include "domain/application/number.h"
#include "domain/outbox.h"
#include "domain/portal.h"

/* Tests fail by cmocka's fail_msg(), which needs cmocka's fail(); that of base/err.h is for the
 * program. */
#undef fail
#define fail() _fail(__FILE__, __LINE__)

/*
 * A portal with an empty database of its own for each test, on both engines: the real procedures, a
 * fixed key, a clock that stands still until the test moves it.
 */

struct world {
	struct db *db;
	struct portal portal;
	struct catalogue catalogue; /* a copy: a test may replace procedures */
	struct numbers numbers;
	struct seal_key key;
	int64_t now;
	struct cx cx; /* of nobody, or of who logged in last */
	struct arena arena;
};

#define PASSWORD "Kitsune-2026"
#define START INT64_C(1795000000000) /* 2026-11-18T20:06:40+09:00 */

int world_setup_sqlite(void **state);
int world_setup_pg(void **state);
int world_teardown(void **state);

#define IN_SQLITE(test)                                                           \
	{                                                                         \
#test " (sqlite)", test, world_setup_sqlite, world_teardown, NULL \
	}
#define IN_PG(test)                                                               \
	{                                                                         \
#test " (postgresql)", test, world_setup_pg, world_teardown, NULL \
	}
#define IN_BOTH(test) IN_SQLITE(test), IN_PG(test)

/* A cx of nobody at world->now, with memory of its own; release ends both. For threads, and for a
 * request beside the world's own. */
void cx_make(struct world *world, struct cx *cx);
void cx_release(struct cx *cx);
/* The world's cx anew: nobody, at world->now. */
struct cx *cx_fresh(struct world *world);
void cx_become(struct cx *cx, int64_t account_id); /* a foreign national */

/* An account without the long way; its password is PASSWORD. Answers the id; *user_id may be NULL.
 */
int64_t account_add(struct world *world, const char *email, struct str *user_id);

/* Claims the next mail, which must be of that template, and marks it sent. Values live in the arena
 * of the world's cx. */
struct outbox_mail mail_take(struct world *world, enum mail_template template);
int64_t mails_waiting(struct world *world);

/* A file of the actor's draft that has been found clean; its bytes are nowhere. Answers its id. */
int64_t file_add(struct cx *cx, int64_t draft_id, const char *document, const char *bytes);
/* A complete draft of an extension for a student, with a photo, of cx's actor. */
int64_t draft_fill(struct world *world, struct cx *cx, struct draft *out);
/* All answers of tests/data/<name>. */
void answers_load(struct cx *cx, const char *name, struct answers *out);
/* Stores all answers at once. */
void draft_put(struct cx *cx, const struct draft *draft, const struct answers *answers);

/* Queries that `world` has made so far. */
uint64_t queries_so_far(struct world *world);

/* Runs fn in `count` threads at once, each with a cx of nobody; fn gets the number of its thread.
 */
typedef void thread_fn(struct world *world, struct cx *cx, unsigned number, void *arg);
void in_threads(struct world *world, unsigned count, thread_fn *fn, void *arg);

#define assert_issue(issues, field, wanted)                                                        \
	do {                                                                                       \
		bool assert_found = false;                                                         \
		for (size_t assert_i = 0; assert_i < (issues)->n; assert_i++)                      \
			assert_found =                                                             \
				assert_found || (str_eq((issues)->v[assert_i].path, STR(field)) && \
							(issues)->v[assert_i].msg == (wanted));    \
		if (!assert_found)                                                                 \
			fail_msg("no issue %s at %s", #wanted, field);                             \
	} while (0)

#endif

#ifndef JOBS_WORKER_H
#define JOBS_WORKER_H

#include "domain/cx.h"
#include "jobs/backoff.h"
#include "jobs/bell.h"
#include "jobs/jobs.h"

#include <stdatomic.h>

/*
 * What the threads of jobs/ share, and the loop of each. Private to this folder.
 */

struct shared {
	struct jobs_conf conf;
	struct bell bell;
	int64_t lease_ms;
	int64_t poll_ms;
	struct backoff mail_backoff;
	struct backoff relay_backoff;

	/* While the relay does not answer, nobody tries before relay_again_at (monotonic). */
	pthread_mutex_t relay_lock;
	int64_t relay_failures;
	int64_t relay_again_at;

	_Atomic int64_t aside_told_at; /* monotonic; 0: never */
	_Atomic uint64_t sent, later, failed, lost, done, broken;
};

struct worker {
	struct shared *shared;
	struct arena arena; /* of one step */
	char owner[33];     /* random: names the holder of a lease */
	pthread_t thread;
	bool started;
	bool listens; /* to the bell; the others, for whom nobody waits, look every poll_ms */

	/* The lease under way, for worker_keep. */
	err (*renew)(struct worker *worker);
	int64_t row_id;
	int64_t renew_at;  /* monotonic */
	int64_t lease_end; /* monotonic */
	bool lost;

	bool began; /* the schedule's rows are there */

	int64_t swept_at; /* monotonic; of the one for files: its last sweep */

	struct smtp *smtp; /* of a mail worker; NULL: files */
};

/* A fresh context for a step; its memory is the worker's arena. */
struct cx worker_cx(struct worker *worker);

/* After a claim. */
void worker_holds(struct worker *worker, int64_t row_id, err (*renew)(struct worker *worker));
/* About once a second while the work goes on: renews in time. False: the lease is lost, or the
 * program ends. */
bool worker_keep(void *worker);

/*
 * Says how it ended, again and again while the database is away: what was sent must be known.
 * CONFLICT: the lease was lost; other errors only after the end of the program was asked for.
 */
err worker_settle(
	struct worker *worker, struct cx *cx, err (*say)(struct cx *cx, void *arg), void *arg);

/* One step; true: there was work, look again at once. */
typedef bool worker_step_fn(struct worker *worker);
void worker_loop(struct worker *worker, worker_step_fn *step);

/* jobs/job_mail.c */
err mail_worker_init(struct worker *worker);
void mail_worker_release(struct worker *worker);
bool mail_step(struct worker *worker);
/* jobs/schedule.c */
bool schedule_step(struct worker *worker);
/* jobs/job_tax.c */
bool tax_step(struct worker *worker);
/* jobs/job_files.c */
bool files_step(struct worker *worker);

#endif

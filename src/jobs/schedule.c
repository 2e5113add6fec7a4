#include "jobs/schedule.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "domain/application/draft_warning.h"
#include "domain/attachment/attachment_job.h"
#include "domain/identity/card_warning.h"
#include "domain/identity/identity_adapter.h"
#include "domain/identity/usage.h"
#include "domain/outbox.h"
#include "domain/retention.h"
#include "jobs/queue.h"
#include "jobs/worker.h"

static err warn(struct cx *cx)
{
	size_t made;

	return draft_warn(cx, &made);
}

static err warn_card(struct cx *cx)
{
	size_t made;

	return card_warn(cx, &made);
}

static err warn_usage(struct cx *cx)
{
	size_t made;

	return usage_warn(cx, &made);
}

/* Each may run twice, and is written so that nothing comes of it. To add work: a row here. */
static const struct scheduled {
	struct str kind;
	int64_t every_ms;
	err (*run)(struct cx *cx);
	bool wakes; /* it makes mails */
} table[] = {
	{STR_INIT("draft_warning"), TIME_HOUR, warn, true},
	{STR_INIT("card_warning"), TIME_HOUR, warn_card, true},
	{STR_INIT("usage_warning"), TIME_HOUR, warn_usage, true},
	{STR_INIT("outbox"), TIME_HOUR, outbox_reopen, true},
	{STR_INIT("retention"), TIME_HOUR, retention_run, false},
	{STR_INIT("orphans"), TIME_DAY, attachment_orphans, false},
	{STR_INIT("identity"), TIME_MINUTE, idv_sweep, false},
};

static const struct backoff failed_backoff = {.first_ms = TIME_MINUTE, .longest_ms = TIME_HOUR};

/* The longest that any of it waits: after a failure, with what chance adds. */
#define WAIT_MS (3 * TIME_HOUR / 2)

/* With its period, so that who began a moment earlier takes no wait for too long. */
static err begin_in_tx(struct cx *cx, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		TRY(queue_add(cx, table[i].kind, STR(""), STR(""), cx->now));
		TRY(queue_recall(cx, table[i].kind, STR(""), cx->now + table[i].every_ms + WAIT_MS));
	}
	return ok();
}

err schedule_begin(struct cx *cx)
{
	return cx_write(cx, begin_in_tx, NULL);
}

static const struct scheduled *find(struct str kind)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (str_eq(table[i].kind, kind))
			return &table[i];
	return NULL;
}

struct ending {
	int64_t id;
	struct str owner;
	const struct scheduled *done; /* NULL: later */
	int64_t wait_ms;
	struct str reason;
};

static err say(struct cx *cx, void *arg)
{
	const struct ending *e = arg;

	return e->done ? queue_again(cx, e->id, e->owner, cx->now + e->done->every_ms)
		       : queue_later(cx, e->id, e->owner, cx->now + e->wait_ms, e->reason);
}

static void run(struct worker *worker, struct cx *cx, const struct job *job)
{
	const struct scheduled *scheduled = find(job->kind);
	struct ending ending = {.id = job->id, .owner = str_of(worker->owner), .done = scheduled};

	err result = scheduled ? scheduled->run(cx)
			       : fail(ERR_NOT_FOUND, "work that only a newer program knows");
	if (failed(result)) {
		ending.done = NULL;
		ending.wait_ms =
			scheduled ? backoff_ms(&failed_backoff, job->attempts + 1) : TIME_HOUR;
		ending.reason = str_fmt(cx->arena, "%s: %s", err_name(result.code), err_detail());
		log_event(LOG_ERROR, "job_failed", LOG_STR("kind", job->kind),
			LOG_I64("attempt", job->attempts + 1), LOG_STR("reason", ending.reason));
		atomic_fetch_add(&worker->shared->broken, 1);
	}
	cx_end(cx);
	if (failed(worker_settle(worker, cx, say, &ending)))
		atomic_fetch_add(&worker->shared->lost, 1);
	else if (ending.done)
		atomic_fetch_add(&worker->shared->done, 1);
	if (scheduled && scheduled->wakes)
		bell_ring(&worker->shared->bell);
}

/* The work of the table is short; the lease is long enough for it without renewal. */
#define LEASE_MS (10 * TIME_MINUTE)

bool schedule_step(struct worker *worker)
{
	struct cx cx = worker_cx(worker);
	struct job job = {0};

	if (!worker->began) {
		/* Again until it works: the database may be away when we start. And anew when the clock was set back. */
		worker->began = !failed(schedule_begin(&cx));
		if (!worker->began)
			log_event(LOG_ERROR, "job_queue", LOG_C("detail", err_detail()));
	}
	err claimed = queue_claim(&cx, str_of(worker->owner), LEASE_MS, &job);
	if (failed(claimed)) {
		if (claimed.code == ERR_NOT_FOUND && job.next_at > cx.now + WAIT_MS)
			worker->began = false;
		if (claimed.code != ERR_NOT_FOUND)
			log_event(LOG_ERROR, "job_queue", LOG_C("error", err_name(claimed.code)),
				LOG_C("detail", err_detail()));
		return false;
	}
	run(worker, &cx, &job);
	return true;
}

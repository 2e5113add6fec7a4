#include "jobs/worker.h"

#include "base/limits.h"
#include "base/time.h"
#include "i18n/locale.h"

/* How long work under way may go on after jobs_stop was called. */
#define GRACE_MS (10 * TIME_SECOND)

struct cx worker_cx(struct worker *worker)
{
	arena_reset(&worker->arena);
	return (struct cx){
		.arena = &worker->arena,
		.store = worker->shared->conf.store,
		.portal = worker->shared->conf.portal,
		.locale = locale_get(LANG_JA, false),
		.actor = {.kind = ACTOR_JOB},
		.now = time_now(),
		.request_id = str_of(worker->owner),
	};
}

static void leased(struct worker *worker)
{
	int64_t now = time_monotonic();

	worker->renew_at = now + worker->shared->lease_ms / 3;
	worker->lease_end = now + worker->shared->lease_ms;
}

void worker_holds(struct worker *worker, int64_t row_id, err (*renew)(struct worker *worker))
{
	worker->row_id = row_id;
	worker->renew = renew;
	worker->lost = false;
	leased(worker);
}

bool worker_keep(void *arg)
{
	struct worker *worker = arg;
	int64_t stopped_at = bell_stopped_at(&worker->shared->bell);
	int64_t now = time_monotonic();

	if (stopped_at && now - stopped_at > GRACE_MS)
		return false;
	if (now < worker->renew_at)
		return true;
	err renewed = worker->renew(worker);
	if (!failed(renewed))
		leased(worker);
	else if (renewed.code == ERR_CONFLICT || time_monotonic() > worker->lease_end)
		worker->lost = true; /* as long as the lease lasts, a database that is away for a
					moment is no loss */
	else
		worker->renew_at = now + TIME_SECOND;
	return !worker->lost;
}

err worker_settle(
	struct worker *worker, struct cx *cx, err (*say)(struct cx *cx, void *arg), void *arg)
{
	static const struct backoff again = {.first_ms = 200, .longest_ms = 5 * TIME_SECOND};

	for (int64_t failures = 0;;) {
		cx->now = time_now();
		err said = say(cx, arg);
		if (!failed(said) || said.code == ERR_CONFLICT || said.code == ERR_INTERNAL)
			return said;
		int64_t stopped_at = bell_stopped_at(&worker->shared->bell);
		if (stopped_at && time_monotonic() - stopped_at > GRACE_MS)
			return said;
		usleep((useconds_t)(backoff_ms(&again, ++failures) * 1000));
	}
}

void worker_loop(struct worker *worker, worker_step_fn *step)
{
	struct bell *bell = &worker->shared->bell;

	while (!bell_stopped_at(bell)) {
		uint64_t seen = bell_rings(bell);
		if (step(worker))
			continue;
		if (worker->listens)
			bell_wait(bell, seen, worker->shared->poll_ms);
		else
			bell_sleep(bell, worker->shared->poll_ms);
	}
}

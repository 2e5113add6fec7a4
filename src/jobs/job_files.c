#include "base/log.h"
#include "base/time.h"
#include "files/files.h"
#include "jobs/worker.h"

/*
 * Files that nobody is waiting for at a page: checks that must be made again (the process that began them has died, or the virus scanner did
 * not answer), uploads that are given up, blobs that nobody names any more; and once a day what crashes have left.
 */

#define SWEEP_MS TIME_DAY
#define FIRST_SWEEP_MS (10 * TIME_MINUTE)

static bool tell(const char *what, err e)
{
	if (failed(e) && e.code != ERR_NOT_FOUND)
		log_event(LOG_ERROR, what, LOG_C("error", err_name(e.code)), LOG_C("detail", err_detail()));
	return !failed(e);
}

static void sweep(struct worker *worker, struct cx *cx)
{
	struct files_swept swept;
	err e = files_sweep(worker->shared->conf.files, cx, &swept);

	if (tell("files_sweep", e) && swept.spool + swept.blobs > 0)
		log_event(LOG_INFO, "files_swept", LOG_I64("spool", (int64_t)swept.spool), LOG_I64("blobs", (int64_t)swept.blobs));
}

bool files_step(struct worker *worker)
{
	struct cx cx = worker_cx(worker);
	const struct files *files = worker->shared->conf.files;
	int64_t now = time_monotonic();
	bool did = tell("files_check", files_due(files, &cx));

	cx_end(&cx);
	if (!did)
		did = tell("files_drop", files_drop(files, &cx));
	cx_end(&cx);
	if (worker->swept_at == 0)
		worker->swept_at = now - SWEEP_MS + FIRST_SWEEP_MS;
	if (!did && now - worker->swept_at >= SWEEP_MS) {
		worker->swept_at = now;
		sweep(worker, &cx);
		cx_end(&cx);
	}
	return did;
}

#include "base/log.h"
#include "identity/selfinfo.h"
#include "jobs/worker.h"

/* Asks the self-information service whether what a person consented to is there yet. One question each step, so that all get their turn. */
bool tax_step(struct worker *worker)
{
	struct cx cx = worker_cx(worker);
	err e = selfinfo_ask(&cx, worker->shared->conf.selfinfo);

	cx_end(&cx);
	if (failed(e) && e.code != ERR_NOT_FOUND)
		log_event(LOG_ERROR, "tax_work", LOG_C("error", err_name(e.code)), LOG_C("detail", err_detail()));
	return !failed(e);
}

#ifndef JOBS_QUEUE_H
#define JOBS_QUEUE_H

#include "domain/cx.h"

/*
 * The table of jobs: work that is due at a time, done by one worker at a time under a lease
 * (jobs/jobs.h), which must be long enough for it. A job does not end: it comes back, or is tried
 * again. There is one of a kind and name. Each function but queue_add is a transaction of its own;
 * queue_add is one unless it is called inside cx_write.
 */

struct job {
	int64_t id;
	struct str kind;
	struct str name;
	struct str payload;
	int64_t attempts; /* before this one */
	int64_t next_at;
};

/* No error when there is such a job already. */
err queue_add(struct cx *cx, struct str kind, struct str name, struct str payload, int64_t next_at);

/* Due now, when it is later than latest: no work of ours waits that long, so a clock ran ahead that has been set back since. As queue_add. */
err queue_recall(struct cx *cx, struct str kind, struct str name, int64_t latest);

/* For operators: the one that is due first before the others. */
struct queue_row {
	int64_t id;
	struct str kind, name;
	int64_t attempts; /* since it was done last */
	int64_t next_at;
	struct str last_error;
};
err queue_list(struct cx *cx, size_t most, struct queue_row **out, size_t *count);

/* NOT_FOUND: nothing is due before out->next_at; 0: there is no job. Reads before it writes. */
err queue_claim(struct cx *cx, struct str owner, int64_t lease_ms, struct job *out);

/* Done, and to come back. CONFLICT: the lease was lost. */
err queue_again(struct cx *cx, int64_t id, struct str owner, int64_t next_at);
/* After a failure. */
err queue_later(struct cx *cx, int64_t id, struct str owner, int64_t next_at, struct str reason);

#endif

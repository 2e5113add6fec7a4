#ifndef DOMAIN_APPLICATION_APPLICATION_STEP_H
#define DOMAIN_APPLICATION_APPLICATION_STEP_H

#include "domain/application/lifecycle.h"

/*
 * One step of an application's life as it is written: status, history and audit entry together, and the end of what was open to be modified
 * where it leads out of that status (status_amends). Used by application_change and by the modules
 * whose decisions are steps (domain/identity/usage.h); everybody else calls those.
 */

struct application_step {
	int64_t account_id, id;
	int64_t revision; /* that the step was decided from */
	enum status from;
	enum event event;
	unsigned party;
	enum actor_kind by; /* so say the history and the audit */
	struct str note;
	struct str token; /* of the draft that is submitted again by it; absent: of none */
};

/* Inside cx_write. DENIED, CONFLICT as transition_require; another step at the same moment: cx_again. */
err application_step(struct cx *cx, const struct application_step *step);

#endif

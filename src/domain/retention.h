#ifndef DOMAIN_RETENTION_H
#define DOMAIN_RETENTION_H

#include "domain/cx.h"

/*
 * What is no longer needed is deleted: links and registrations after their time, ended sessions,
 * throttles that are free, drafts that nobody saved for settings.draft_keep_ms, mails that have
 * ended. Applications, their history and the audit chain are not touched.
 *
 * For a job, once a day or more often; each kind is a transaction of its own.
 */

/* How long ended mails can be looked at. */
#define RETENTION_ENDED_MS (30 * INT64_C(86400000))
/* Expired links stay so long, so that who comes late is told "expired" and not "unknown". */
#define RETENTION_LINK_MS (7 * INT64_C(86400000))

err retention_run(struct cx *cx);

#endif

#ifndef DOMAIN_RETENTION_H
#define DOMAIN_RETENTION_H

#include "domain/cx.h"

/*
 * What is no longer needed is deleted: links and registrations after their time, sessions that have
 * ended in any case, throttles that are free, drafts that nobody saved for settings.draft_keep_ms with
 * their files, mails that have ended. Applications, their history and the audit chain are not touched.
 *
 * For a job, once an hour; each kind is a transaction of its own, or several, so that nobody waits
 * long for the one writer of SQLite. No table is walked for it but that of the throttles, of which few
 * are left.
 */

/* How long ended mails can be looked at. */
#define RETENTION_ENDED_MS (30 * INT64_C(86400000))
/* Expired links stay so long, so that who comes late is told "expired" and not "unknown". */
#define RETENTION_LINK_MS (7 * INT64_C(86400000))

err retention_run(struct cx *cx);

#endif

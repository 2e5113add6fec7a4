#ifndef DOMAIN_ATTACHMENT_ATTACHMENT_KEEP_H
#define DOMAIN_ATTACHMENT_ATTACHMENT_KEEP_H

#include "domain/attachment/attachment.h"
#include "domain/audit.h"

/* What becomes of a draft's files when it is submitted or thrown away. All inside cx_write. */

/*
 * They go with the application, all others are dropped. `files`: of attachment_list_in(); the caller has taken the draft away as it
 * was then, so that is what is there. CONFLICT: it is not.
 */
err attachment_keep(struct cx *cx, const struct attachments *files, const struct draft *draft, int64_t application_id, struct attachment_gone *gone);

/* What the audit is told of those that go along (later: that are handed out), each with its digest: at most files->n notes; answers how many. */
size_t attachment_notes(struct arena *arena, const struct attachments *files, struct str event, struct audit_note *out);

err attachment_drop(struct cx *cx, int64_t account_id, int64_t draft_id, struct attachment_gone *gone);

#endif

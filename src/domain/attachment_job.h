#ifndef DOMAIN_ATTACHMENT_JOB_H
#define DOMAIN_ATTACHMENT_JOB_H

#include "domain/attachment.h"

/* Rows of files without a person waiting: what is due, what is to be deleted, what is still wanted. For files/sweep.c and retention. */

/*
 * A row whose time has come. An upload that is given up is ended here; one that must be checked (again) is handed out, and is nobody else's for
 * ATTACHMENT_CHECK_MS. *out: state ATTACHMENT_MISSING when it was ended. NOT_FOUND: none.
 */
err attachment_due(struct cx *cx, struct attachment *out);
/* Inside cx_write: what belonged to drafts that are gone. */
err attachment_purge(struct cx *cx);
/* The next blob that nobody names any more: delete it now. NOT_FOUND: none. */
err attachment_dropped(struct cx *cx, struct str *out);
/* Whether any row names the blob; whether the bytes of that row in the spool are still wanted. */
err attachment_blob_used(struct cx *cx, struct str blob, bool *out);
err attachment_spool_used(struct cx *cx, int64_t account_id, int64_t id, bool *out);

#endif

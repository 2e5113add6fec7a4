#ifndef DOMAIN_ATTACHMENT_ATTACHMENT_JOB_H
#define DOMAIN_ATTACHMENT_ATTACHMENT_JOB_H

#include "domain/attachment/attachment.h"

/* Rows of files without a person waiting: what is due, what is to be deleted, what is still wanted. For files/sweep.c and retention. */

/*
 * A row whose time has come. An upload that is given up is ended here; one that must be checked (again) is handed out, and is nobody else's for
 * ATTACHMENT_CHECK_MS. *out: state ATTACHMENT_MISSING when it was ended. NOT_FOUND: none.
 */
err attachment_due(struct cx *cx, struct attachment *out);
/*
 * Drops files whose draft is gone. Whatever ends a draft drops its files with it (attachment_keep.h), so there are none, unless a program
 * before this one has left them. Looks at all drafts that have files, some at a time; each that it finds is a transaction of its own.
 */
err attachment_orphans(struct cx *cx);
/* The next blob that nobody names any more: delete it now. NOT_FOUND: none. */
err attachment_dropped(struct cx *cx, struct str *out);
/* Whether any row names the blob; whether the bytes of that row in the spool are still wanted. */
err attachment_blob_used(struct cx *cx, struct str blob, bool *out);
err attachment_spool_used(struct cx *cx, int64_t account_id, int64_t id, bool *out);

/* The key of the files that were sealed last, wrapped for attachment_owner(*account_id). NOT_FOUND: none were. */
err attachment_key_last(struct cx *cx, int64_t *account_id, struct str *wrapped);

/* What is kept of a file, or a picture beside it, with what opens it. */
struct attachment_blob {
	int64_t account_id, attachment_id;
	struct str reference; /* of the application; empty: of a draft */
	struct str blob, digest;
	int64_t size;
	struct str key;
};
struct attachment_blobs {
	struct attachment_blob *v;
	size_t n;
	int64_t account_id, attachment_id; /* where the next call goes on; n is 0 when there is nothing more */
};
/* The next ones of everybody, in an order that is always the same. *blobs all zero: the first. */
err attachment_blobs_next(struct cx *cx, struct attachment_blobs *blobs);

#endif

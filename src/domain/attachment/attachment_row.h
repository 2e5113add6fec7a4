#ifndef DOMAIN_ATTACHMENT_ATTACHMENT_ROW_H
#define DOMAIN_ATTACHMENT_ATTACHMENT_ROW_H

#include "domain/attachment/attachment.h"

/* What the files of domain/attachment/attachment.h share: rows, and the way past the draft's row. Used by attachment*.c only. */

/* Kinds of attachment_beside. */
enum { BESIDE_NONE, BESIDE_THUMBNAIL, BESIDE_WHOLE };

/* A name as it is kept, and back. */
struct str attachment_name_seal(struct cx *cx, int64_t account_id, int64_t id, struct str name);

/* Whether it counts towards the ceilings. */
bool attachment_counts(enum attachment_state state);
/* Whether its bytes may lie in the spool. */
bool attachment_in_spool(enum attachment_state state);

/* The files of a draft or (draft_id 0) of an application, whoever asks. */
err attachment_rows(struct cx *cx, int64_t account_id, int64_t draft_id, int64_t application_id, struct attachments *out);

/* Inside cx_write: UPLOADING or CHECKING → PROBLEM. CONFLICT: neither. */
err attachment_refuse(struct cx *cx, const struct attachment *attachment, const struct attachment_verdict *verdict);

/* Inside cx_write: the row's blobs will not be named by it any more. What names them again is taken off by attachment_named. */
err attachment_drop_blobs(struct cx *cx, const struct attachment *attachment);
err attachment_named(struct cx *cx, struct str blob); /* empty: nothing */

/* Inside cx_write, first: all who change a draft's files pass here one after the other. NOT_FOUND: the draft is gone. */
err attachment_touch(struct cx *cx, int64_t account_id, int64_t draft_id);

#endif

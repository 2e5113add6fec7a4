#ifndef DOMAIN_ATTACHMENT_ATTACHMENT_WAIT_H
#define DOMAIN_ATTACHMENT_ATTACHMENT_WAIT_H

#include "domain/attachment/attachment.h"

/*
 * Checks that take long, or cannot be made now. A row that waits is CHECKING, with the reason for what (attachment_wait), and its detail is how many
 * checks of this very file have begun and ended without an answer: so what can never be checked is known from what only comes at a bad time. The count
 * begins anew when the file waits for something else, and ends with the verdict.
 *
 * Transactions, owners and errors as in domain/attachment/attachment.h.
 */

/* How many have so far, waiting for that. */
int64_t attachment_tries(const struct attachment *attachment, struct str reason);
/* One more; after attachment_wait. */
err attachment_tried(struct cx *cx, const struct attachment *attachment);

/* Still at it: until then nobody else begins. CONFLICT: the row is gone, or somebody has been faster. */
err attachment_hold(struct cx *cx, const struct attachment *attachment, int64_t until_at);

/*
 * A photo that could not be cut anew: CHECKING → OK as it was, with the part of before and the reason ATTACHMENT_UNCUT, until it is cut again. CONFLICT:
 * it is not being cut.
 */
#define ATTACHMENT_UNCUT "uncut"
err attachment_cut_back(struct cx *cx, const struct attachment *attachment);

/* For the operator: files of everybody whose check has not ended, by what they wait for. */
struct attachment_waiting {
	struct str reason; /* empty: a check that was begun long ago and was not ended */
	int64_t files;
	int64_t since;     /* when the first of them had arrived */
	int64_t tries;     /* the most of one of them */
	int64_t next_at;   /* the next check */
};
err attachment_waiting(struct cx *cx, struct attachment_waiting **out, size_t *count);

#endif

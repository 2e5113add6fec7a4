#ifndef IDENTITY_CARDLINK_CHECK_H
#define IDENTITY_CARDLINK_CHECK_H

#include "identity/cardlink_message.h"

/* What the card said, and what comes of it. Private to this adapter. */

/* From the members of a submission, all but the statement. bad_member: another operation than was asked for, a method that does not go with it, a
 * member that is missing, too long, or one of the other method. */
enum idv_error cardlink_said_read(struct cx *cx, const struct cardlink_message *message, struct evidence *out);

/*
 * Outside of any transaction: it asks the authority's responder, which may take EVIDENCE_TRIES times EVIDENCE_TRY_MS; cx->now is moved on by the time
 * that passed. *fault NONE: *out is the result. *why is for the audit.
 */
err cardlink_check(struct cx *cx, const struct cardlink *link, const struct idv_tx *tx, const struct evidence *said, struct idv_result *out,
	enum idv_error *fault, struct str *why);

#endif

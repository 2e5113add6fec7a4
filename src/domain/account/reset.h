#ifndef DOMAIN_ACCOUNT_RESET_H
#define DOMAIN_ACCOUNT_RESET_H

#include "domain/cx.h"
#include "domain/form/form.h"

/*
 * For those who cannot log in: a mail with the user ID, a link to a new password, a link that lifts
 * a lock.
 *
 * The requests never tell whether an account exists, and cost the same. A link is good once and for
 * its time; looking at it does not consume it. A new password lifts the lock, ends all sessions and
 * all other links of the account, and is told by mail.
 */

/* Mails the user ID; to an unknown address a mail that says so. Issue at "email". LIMIT: too often.
 */
err forgot_id_request(struct cx *cx, struct str email, struct str source, struct issues *issues);

/* `login`: user ID or e-mail address. Issue at "login". LIMIT: too often. */
err forgot_password_request(
	struct cx *cx, struct str login, struct str source, struct issues *issues);

struct reset_link {
	int64_t account_id;
	int64_t expires_at;
};

/* NOT_FOUND: no such link; CONFLICT: used or expired. */
err reset_find(struct cx *cx, struct str token, struct reset_link *out);

/* Issues at "password", "password_again": nothing is changed. Errors as reset_find. Hashes outside
 * the transaction. */
err reset_complete(struct cx *cx, struct str token, struct str password, struct str password_again,
	struct issues *issues);

/* The link of the mail that tells of a lock. */
err unlock_find(struct cx *cx, struct str token, struct reset_link *out);
err unlock_complete(struct cx *cx, struct str token);

#endif

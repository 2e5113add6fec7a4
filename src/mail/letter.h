#ifndef MAIL_LETTER_H
#define MAIL_LETTER_H

#include "domain/outbox.h"

/*
 * A row of the outbox as a complete message: its template (templates/mail/<name>.txt) in the
 * person's language, then, when that is not Japanese, the same in Japanese, because the person may
 * show it to somebody here. Links begin with settings.base_url and nothing that came with a
 * request.
 *
 * A letter says no more about a person than it must: no name but that of the applicant on the
 * notice of reception, which people show as a proof. Names of procedures and offices are those of
 * today's catalogue; one that is gone is shown by its id.
 */

/* Whom to ask; empty parts are left out. */
struct letter_contact {
	struct str phone;
	struct str hours[LANG_COUNT];
	struct str email;
};

/* INVALID: the row's recipient or a value cannot stand in a mail; LIMIT: too long. Lives in
 * cx->arena. */
err letter_write(struct cx *cx, const struct letter_contact *contact,
	const struct outbox_mail *mail, struct str *out);

/* Until when the link is good that the letter is all about; 0: it has none. */
int64_t letter_link_until(const struct outbox_mail *mail);
/* After this it is not tried again: its link has expired, or it is five days old. */
int64_t letter_good_until(const struct outbox_mail *mail);

#endif

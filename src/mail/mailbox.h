#ifndef MAIL_MAILBOX_H
#define MAIL_MAILBOX_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

/*
 * Reading back the mails of mail/file.h, for the development mailbox and for tests: what message.c
 * wrote, nothing more general. Texts live in the arena.
 */

struct mailbox_mail {
	struct str name;    /* of the file, without ".eml" */
	int64_t at;         /* from the name */
	struct str to;      /* address */
	struct str subject; /* decoded */
	struct str body;    /* decoded, LF line ends; only from mailbox_find */
};

/* The newest first, at most `limit`; files that are no mail of ours are left out. An absent folder
 * is an empty mailbox. */
err mailbox_list(struct arena *arena, struct str folder, size_t limit, struct mailbox_mail **out,
	size_t *count);

/* NOT_FOUND: no such file, or no name of one; INVALID: not a mail of ours. */
err mailbox_find(struct arena *arena, struct str folder, struct str name, struct mailbox_mail *out);

/* The message itself; name and time are left alone. INVALID as above. */
err mailbox_parse(struct arena *arena, struct str message, struct mailbox_mail *out);

#endif

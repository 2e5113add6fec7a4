#ifndef DOMAIN_ATTACHMENT_ATTACHMENT_LOST_H
#define DOMAIN_ATTACHMENT_ATTACHMENT_LOST_H

#include "domain/cx.h"

/*
 * Files whose key does not open any more, because files.key is another (domain/installation.h). Those of a draft are sent once more: its key is emptied, so that
 * the next file makes one, and each file that it sealed is a PROBLEM of the reason "lost". Those of an application stay as they are, because the key may still be
 * found: they are listed and not given, and a draft in which it is modified begins without them.
 */

/* Whether what was sealed with it can be read. True of no key, and where nobody knows (portal.files_key_opens). */
bool attachment_key_opens(const struct cx *cx, int64_t account_id, struct str wrapped);

/* Inside cx_write: all that a draft has kept is lost. In one that modifies an application what was lost is open, too. */
err attachment_lose(struct cx *cx, int64_t account_id, int64_t draft_id);

/* installation_key.accepted of files.key, inside cx_write: of every draft whose key does not open. */
err attachment_lose_all(struct cx *cx);

#endif

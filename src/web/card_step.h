#ifndef WEB_CARD_STEP_H
#define WEB_CARD_STEP_H

#include "domain/draft.h"
#include "domain/identity.h"
#include "web/exchange.h"

/*
 * The way through the card: a draft whose procedure wants a reading opens its form only behind it. What is read next, for what, and where the
 * browser goes afterwards follows from the draft in the store, never from the form that is sent.
 */

/* The form is closed until the card has been read: leads there, and answers true. */
bool card_is_first(const struct draft *draft);
err card_lead(struct exchange *ex, const struct draft *draft);

/*
 * Begins the next reading and leads to its QR code. draft NULL: for the link itself, because the card was renewed. A reading of the certificate
 * that is done, of this session and for the same purpose and draft, is gone on from.
 */
err card_read_next(struct exchange *ex, const struct draft *draft);

/* The same at the OpenID provider, in one trip. */
err card_read_at_provider(struct exchange *ex, const struct draft *draft);

/* Whether the first of two readings is done; *chain is its id, absent: not. */
err card_chain(struct exchange *ex, const struct draft *draft, struct str *chain);

#endif

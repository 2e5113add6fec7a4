#ifndef WEB_CARD_STEP_H
#define WEB_CARD_STEP_H

#include "domain/application/draft.h"
#include "domain/identity/identity.h"
#include "web/exchange.h"

/*
 * The way through the card: a draft whose procedure wants a reading opens its form only behind it. A reading is begun by POST /id/tx; this says
 * which one comes next, and where the browser goes when it is done. draft NULL: for the link itself, because the card was renewed.
 */

/* The form is closed until the card has been read, and opens behind card_lead's page. */
bool card_is_first(const struct draft *draft);
err card_lead(struct exchange *ex, const struct draft *draft);

struct card_reading {
	enum idv_op op;
	enum idv_purpose purpose;
	struct str chain; /* the first of two readings is done: its id; absent: not */
};
err card_reading_next(struct exchange *ex, const struct draft *draft, struct card_reading *out);

/* Behind the certificate the browser comes back for the four items; behind those to the form, or to my page. */
struct str card_page_after(struct exchange *ex, enum idv_op op, enum idv_purpose purpose, int64_t draft_id);

#endif

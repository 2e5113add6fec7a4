#ifndef WEB_CARD_PANEL_H
#define WEB_CARD_PANEL_H

#include "domain/identity/identity_card.h"
#include "render/templates.h"
#include "web/exchange.h"

/* What my page says of the person's card. */
err card_panel_view(struct exchange *ex, struct view_account_show *view);

/* That the certificate ends within 60 days, or has ended, and what to do; empty: neither. */
struct html card_warning(struct exchange *ex, const struct card_link *link);

#endif

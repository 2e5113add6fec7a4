#ifndef WEB_FEE_VIEW_H
#define WEB_FEE_VIEW_H

#include "domain/definition/fee.h"
#include "domain/form/form.h"
#include "render/templates.h"
#include "web/exchange.h"

/* Fees for the eye: amounts in the reader's form, and what each is for. */

/* What an application costs that was or will be received on that day. */
void fees_due_view(struct exchange *ex, const struct procedure *procedure, const struct answers *answers, int32_t received, struct view_part_fees *out);

/* Today's fees of a procedure: by channel, and what may be applied for beside it. */
void fees_list_view(struct exchange *ex, const struct procedure *procedure, struct view_part_fees *out);

/* The online fee in one line; empty: nothing is said of it. */
struct html fee_line_view(struct exchange *ex, const struct procedure *procedure);

#endif

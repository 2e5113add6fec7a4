#ifndef WEB_SECTION_CHANGE_H
#define WEB_SECTION_CHANGE_H

#include "domain/application/draft.h"
#include "domain/form/form_drop.h"
#include "web/exchange.h"

/*
 * A posted answer that would leave other answers unused is not taken at once: everything else of the page is, and the person is asked, with
 * a list of what would no longer be used. "Change" posts those answers alone, with _drop; "Keep as it was" leads back to the page.
 */

struct section_change {
	struct answers before, after; /* all answers as they were, and as the page would have them */
	struct drops drops;           /* empty: nothing is to be asked */
	struct str *causes;           /* paths of the answers that are not taken yet */
	size_t cause_count;
};

/* `before`: what was stored; `answers`: with the posted page, and calculated. What is asked about is put back in them. */
void section_change_hold(struct exchange *ex, const struct form_scope *scope, const struct section *section, const struct answers *before,
	struct answers *answers, struct section_change *out);

err section_change_ask(struct exchange *ex, const struct draft *draft, const struct section *section, const struct section_change *change);

#endif

#ifndef WEB_SECTION_POST_H
#define WEB_SECTION_POST_H

#include "domain/application/draft.h"
#include "web/exchange.h"

/*
 * The posted page of a section into answers. Each field of the section that the page carried is taken: text as typed and converted to the
 * form's own (form_apply), the parts of a date joined, the ticks of a list joined. A field that was not on the page (a row just
 * added elsewhere) is left as it is.
 */

/*
 * Whatever the button asked for is done to the answers: a row added or removed, a choice cleared, an address found. `issues` gets
 * what could not be done: a postal code that is not known, an address that does not fit.
 */
void section_post_read(struct exchange *ex, const struct section *section, struct answers *answers, struct issues *issues);

/* Only what a row's own button asked for: the row goes. */
void section_post_remove(const struct exchange *ex, const struct section *section, struct answers *answers);

/* Whether the press was for the page itself (add, remove, clear, search), so that it is to be shown again. */
bool section_post_stays(const struct exchange *ex);

#endif

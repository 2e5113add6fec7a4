#ifndef WEB_SECTION_CONFLICT_H
#define WEB_SECTION_CONFLICT_H

#include "domain/form/form.h"
#include "web/exchange.h"

/* Adds what is said at a field that was changed on this page and elsewhere at the same time: what is stored (the answers of `stored`) now. */
void section_conflict_issue(struct exchange *ex, const struct form_scope *stored, const struct field *field, struct issues *issues);

#endif

#ifndef WEB_SECTION_SEEN_H
#define WEB_SECTION_SEEN_H

#include "domain/form/form_merge.h"
#include "web/exchange.h"

/*
 * What a section's page tells of itself in its field `_seen`: a name that it keeps as long as it is open, and the marks of the answers it was
 * made from (domain/form/form_merge.h). Both come back from the browser and may be anything: they decide only which of a person's own
 * answers stays.
 */

#define SEEN_PAGE 8 /* characters of the name */

struct section_seen {
	struct str page;  /* empty: the page has no name, or none that is one */
	struct str marks;
};

struct section_seen section_seen_read(const struct exchange *ex);

/* The field's value for the page that goes out now; a page that is answered in place keeps its name. */
struct str section_seen_write(struct exchange *ex, const struct section *section, const struct answers *answers);

/* For an answer while typing: what the page still shows. Its marks become those of the answers that were taken from it; the others stay. */
struct str section_seen_again(struct exchange *ex, const struct section *section, const struct answers *answers, const enum form_merged *merged);

#endif

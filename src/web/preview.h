#ifndef WEB_PREVIEW_H
#define WEB_PREVIEW_H

#include "domain/definition/procedure.h"
#include "i18n/locale.h"

/*
 * A form on one page, for whoever writes procedures: every section and question that somebody can be asked, as their pages show it, each
 * with its condition. It needs no request, no account and no database, and nothing of it is sent anywhere.
 */

/*
 * A whole HTML document with its style inside. `status`: only what those are asked who chose this value of the procedure's status_field;
 * empty: everybody. INVALID: the procedure has no such field or value; LIMIT: larger than `out` takes.
 */
err preview_write(struct arena *arena, const struct procedure *procedure, struct str status, const struct locale *locale, int32_t today,
	struct buf *out);

/* How one section stands on its page, with all that can be asked in it; for measuring. */
void preview_section(struct arena *arena, const struct procedure *procedure, const struct section *section, const struct locale *locale,
	int32_t today, struct buf *out);

#endif

#ifndef DOMAIN_NOTICE_H
#define DOMAIN_NOTICE_H

#include "domain/cx.h"
#include "i18n/locale.h"

/* What the operator tells everybody: dated notices, and the hours at which the portal will be
 * closed. */

struct notice {
	int64_t id;
	int64_t published_at;
	int64_t until_at; /* no longer listed then; 0: open */
	struct str title[LANG_COUNT];
	struct str body[LANG_COUNT]; /* paragraphs, separated by an empty line */
};

/* Those that are out, the newest first. */
err notice_list(struct cx *cx, size_t limit, size_t offset, struct notice **out, size_t *count,
	size_t *total);
err notice_require(struct cx *cx, int64_t id, struct notice *out);

/* Operators. DENIED to all others. */
err notice_add(struct cx *cx, const struct notice *notice, int64_t *out_id);
err notice_remove(struct cx *cx, int64_t id);

struct maintenance {
	int64_t announced_at; /* a banner from then on */
	int64_t starts_at;
	int64_t ends_at;
	struct str words[LANG_COUNT]; /* why, may be empty */
};

/* The window to be told now: running, or announced and not over. NOT_FOUND: none. Running:
 * starts_at <= cx->now. */
err maintenance_find(struct cx *cx, struct maintenance *out);
/* Several may lie ahead. INVALID: out of order. DENIED to all but operators. */
err maintenance_set(struct cx *cx, const struct maintenance *maintenance);
/* All that are not over. */
err maintenance_clear(struct cx *cx);

#endif

#ifndef DOMAIN_NOTICE_H
#define DOMAIN_NOTICE_H

#include "domain/cx.h"
#include "i18n/locale.h"

/*
 * What the operator tells everybody: dated notices, and the hours at which the portal will be
 * closed. Texts may have readings (i18n/ruby.h). What only operators may do is DENIED to all
 * others. INVALID and LIMIT come with words that say to the operator what to mend.
 */

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

/* Operators. Also those that are over or not out yet, the newest first, without their bodies. */
err notice_all(struct cx *cx, size_t limit, struct notice **out, size_t *count);
/* INVALID: a title or a body is missing in a language or cannot be shown, or it would be over before it is out or already. LIMIT: too
 * long (LIMIT_NOTICE_…). */
err notice_add(struct cx *cx, const struct notice *notice, int64_t *out_id);
err notice_remove(struct cx *cx, int64_t id); /* NOT_FOUND */

struct maintenance {
	int64_t announced_at; /* a banner from then on */
	int64_t starts_at;
	int64_t ends_at;
	struct str words[LANG_COUNT]; /* why, one line; may be empty in all languages */
};

/* The window to be told now: running, or announced and not over. NOT_FOUND: none. Running:
 * starts_at <= cx->now. */
err maintenance_find(struct cx *cx, struct maintenance *out);
/* Operators. All that are not over, in their order. */
err maintenance_list(struct cx *cx, size_t limit, struct maintenance **out, size_t *count);
/* Several may lie ahead. INVALID: out of order or over already, or its words lack a language or cannot be shown. LIMIT: too long
 * (LIMIT_MAINTENANCE_WORDS). */
err maintenance_set(struct cx *cx, const struct maintenance *maintenance);
err maintenance_clear(struct cx *cx); /* all that are not over. NOT_FOUND: there is none */

#endif

#ifndef WEB_IDV_VIEW_H
#define WEB_IDV_VIEW_H

#include "domain/identity/identity.h"
#include "web/exchange.h"

/*
 * What is said about a transaction (domain/identity/identity.h): one table of words for each error of domain/identity/idv_errors.def, one line for
 * each state, and the same for script and for programs as JSON. Pages are made from the transaction alone, so a page that was
 * fetched again says what is true now.
 */

struct idv_words {
	enum msg title;  /* what it is */
	enum msg detail; /* what happened */
	enum msg next;   /* what to do */
};
extern const struct idv_words idv_words[IDV_ERROR_COUNT];

/* Why it ended; of one that ended without a word, what its state says. */
enum idv_error idv_reason(const struct idv_tx *tx);

enum msg idv_title(const struct idv_tx *tx); /* the manual's */
struct html idv_line(struct exchange *ex, const struct idv_tx *tx); /* what goes on */
int64_t idv_seconds_left(const struct exchange *ex, const struct idv_tx *tx);

/* The object of GET /id/tx/:tx/status. */
void idv_json(struct exchange *ex, struct buf *out, const struct idv_tx *tx, unsigned interval);
/* {"error":{"code":…,"title":…,"detail":…,"retry":…}} */
void idv_json_error(struct exchange *ex, struct buf *out, enum idv_error error);

/* The page of an open or finished one; the page of one that ended otherwise; with `status`. `wrong`: what is said at the field of the number. */
err idv_page(struct exchange *ex, int status, const struct idv_tx *tx, enum msg wrong);
/* The page of an error without, or before the end of, a transaction (tx NULL); `until`: when there may be a new code, 0: not said. */
err idv_error_page(struct exchange *ex, int status, enum idv_error error, const struct idv_tx *tx, int64_t until);

/* One could not be begun: too many codes, or the way is switched off. Other errors are handed back. */
err idv_not_begun(struct exchange *ex, err e, const struct idv_tx *tx);

/* It is done: the session's new cookie, and on to where it leads. */
err idv_go_on(struct exchange *ex, struct str id);

#endif

#ifndef DOMAIN_ATTACHMENT_ATTACHMENT_PAGE_H
#define DOMAIN_ATTACHMENT_ATTACHMENT_PAGE_H

#include "domain/attachment/attachment.h"

/*
 * What a person makes of pictures at the counter: the facial photo, cut out of a whole one, and one document out of photographed pages.
 *
 * Pages are rows like files (attachment_begin with .page), in the order of their numbers. They have room of their own (LIMIT_PAGES_IN a document,
 * LIMIT_PAGES_DRAFT a draft), count for no ceiling, go with no application, and end when one document has been made of them.
 *
 * Transactions, owners and errors as in domain/attachment/attachment.h.
 */

/* The pages of one document, in their order. *count of them. */
const struct attachment **attachment_pages(struct arena *arena, const struct attachments *list, struct str document, size_t *count);

/* One page a place up (-1) or down (+1); at the end nothing happens. NOT_FOUND: no such page. */
err attachment_page_move(struct cx *cx, int64_t draft_id, int64_t id, int by);

/* Away with these pages: they have become a file. Whatever else is there stays, also what has come or been found good meanwhile. */
err attachment_pages_end(struct cx *cx, int64_t draft_id, const int64_t *ids, size_t count);

/*
 * Where a photo is cut from now on: OK → CHECKING, to be made anew by files_check. The rectangle is brought inside the whole photo and to 3:4, at least
 * LIMIT_PHOTO_LEAST_WIDTH wide, so nothing that is sent can spoil the photo. NOT_FOUND: no such photo. CONFLICT: there is nothing to cut it from, or
 * it is being cut.
 */
err attachment_cut(struct cx *cx, int64_t draft_id, int64_t id, struct attachment_cut cut, struct attachment *out);
struct attachment_cut attachment_cut_fit(struct attachment_cut cut, int64_t width, int64_t height);

/* "No photo needed": DENIED when the procedure does not allow it with these answers. */
err attachment_photo_skip(struct cx *cx, int64_t draft_id, bool skip, struct attachment_gone *gone);

/* ---- files of earlier applications ---- */

struct attachment_earlier {
	struct attachment attachment;
	struct str key;         /* of its application */
	struct str reference;
	int64_t submitted_at;
};
/* The actor's own that can be read, the last first, at most ATTACHMENT_EARLIER. Taking one again is an upload from the store: files/intake.h. */
#define ATTACHMENT_EARLIER 100
err attachment_earlier(struct cx *cx, struct attachment_earlier **out, size_t *count);

#endif

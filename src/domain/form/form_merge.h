#ifndef DOMAIN_FORM_FORM_MERGE_H
#define DOMAIN_FORM_FORM_MERGE_H

#include "domain/form/form.h"

/*
 * Two pages of the same section, on two devices or in two tabs, do not undo each other. A page carries a mark of each answer that it was made
 * from; when it comes back, what its person changed is told from what the page merely still says: a three-way merge. A group counts as one
 * answer, because rows move.
 *
 * Marks are short (24 bits a field). Two answers that happen to share one are taken for the same only where a third one was stored meanwhile.
 */

#define FORM_MARK 4 /* characters of base64url for each field of the section, in order */

void form_marks_write(struct buf *out, const struct section *section, const struct answers *answers);

struct form_merge {
	const struct section *section;
	struct str marks;             /* as the page sent them; of another length than they should have: nothing is known, and the page's word counts */
	const struct answers *stored; /* what is there now */
};

enum form_merged {
	MERGED_HERE,  /* the page's word counts, or both say the same */
	MERGED_THERE, /* only what is stored was changed since the page was made, and that stays */
	MERGED_BOTH   /* both changed, and not to the same: the page's word stands in `answers`, and somebody has to be asked */
};

/* `answers`: all answers as the page would have them. Answers one for each field of the section, in order, in the arena. */
enum form_merged *form_merge(const struct form_merge *merge, struct arena *arena, struct answers *answers);

/* `answers` get what `from` holds for this field; a group with all its rows. */
void form_merge_take(const struct field *field, const struct answers *from, struct answers *answers);

#endif

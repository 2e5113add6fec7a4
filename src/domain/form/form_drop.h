#ifndef DOMAIN_FORM_FORM_DROP_H
#define DOMAIN_FORM_FORM_DROP_H

#include "domain/form/form.h"

/*
 * What a change of answers would leave unused: answers that were asked and given before and, unchanged, are not asked any more, and choices that
 * no longer belong to what they depend on. They stay in the draft, so that switching back brings them again, but are not submitted: who
 * changes an early answer is told before.
 *
 * Both scopes are of one procedure, with answers that have been calculated. What the change itself set or emptied is not among the dropped,
 * nor what was computed, typed again, or read from a card.
 */

struct dropped {
	const struct field *field;
	size_t row;
	struct str path;
	struct str value;
};
struct drops {
	struct dropped *v;
	size_t n;
};

void form_dropped(const struct form_scope *before, const struct form_scope *after, struct arena *arena, struct drops *out);

/*
 * Which answers of the section do it: the paths whose change alone is behind one of the drops, or, when it takes several together, all
 * that were changed. Putting these back drops nothing. Empty when nothing is dropped.
 */
void form_drop_causes(const struct form_scope *before, const struct form_scope *after, const struct section *section, struct arena *arena,
	struct str **paths, size_t *count);

/* The answers of `after` with those paths as they are in `before`, calculated anew. */
void form_drop_undo(const struct form_scope *before, const struct form_scope *after, const struct str *paths, size_t count, struct answers *out);

#endif

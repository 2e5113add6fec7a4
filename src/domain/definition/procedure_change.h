#ifndef DOMAIN_DEFINITION_PROCEDURE_CHANGE_H
#define DOMAIN_DEFINITION_PROCEDURE_CHANGE_H

#include "domain/form/form.h"

/*
 * From an earlier version of a procedure to the present one: what has become of its questions, and of the answers to them.
 *
 * A question is the same when its id is the same, or when `moved` says so. Nothing is guessed from labels.
 */

enum change_kind {
	CHANGE_NEW,   /* was not asked */
	CHANGE_LEFT,  /* is not asked any more */
	CHANGE_MOVED, /* stands on another page now */
	CHANGE_ASKED, /* is asked in other words, wants another kind of answer, or takes less */
	CHANGE_KIND_COUNT
};

struct procedure_change {
	enum change_kind kind;
	const struct field *before; /* NEW: NULL; fields of a group stand for themselves, the group only when it is as a whole */
	const struct field *now;    /* LEFT: NULL */
};

/* In the order of the present form, what has left behind it. */
void procedure_changes(struct arena *arena, const struct procedure *before, const struct procedure *now, struct procedure_change **out, size_t *count);

/* Moves answers to where they belong in `now`; what has no place any more stays under its old path. Doing it again changes nothing. */
void answers_move(const struct procedure *now, struct answers *answers);

#endif

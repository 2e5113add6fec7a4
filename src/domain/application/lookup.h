#ifndef DOMAIN_APPLICATION_LOOKUP_H
#define DOMAIN_APPLICATION_LOOKUP_H

#include "domain/cx.h"
#include "domain/form/form.h"

/*
 * Checks of a form that its answers alone cannot decide: the key `lookups` of a procedure (docs/procedures.md) names a question about an
 * application of the person's own, and the store answers. A number of somebody else's is like one that nobody has.
 *
 * Each is asked only when its field is shown and given and its `when` holds, and is told at its field.
 */

enum lookup_op {
	LOOKUP_OWN,     /* the number is that of an application of this account's, of one of `procedures` */
	LOOKUP_OPEN,    /* the application of that number has not ended; holds for a number that is not one's own: that is LOOKUP_OWN's */
	LOOKUP_WITHOUT, /* nothing was joined to it by that answer; the same */
	LOOKUP_SOME,    /* whatever the number: the account has an application of one of `procedures` that has not ended */
	LOOKUP_OP_COUNT
};
struct lookup {
	struct check check; /* id, a: the field, when, message */
	enum lookup_op op;
	const struct str *procedures;
	size_t procedure_count;
	struct str joined_by, joined; /* WITHOUT: the field of type multi of that application, and a value */
};

/* Adds what does not hold to the issues: of the fields of that section, or (NULL) of all. */
err lookup_check(struct cx *cx, const struct form_scope *scope, const struct section *section, struct issues *issues);

#endif

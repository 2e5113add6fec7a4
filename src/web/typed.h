#ifndef WEB_TYPED_H
#define WEB_TYPED_H

#include "domain/definition/procedure.h"
#include "web/exchange.h"

/*
 * A posted form as its sender would read it, for the pages that give back what could not be carried out: label and value of all
 * that was typed or chosen. No passwords, no tokens, nothing that the page itself put there (names that begin with '_').
 * A name that no procedure and no form of ours knows stands for itself.
 *
 * What is shown has a ceiling, LIMIT_SHOWN and LIMIT_SHOWN_ROWS, whatever was sent.
 */

struct typed {
	struct html label;
	struct html value;
};

struct typed_list {
	struct typed *v;
	size_t n;
	bool cut; /* there was more */
};

/* Whose questions the fields are. */
struct typed_from {
	bool section; /* of a procedure */
	const struct procedure *procedure; /* which one; NULL: nobody knows, so the first that has such a question */
};

void typed_rows(struct exchange *ex, const struct params *form, const struct typed_from *from, struct typed_list *out);

/* Whether a person typed or chose it. */
bool typed_is(const struct param *param);

/* How a page calls the field of that name, plain; absent: no page has it. */
struct str typed_label(struct exchange *ex, struct str name, const struct typed_from *from);

#endif

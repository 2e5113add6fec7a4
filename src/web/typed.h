#ifndef WEB_TYPED_H
#define WEB_TYPED_H

#include "web/exchange.h"

/*
 * A posted form as its sender would read it, for the pages that give back what could not be carried out: label and value of all
 * that was typed or chosen. No passwords, no tokens, nothing that the page itself put there (names that begin with '_').
 * A name that no procedure and no form of ours knows stands for itself.
 */

struct typed {
	struct html label;
	struct html value;
};

/* section: of a procedure's section, whose labels are the procedure's. */
void typed_rows(struct exchange *ex, const struct params *form, bool section, struct typed **out, size_t *count);

/* Whether a person typed or chose it. */
bool typed_is(const struct param *param);

#endif

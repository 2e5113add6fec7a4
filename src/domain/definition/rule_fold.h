#ifndef DOMAIN_DEFINITION_RULE_FOLD_H
#define DOMAIN_DEFINITION_RULE_FOLD_H

#include "base/buf.h"
#include "base/vec.h"
#include "domain/definition/expr.h"
#include "domain/form/form.h"

/*
 * Conditions and computed values, worked out as far as the answers of all other sections tell: what is left names only fields whose state hangs
 * on the page of one section. Inside domain/definition/rule_data.h, which says what is written.
 *
 * A field hangs on the page when it stands in its section, or when its own condition, or what it is computed from, does. All others are
 * constants while that page is open. What hangs on the page and stands elsewhere is a guest: it is collected here and written behind them.
 *
 * What cannot be told to a browser sets `beyond`: rows of another section that hang on this one, numbers that no program with floating point
 * keeps, points of choices with parents. Then the page has no rules, and the server is asked at each answer.
 */

struct folding {
	struct known known; /* by the answers of other pages */
	struct rule_eval eval;
	struct arena *arena;
	const struct section *section;
	uint8_t hangs[LIMIT_FIELDS]; /* found out of each field */
	VEC(const struct field *) guests;
	bool beyond;
};

void folding_init(struct folding *folding, const struct form_scope *scope, const struct section *section, struct arena *arena);
bool folding_hangs(struct folding *folding, const struct field *field);

/*
 * What is left of a condition that is open by `known`; `whole`: of a check, which looks at what its comparisons name and not only at whether
 * they hold.
 */
void folding_write_rule(struct folding *folding, struct buf *out, const struct rule *rule, bool whole);

/* Of a field outside groups: its own and its section's condition; of one in a group its own. */
enum holds folding_when(struct folding *folding, const struct field *field);
void folding_write_when(struct folding *folding, struct buf *out, const struct field *field);

void folding_write_expr(struct folding *folding, struct buf *out, const struct expr *expr);
void folding_write_number(struct folding *folding, struct buf *out, int64_t number);

/* Whether the choices of this field come with the page, for every answer of the one it depends on. */
bool folding_has_list(const struct folding *folding, const struct field *field);

#endif

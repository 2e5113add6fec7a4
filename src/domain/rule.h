#ifndef DOMAIN_RULE_H
#define DOMAIN_RULE_H

#include "base/limits.h"
#include "base/str.h"

#include <stdint.h>

/*
 * A condition: a tree of all/any/not over comparisons of a field with constants, its names resolved when the procedure is
 * read. Evaluation allocates nothing and formats nothing.
 *
 * A comparison with a field that is not shown is false (so `not` of it is true). In a row of a group, a field of that
 * group means the same row. Definitions with a cycle are refused when read, so evaluation ends.
 *
 * An evaluation remembers for each field and section whether it is shown: asking for all fields of a form costs one look at
 * each condition. It lives on the stack of one check or page; answers must not change while it is in use.
 */

struct answers;
struct field;
struct form_scope;
struct section;

enum rule_op { RULE_ALL, RULE_ANY, RULE_NOT, RULE_IS, RULE_IN, RULE_HAS, RULE_GIVEN, RULE_ACTOR, RULE_CARD, RULE_OP_COUNT };

struct rule {
	enum rule_op op;
	const struct field *field;     /* IS IN HAS GIVEN */
	const struct str *values;      /* IS: one; IN, HAS (of a multi): several; ACTOR: user types */
	size_t value_count;
	unsigned actors;               /* ACTOR: bit of each enum user_type */
	const struct rule *const *sub; /* ALL ANY NOT */
	size_t sub_count;
};

/* Calls visit for each comparison with a field, in the order written; ends early when it answers false. */
typedef bool rule_visit(void *arg, const struct rule *comparison);
bool rule_walk(const struct rule *rule, rule_visit *visit, void *arg);

struct rule_eval {
	const struct form_scope *scope;
	const struct field *group; /* the group whose row is looked at; NULL */
	size_t row;
	uint8_t fields[LIMIT_FIELDS];     /* 0: not known yet */
	uint8_t sections[LIMIT_SECTIONS];
};

void rule_eval_init(struct rule_eval *eval, const struct form_scope *scope);
/* From here on fields of the group mean that row. */
void rule_eval_row(struct rule_eval *eval, const struct field *group, size_t row);

bool rule_holds(struct rule_eval *eval, const struct rule *rule); /* NULL holds */
bool rule_section_shown(struct rule_eval *eval, const struct section *section);
bool rule_field_shown(struct rule_eval *eval, const struct field *field);

/* The field's answer, of the current row in a group; whether it is shown is not asked. */
struct str rule_answer(const struct rule_eval *eval, const struct field *field);

#endif

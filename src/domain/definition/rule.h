#ifndef DOMAIN_DEFINITION_RULE_H
#define DOMAIN_DEFINITION_RULE_H

#include "base/str.h"
#include "domain/definition/known.h"

/*
 * A condition: a tree of all/any/not over comparisons of a field with constants, its names resolved when the procedure is
 * read; and what it comes to for somebody's answers (domain/definition/known.h, with all of them known). Evaluation allocates nothing and formats
 * nothing.
 *
 * A comparison with a field that is not shown is false (so `not` of it is true). In a row of a group, a field of that
 * group means the same row. Definitions with a cycle are refused when read, so evaluation ends.
 *
 * An evaluation remembers for each field and section whether it is shown: asking for all fields of a form costs one look at
 * each condition. It lives on the stack of one check or page; answers must not change while it is in use.
 */

struct form_scope;

enum rule_op {
	RULE_ALL, /* of none: holds always */
	RULE_ANY, /* of none: never holds */
	RULE_NOT,
	RULE_IS,
	RULE_IN,
	RULE_HAS,
	RULE_GIVEN,
	RULE_RANGE, /* a number, of THOUSANDTHS, from `least` to below `below` */
	RULE_AGE,   /* the completed years since a date of birth, as RANGE */
	RULE_ACTOR,
	RULE_CARD,
	RULE_OP_COUNT
};

struct rule {
	enum rule_op op;
	const struct field *field;     /* IS IN HAS GIVEN RANGE AGE */
	const struct str *values;      /* IS: one; IN, HAS (of a multi): several; ACTOR: user types */
	size_t value_count;
	int64_t least, below;          /* RANGE AGE, in thousandths; INT64_MIN, INT64_MAX: open */
	unsigned actors;               /* ACTOR: bit of each enum user_type */
	const struct rule *const *sub; /* ALL ANY NOT */
	size_t sub_count;
};

/* What {procedure: …} and the like leave behind. */
extern const struct rule rule_always, rule_never;
bool rule_is_always(const struct rule *rule); /* NULL is */
bool rule_is_never(const struct rule *rule);

/* Calls visit for each comparison with a field, in the order written; ends early when it answers false. */
typedef bool rule_visit(void *arg, const struct rule *comparison);
bool rule_walk(const struct rule *rule, rule_visit *visit, void *arg);

struct rule_eval {
	struct known known;
	const struct form_scope *scope;
	const struct field *group; /* the group whose row is looked at; NULL */
	size_t row;
	uint16_t places[LIMIT_FIELDS]; /* of fields outside groups: where the answer stands, and one more; 0: not found yet */
};

void rule_eval_init(struct rule_eval *eval, const struct form_scope *scope);
/* From here on fields of the group mean that row. */
void rule_eval_row(struct rule_eval *eval, const struct field *group, size_t row);

bool rule_holds(struct rule_eval *eval, const struct rule *rule); /* NULL holds */
bool rule_section_shown(struct rule_eval *eval, const struct section *section);
bool rule_field_shown(struct rule_eval *eval, const struct field *field);

/* Of a leaf, by the answers alone; whether its field is shown is not asked. */
bool rule_leaf_holds(struct rule_eval *eval, const struct rule *leaf);

/* Whether an answer fits a comparison; `number`: what RANGE and AGE look at, in thousandths, NULL: the answer is no number or date. */
bool rule_fits(const struct rule *comparison, struct str answer, const int64_t *number);

/* The field's answer, of the current row in a group; whether it is shown is not asked. */
struct str rule_answer(struct rule_eval *eval, const struct field *field);
const struct answer *rule_find(struct rule_eval *eval, const struct field *field); /* NULL: there is none. Answers may be given meanwhile */

/* That answer, or any other, as a number, in thousandths; false: not given, or no number. */
bool rule_number(struct rule_eval *eval, const struct field *field, int64_t *out);
bool rule_number_in(const struct field *field, struct str answer, int64_t *out);

/*
 * Completed years since the answer, a date of birth. Of what is known in part the earliest day is taken, so that nobody is held
 * younger than they may be. False: not given, no date, or a day to come.
 */
bool rule_age(struct rule_eval *eval, const struct field *field, int64_t *out);

#endif

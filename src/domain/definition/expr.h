#ifndef DOMAIN_DEFINITION_EXPR_H
#define DOMAIN_DEFINITION_EXPR_H

#include "base/str.h"

#include <stdint.h>

/*
 * What a computed field (type calc) is computed from: a tree over the answers, its names resolved when the procedure is read.
 * docs/procedures.md says what each part means; definitions in which something is computed from itself are refused.
 *
 * Numbers are whole thousandths, so that 3.004 percent are told from 3 and nothing depends on the rounding of a machine. What leaves
 * the range stays at its end. A part has a value or none: what is hidden, not given, or no number has none. A sum, a least and a
 * greatest are of those parts that have one; a ratio needs both, and a divisor that is not 0.
 */

struct form_scope;

enum expr_op {
	EXPR_FIELD,    /* a number */
	EXPR_POINTS,   /* of the choice made */
	EXPR_COUNT,    /* points by how many are ticked; the last stays */
	EXPR_CONSTANT,
	EXPR_SUM,
	EXPR_RATIO,    /* the first in percent of the second */
	EXPR_MAX,
	EXPR_MIN,
	EXPR_WHEN,     /* sub[0] when the rule holds, otherwise sub[1], which may be missing */
	EXPR_AGE,      /* completed years since a date of birth */
	EXPR_ROWS,     /* rows of a group in which something is given */
	EXPR_SUM_OF,   /* over the rows */
	EXPR_COPY,     /* another field's answer, alone */
	EXPR_OP_COUNT
};

struct expr {
	enum expr_op op;
	const struct field *field;     /* FIELD POINTS COUNT AGE ROWS SUM_OF COPY */
	int64_t constant;              /* CONSTANT, in thousandths */
	const int32_t *points;         /* COUNT: for none, one, two … ticked */
	size_t point_count;
	const struct rule *rule;       /* WHEN */
	const struct expr *const *sub; /* SUM RATIO MAX MIN WHEN */
	size_t sub_count;
};

/* The largest whole number of which there are thousandths. */
#define THOUSANDTHS_MAX INT64_C(999999999999999)

/* "-12.5": digits with at most three behind a point. False: something else. */
bool thousandths_read(struct str text, int64_t *out);

/* Calls visit for each field that the value hangs on, also by a condition, in the order written; ends early when it answers false. */
typedef bool expr_visit(void *arg, const struct field *field);
bool expr_walk(const struct expr *expr, expr_visit *visit, void *arg);

/* In thousandths, from answers that have been calculated, outside of rows; false: it has none. A copy has no number. */
bool expr_value(const struct form_scope *scope, const struct expr *expr, int64_t *out);

#endif

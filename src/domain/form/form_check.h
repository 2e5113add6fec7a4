#ifndef DOMAIN_FORM_FORM_CHECK_H
#define DOMAIN_FORM_FORM_CHECK_H

#include "base/vec.h"
#include "domain/form/form.h"

/* Inside form_check: shared by form_check.c, form_value.c, form_cross.c and form.c only. */

struct checker {
	struct rule_eval eval;
	struct arena *arena;
	VEC(struct issue) found;
	size_t refusals;
};

/* A field that is shown, with its place and answer. */
struct asked {
	const struct field *field;
	struct str path;
	struct str value;
	bool held; /* from a card */
};

struct asked checker_asked(struct checker *checker, const struct field *field);

/* A new refusal; the pointer is good until the next one. */
struct issue *checker_refuse(struct checker *checker, const struct asked *asked, enum msg msg);
void issue_arg(struct issue *issue, struct str name, struct str value);
void issue_arg_number(struct arena *arena, struct issue *issue, struct str name, int64_t value);
void issue_others(struct arena *arena, struct issue *issue, const struct field *const *fields, size_t count);

/* What is wrong with one answer by itself; at most one refusal. */
void value_check(struct checker *checker, const struct asked *asked);

/* form_shown, by an evaluation that is under way. */
void shown_take(struct rule_eval *eval, struct arena *arena, struct answers *out);

/* One check across fields, in all rows it applies to. */
void cross_check(struct checker *checker, const struct check *check);

#endif

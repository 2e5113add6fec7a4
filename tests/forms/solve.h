#ifndef TESTS_FORMS_SOLVE_H
#define TESTS_FORMS_SOLVE_H

#include "values.h"

/*
 * Fills in a form as a person would who wants something of it: that a question be asked or not, that it have a certain answer, that
 * a condition hold; and nothing be refused. What is wanted is turned into wishes for single fields, then all that is shown is
 * answered, then what the checks refuse is mended by trying other values. Where a condition leaves a choice (`any`), an attempt
 * with another `variant` takes another one.
 *
 * An attempt is: solve_begin, wishes, solve_settle, solve_finish.
 */

enum { WISHES = 40 };

/* What must be true of one field's answer. */
struct wish {
	struct str value;                  /* exactly this; absent: any */
	bool given, empty;                 /* something; nothing */
	const struct rule *rules[WISHES];  /* comparisons with this field */
	bool holds[WISHES];
	size_t rule_count;
};

struct solve {
	struct values values;
	struct arena arena;     /* of an attempt */
	struct arena lasting;   /* of the procedure */
	struct arena scratch;   /* of one look at the whole form */
	struct answers answers;
	struct form_scope scope;
	struct wish wishes[LIMIT_FIELDS];
	struct str learned[LIMIT_FIELDS]; /* what has made a check hold before: lasts over attempts */
	const struct rule *goal;          /* must hold at the end; NULL */
	bool full;              /* everything that is shown is answered, groups to their last row; else what is required */
	bool learns;
	unsigned variant;
	struct map tried;
	struct {
		struct wish_before {
			const struct field *field;
			struct wish wish;
		} *v;
		size_t n, cap;
	} trail;                /* what wishes were before they changed */
	struct str why;         /* why solve_finish failed */
	const struct check *told; /* the check that said so, if it was one */
	size_t checks;          /* form_check calls, of all attempts */
};

void solve_init(struct solve *solve, const struct procedure *procedure, int32_t today);
void solve_release(struct solve *solve);

void solve_begin(struct solve *solve, enum user_type type, bool full, unsigned variant);

/* False: it cannot be together with what was wished before. */
bool solve_wish_value(struct solve *solve, const struct field *field, struct str value);
bool solve_wish_rule(struct solve *solve, const struct rule *rule, bool holds);
bool solve_wish_shown(struct solve *solve, const struct field *field);
bool solve_wish_section(struct solve *solve, const struct section *section);

/* To be called behind the last wish: what lists hang on is wished too. */
bool solve_settle(struct solve *solve);

/* Whether the wishes for the field leave it this answer. */
bool solve_wish_fits(const struct solve *solve, const struct field *field, struct str value);

/* Answers everything; false: something is refused or a wish did not come true, `why` says what. */
bool solve_finish(struct solve *solve);

/* Answers what is shown and not answered yet. */
void solve_fill(struct solve *solve);

/* Of a finished form. */
size_t solve_asked(const struct solve *solve); /* questions, each once in a group */
bool solve_holds(struct solve *solve, const struct rule *rule);
struct issues solve_issues(struct solve *solve, const struct section *section);

/* The answer in that row, and the value that the field's list hangs on; absent: it hangs on nothing. */
struct str solve_answer(const struct solve *solve, const struct field *field, size_t row);
struct str solve_parent(const struct solve *solve, const struct field *field, size_t row);
void solve_put(struct solve *solve, const struct field *field, size_t row, struct str value);

#endif

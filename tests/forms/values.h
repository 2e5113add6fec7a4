#ifndef TESTS_FORMS_VALUES_H
#define TESTS_FORMS_VALUES_H

#include "base/vec.h"
#include "domain/form/form.h"

/*
 * Answers made from a definition: the longest that a field takes, one that is just too long, and others to try where answers must fit
 * each other. What belongs to the whole procedure (which date comes before which, how much a sum allows) is worked out once.
 */

struct strs {
	struct str *v;
	size_t n, cap;
};

struct values {
	const struct procedure *procedure;
	int32_t today;
	struct {
		int past;    /* steps behind the earliest of the dates that are compared */
		int future;  /* steps behind a day that may not have passed; -1: may have */
		int64_t cap; /* of numbers: the most that the checks leave */
	} of[LIMIT_FIELDS];
};

void values_init(struct values *values, const struct procedure *procedure, int32_t today);

/* The longest, greatest or last that the field takes by itself; of choices, one of those under `parent`. Absent: there is none. */
struct str value_most(const struct values *values, struct arena *arena, const struct field *field, struct str parent);

/* What the field must refuse, most of it only just: one over the limit, one under it, a character of another script. */
void values_wrong(const struct values *values, struct arena *arena, const struct field *field, struct strs *out);

/* Values to try, the likelier first. */
void values_try(const struct values *values, struct arena *arena, const struct field *field, struct str parent, struct strs *out);

#endif

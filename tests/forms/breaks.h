#ifndef TESTS_FORMS_BREAKS_H
#define TESTS_FORMS_BREAKS_H

#include "solve.h"

/* Whether some answers make the check say something: a form around its fields is made, and spoilt where it fits. */
bool check_speaks(struct solve *solve, const struct check *check);

#endif

#ifndef DOMAIN_DEFINITION_PATHS_H
#define DOMAIN_DEFINITION_PATHS_H

#include "domain/definition/procedure.h"

/*
 * The shortest and the longest way through a procedure: how many questions somebody is asked who makes these choices.
 *
 * Tried are all kinds of users that the procedure is for, with each value of its status_field. Questions that hang on different answers
 * do not touch each other, so for each set of answers that belong together all combinations are tried by themselves, and the
 * numbers added up. Of a field only those values are tried that some condition tells apart, and one that none does. A set with more than
 * PATHS_COMBINATIONS combinations is climbed instead, one answer at a time, until none makes it better; its number is then one that can be
 * reached, though perhaps not the very last one. No card is read, and a group counts as one row.
 */

#define PATHS_COMBINATIONS 4096

struct path_choice {
	const struct field *field;
	struct str value;
};

struct path {
	size_t questions;
	size_t pages;
	enum user_type user_type;
	const struct path_choice *choices; /* that decide what is asked, in the order of the form */
	size_t choice_count;
};

void paths_find(struct arena *arena, const struct procedure *procedure, int32_t today, struct path *shortest, struct path *longest);

#endif

#ifndef DOMAIN_DEFINITION_MINUTES_H
#define DOMAIN_DEFINITION_MINUTES_H

#include "domain/cx.h"

/*
 * About how long a form takes: the minutes of its parts, added up over those that one and the same person can be asked. What a person is
 * asked hangs on who they are, on the status and on the main activity (`status_field`, `activity_field`): each combination is looked at by
 * itself. `least` counts the parts that are asked whatever else is answered, `most` also those that other answers may open. No more is
 * known of other answers than that they may be any, so `most` may count two parts that exclude each other.
 *
 * Worked out once, when a definition is read (`minutes` of struct procedure); nothing is kept or allocated.
 */

struct procedure;

struct minutes {
	unsigned least, most;
};

void minutes_find(const struct procedure *procedure, struct minutes out[USER_TYPE_COUNT]); /* 0 and 0: not for such users */

/* For a page that anybody reads: the widest range of all users that it is for. */
struct minutes minutes_of_all(const struct procedure *procedure);

#endif

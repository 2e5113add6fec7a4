#ifndef DOMAIN_DEFINITION_STAY_H
#define DOMAIN_DEFINITION_STAY_H

#include "base/str.h"

/*
 * The special period (特例期間): whoever has applied in time for a change or an extension, and has no decision when the period of stay ends, may stay until
 * the decision, but not longer than two months behind that end.
 *
 * Not for those whose period was 30 days or less. The counter tells holders of a residence card only: their application is what is noted
 * on the back of the card.
 *
 * Source: Immigration Control and Refugee Recognition Act, Article 20, paragraph 6, and Article 21, paragraph 4.
 */

struct answers;
struct building;
struct node;
struct procedure;

/* Which answers tell it; ids of fields, all absent in procedures that know no special period. */
struct stay_rule {
	struct str expiry; /* a date: the last day of the period */
	struct str period; /* a choice: ISO 8601 durations, "P30D" */
	struct str card;   /* a choice: "yes" of who holds a residence card */
};

/* `special_period` of procedure.yaml, behind the fields. */
void stay_read(struct building *building, const struct node *procedure);

/* The last day of the special period of somebody who applied on `received`; 0: there is none. */
int32_t stay_special_until(const struct procedure *procedure, const struct answers *answers, int32_t received);

#endif

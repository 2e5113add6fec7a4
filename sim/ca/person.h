#ifndef SIM_CA_PERSON_H
#define SIM_CA_PERSON_H

#include "sim/ca/ca.h"

/*
 * The six items of a person as a signing certificate has them, in their order: name, date of birth,
 * sex, address, replaced characters of the name, replaced characters of the address.
 */

#define PERSON_ITEMS 6

/* The last arc behind 1.2.392.200149.8.5.5 of each item: .1 .4 .3 .5 .2 .6 */
extern const char *const person_oids[PERSON_ITEMS];

/* INVALID: what a real authority would not write: see struct ca_person. */
err person_check(const struct ca_person *person);

/* The texts of a person that has been checked. */
void person_items(
	struct arena *arena, const struct ca_person *person, struct str out[PERSON_ITEMS]);

#endif

#ifndef IDENTITY_CARD_NAMES_H
#define IDENTITY_CARD_NAMES_H

#include "domain/identity/identity_card.h"

/*
 * The four items in the subjectAltName of a signing certificate: otherNames 1.2.392.200149.8.5.5.x
 * with a UTF8String each.
 *
 *   .1 name   .4 date of birth, EYYYYMMDD   .3 sex   .5 address   .2, .6 which characters of name
 * and address are substitutes
 *
 * Exactly one of .1 .3 .4 .5 and at most one of .2 .6, in any order. E, the era, is a digit and
 * says nothing more: the year is Gregorian. Other names are passed over: later certificates may
 * have more.
 */

#define CARD_NAME_MAX 200 /* characters, as in the profile */
#define CARD_ADDRESS_MAX 200

/* alt_names: GeneralNames in DER. Texts borrow from it. INVALID. */
err card_names_basic4(struct str alt_names, struct basic4 *out);

#endif

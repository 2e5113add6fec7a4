#ifndef DOMAIN_IDENTITY_CARD_FILL_H
#define DOMAIN_IDENTITY_CARD_FILL_H

#include "domain/form/form.h"
#include "domain/identity/identity_card.h"

/*
 * How what was read from a card comes into a form: the definition's `card` names the item of a field, `card_for` whose card it is. The values
 * are held (domain/form/form.h): from here on nothing that is typed or sent changes them. An item that the card does not tell in a form that the
 * field has (an unknown day in a date, a sex that is not among the choices) is left to be typed.
 */

/* The answers then know that a card was read, whether or not a field took anything from it. */
void card_fill(struct answers *answers, const struct procedure *procedure, enum user_type type, const struct basic4 *basic4);

/* The same four items: what was read again in between is another reading. */
bool basic4_same(const struct basic4 *a, const struct basic4 *b);

#endif

#ifndef SIM_CARD_CAST_H
#define SIM_CARD_CAST_H

#include "sim/card/make.h"

/*
 * The cards of demonstrations and tests: sixteen persons and two of the staff, all invented, each
 * with what makes a card unlike others. Their secrets are the same, well known, and not secret.
 *
 * student and long-name are the persons of `madoguchi admin demo`.
 */

#define CAST_PIN "1234"
#define CAST_PASSWORD "PASS1234"
#define CAST_TEXT_PIN "5678"
#define CAST_SECURITY_CODE "2285"
#define CAST_COUNT 18

struct cast_card {
	const char *name;  /* of the folder */
	const char *words; /* what is special about it */
};

extern const struct cast_card cast_cards[CAST_COUNT];

/* Makes DIR (may be there) and a folder in it for each card, or for those named in `only` (names
 * separated by commas; absent: all). CONFLICT: one of them is there. INVALID: no such name; nothing
 * is made then. */
err cast_make(const struct ca *ca, const char *dir, struct str only, int64_t now);
bool cast_wanted(struct str only, const char *name);

#endif

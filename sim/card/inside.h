#ifndef SIM_CARD_INSIDE_H
#define SIM_CARD_INSIDE_H

#include "sim/card/apdu.h"
#include "sim/card/card.h"

/*
 * What the parts of the card engine share. Each command gets an APDU whose class and instruction
 * are its own, puts answer data into `out`, and returns the status word. Data that were put there
 * are dropped unless that is SW_OK.
 */

unsigned card_verify(struct card *card, const struct apdu *apdu, struct buf *out);
unsigned card_change(struct card *card, const struct apdu *apdu, struct buf *out);
unsigned card_sign(struct card *card, const struct apdu *apdu, struct buf *out);

/*
 * The file that P2 of VERIFY and SIGN names: 80 the selected one, 80|id another, which is then
 * selected. NULL with a status: there is none, or P2 is of no such form.
 */
const struct ef *card_ef_of_p2(struct card *card, unsigned p2, unsigned *status);

/* Whether what is verified opens the file. */
bool card_opened(const struct card *card, const struct ef *ef);

#endif

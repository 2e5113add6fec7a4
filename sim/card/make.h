#ifndef SIM_CARD_MAKE_H
#define SIM_CARD_MAKE_H

#include "sim/card/state.h"

#include "base/err.h"
#include "sim/ca/ca.h"

/*
 * Making a card: what the place does where real cards are printed and written. The certificates
 * come from the authority, the files of the text input assist applet are signed by its office.
 */

struct card_order {
	struct card_state about;          /* all but serials and secrets */
	struct str secrets[SECRET_COUNT]; /* AUTH; SIGN and TEXT absent: no signing certificate, no
					     text applet. Both codes follow from the card itself. */
	int32_t issued_on;                /* YYYYMMDD; certificates begin then. 0: now */
	int64_t now;
};

/*
 * Makes the folder and all that is in it. CONFLICT: something is there already. INVALID: the order
 * breaks a rule (card_state_check, secret_valid, the authority's). What was begun and failed is
 * left for a look.
 */
err card_make(const struct ca *ca, const char *dir, const struct card_order *order);

/* The era of a birth date, as certificates write it; 0 when month or day are unknown. */
unsigned card_era(struct str birth);

/* The certificates' last day: the fifth birthday after the issue, or the card's, whichever is
 * first. Unknown month and day: the last of the year. */
int32_t card_certificates_end(const struct card_state *state, int32_t issued_on);

/* Code B of the face: birth YYMMDD in the era's year, year of expiry, security code. */
struct str card_code_b(struct arena *arena, const struct card_state *state);

/* One '0' for each character: none of them is a substitute. */
struct str card_no_substitutes(struct arena *arena, struct str text);

/*
 * The parts, for the city hall (hall.h). The lock is held; card.json is not written.
 */

/* Issues a certificate and puts it with its root and its key into the folder; the serial goes into
 * the state. */
err card_put_certificate(const struct ca *ca, struct arena *arena, const char *dir,
	struct card_state *state, enum card_key key, int32_t issued_on, int64_t now);

/* EF 0002 and EF 0003 for the holder, with the My Number file that is there. */
err card_put_basic4(
	const struct ca *ca, struct arena *arena, const char *dir, const struct card_state *state);

/* The hash of a secret, with all its tries. INVALID: not of its form. */
err card_put_secret(
	struct arena *arena, struct card_state *state, enum card_secret secret, struct str text);

#endif

#ifndef SIM_CARD_HALL_H
#define SIM_CARD_HALL_H

#include "sim/card/state.h"

#include "base/err.h"
#include "sim/ca/ca.h"

/*
 * What a city hall does to a card that a person brings: each waits for the card's lock, and can be
 * done again when it was interrupted.
 *
 * Errors of all: NOT_FOUND: no card there. INVALID: what was given breaks a rule; nothing was
 * changed then.
 */

/* Gives all tries back; a new secret is set where the text is not absent. NOT_FOUND also: a new
 * secret for one that the card has not. */
err hall_unlock(const char *dir, const struct str secrets[SECRET_COUNT]);

/* An extension of stay: a new day of expiry, both certificates revoked (cessationOfOperation) and
 * issued anew, with new keys. Secrets and tries stay. Those that were revoked before are fine. */
err hall_renew(const struct ca *ca, const char *dir, int32_t expires_on, int64_t now);

struct hall_address {
	struct str address, prefecture, municipality;
};

/* A move: the new address stands in the text applet, and the signing certificate, which holds the
 * old one, is revoked (affiliationChanged); it stays on the card until hall_renew. The
 * authentication certificate stays good. */
err hall_move(const struct ca *ca, const char *dir, const struct hall_address *to, int64_t now);

/* No tries left, as after too many wrong ones. NOT_FOUND also: the card has no such secret. */
err hall_lock(const char *dir, enum card_secret secret);

#endif

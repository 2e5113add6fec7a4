#ifndef SIM_PHONE_HOME_H
#define SIM_PHONE_HOME_H

#include "crypto/jws_key.h"
#include "sim/phone/party.h"

/*
 * What the app keeps: a folder with
 *
 *   key.pem       its key (P-256), made at the first start; only the owner may read it
 *   parties.json  the portals that it knows
 *   cards/        a folder for each card that can be held to the phone (sim/card)
 *
 * PINs and passwords are not among it: they are asked for each time, kept in memory until the card
 * has got them, and overwritten then.
 */

struct home {
	const char *dir;
	struct jws_key *key;
	struct str thumbprint; /* of the key */
	struct parties parties;
};

/* Makes folder and key when there are none. Releases with home_release. Errors of jws_key_load and
 * parties_read; UNAVAILABLE: cannot be made. */
err home_open(struct arena *arena, const char *dir, struct home *out);
void home_release(struct home *home);
#define AUTO_HOME __attribute__((cleanup(home_release))) struct home

/* A card to choose from. */
struct home_card {
	struct str dir;   /* name of its folder in cards/ */
	struct str label; /* what it is for: "plain student" */
	struct str holder;
	int32_t expires_on;
};

/* In the order of their names, at most HOME_CARDS_MOST; what is no card is left out. No folder:
 * none. */
#define HOME_CARDS_MOST 64
err home_cards(struct arena *arena, const char *cards, struct home_card *out, size_t *count);

#endif

#ifndef SIM_PHONE_PARTY_H
#define SIM_PHONE_PARTY_H

#include "base/err.h"
#include "base/str.h"

/*
 * The portals that the app knows: parties.json in its folder.
 *
 *   {"parties":[{"id":"rp:immi-demo","origin":"https://portal.example","keys":["<thumbprint>",
 * …]}]}
 *
 * Whoever is not in it is not talked to, and a request that is signed by another key than those
 * named is not looked at: an address in a code proves nothing. The list is short, and read at each
 * scan.
 */

#define PARTIES_FILE "parties.json"
#define PARTIES_MOST 50
#define PARTY_KEYS_MOST 8

struct party {
	struct str id;     /* "rp:" and letters, digits, hyphens */
	struct str origin; /* sim/phone/qr.h */
	struct str keys[PARTY_KEYS_MOST];
	size_t key_count;
};

struct parties {
	struct party v[PARTIES_MOST];
	size_t n;
};

/* No file: none. INVALID: damaged; UNAVAILABLE: cannot be read. */
err parties_read(struct arena *arena, const char *dir, struct parties *out);

/* In full or not at all. */
err parties_write(struct arena *arena, const char *dir, const struct parties *parties);

/* NULL: not known. */
const struct party *parties_find(const struct parties *parties, struct str origin);

bool party_has_key(const struct party *party, struct str thumbprint);

/* Puts it in the place of one with the same origin, or behind the others. INVALID: not of the form
 * above; LIMIT: too many. */
err parties_put(struct parties *parties, const struct party *party);

#endif

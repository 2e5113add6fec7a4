#ifndef SIM_CARD_STATE_H
#define SIM_CARD_STATE_H

#include "sim/card/files.h"

#include "base/err.h"

/*
 * card.json: who the card belongs to, and what its memory remembers: the secrets as salted hashes
 * (Argon2id) and how many tries each has left. No secret stands in it, and no My Number.
 *
 * Texts borrow from the arena they were read into.
 */

#define CARD_STATE_FILE "card.json"

struct card_holder {
	struct str name; /* as in the resident record; U+3000 between parts */
	struct str address;
	struct str birth;      /* YYYYMMDD; month and day 00: unknown */
	unsigned era;          /* 1 Meiji to 5 Reiwa; 0: unknown */
	unsigned sex;          /* 1 male, 2 female, 3 neither */
	struct str name_subst; /* '1' where a character was replaced; one digit a character */
	struct str address_subst;
	struct str prefecture;   /* of the office that issued: "Oita-ken" */
	struct str municipality; /* "Beppu-shi" */
};

struct secret_state {
	struct str hash; /* absent: this card has no such secret */
	unsigned tries;  /* left */
};

struct card_state {
	struct str label; /* what the card is for: "plain student" */
	struct str token; /* JPKIAPICCTOKEN2 and so on */
	struct str root;  /* "1", "2", "p384": of the authority; cards have keys like those of their
			     root */
	int32_t expires_on;            /* YYYYMMDD; the card, and with it its certificates */
	struct str security_code;      /* 4 digits, printed on the face */
	struct str serials[KEY_COUNT]; /* of the certificates; absent: this card has none */
	struct card_holder holder;
	struct secret_state secrets[SECRET_COUNT];
};

/* NOT_FOUND: no card there. INVALID: card.json is damaged. */
err card_state_read(struct arena *arena, const char *dir, struct card_state *out);

/* In full, on stable storage when it returns. The caller holds the lock. */
err card_state_write(const char *dir, const struct card_state *state);

/* Lengths and digits of everything a person may give; INVALID says what is wrong. */
err card_state_check(const struct card_state *state);

#endif

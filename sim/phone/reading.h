#ifndef SIM_PHONE_READING_H
#define SIM_PHONE_READING_H

#include "sim/card/jpki.h"
#include "sim/phone/ask.h"

/*
 * Holding the card to the phone: what is read from it and what it signs, for one method.
 *
 *   jpki_auth, jpki_sign  certificate, and its key's signature over the statement
 *   card_text             files 0002, 0003, 0004 and 0007 of the text applet, and its signature
 *
 * The secret goes to the card and nowhere else.
 */

#define READING_FILES 4
extern const unsigned reading_files[READING_FILES]; /* 0002, 0003, 0004, 0007 */

struct reading {
	enum ask_method method;
	struct str token, alg; /* absent: card_text */
	struct str cert;
	struct str files[READING_FILES]; /* card_text */
	struct str signature;
};

/* What a hostile phone does otherwise; all zero for an honest one. */
struct reading_twist {
	bool ca_cert;                   /* the authority's certificate in place of the card's */
	bool other_key;                 /* certificate and signature of the card's other key */
	bool pss;                       /* RSASSA-PSS in place of PKCS#1 v1.5 */
	const struct card_port *signer; /* another card that signs; NULL: the same */
	struct str second_secret;       /* of other_key and signer */
};

struct reading_order {
	enum ask_method method;
	struct str secret;
	struct str statement;
	bool rs256, es384; /* what the portal takes */
	struct reading_twist twist;
};

enum card_secret reading_secret(enum ask_method method);

/* Whether the card can do it at all, and tries left of its secret; nothing is spent. no_sign_cert,
 * card_unsuited, card_unreadable; pin_blocked with 0 left. */
enum ending reading_tries(const struct card_port *port, enum ask_method method, unsigned *left);

/* As before; pin_wrong with tries left. */
enum ending reading_take(struct arena *arena, const struct card_port *port,
	const struct reading_order *order, struct reading *out, unsigned *left);

#endif

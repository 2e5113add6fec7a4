#ifndef SIM_CARD_TEXT_H
#define SIM_CARD_TEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "sim/ca/ca.h"
#include "sim/card/state.h"

/*
 * The files of the text input assist applet, byte for byte as on a card. Lengths are BER: one byte
 * to 7F, 81 xx to FF, 82 xxxx above.
 *
 *   0001  FF10 0C, 12 digits, and FF FF behind it
 *   0002  FF20 { DF21 08 offsets, DF22 name, DF23 address, DF24 08 YYYYMMDD, DF25 01 sex }
 *         offsets: where DF22 to DF25 begin, from the start of the file, 2 bytes each
 *   0003  FF30 { DF31 20 SHA-256 of the whole of 0001, DF32 20 SHA-256 of 0002 from DF22 to its
 *         end, DF33 820100 signature of the office over DF31 and DF32 with their headers }
 *   0004  the office's card-verifiable certificate (sim/ca/ca.h)
 *   0005  FF40 { DF41 04 version, DF42 10 a key's id, DF43 8180 32 bytes and 96 times FF }
 *   0006  A1 820109 a public key for session keys
 *   0007  FF50 { DF51 820109 the applet's public key, DF52 820100 signature of the office over DF51
 *         with its header }
 */

/* 0002. Sex 3 is written as 9, as this applet does. INVALID: the holder is none. */
err text_basic4(struct arena *arena, const struct card_holder *holder, struct str *out);

/*
 * A My Number that cannot be anybody's: its check digit is wrong. Whoever looks for it in what a
 * program stored or sent finds it only when it came from this card.
 */
void text_false_number(char out[12]);
/* By the rule of the ordinance: 11 digits give the twelfth. */
char text_check_digit(const char digits[11]);

/* 0001. */
struct str text_my_number(struct arena *arena, const char digits[12]);

/* 0003 for the two. */
err text_integrity(const struct ca *ca, struct arena *arena, struct str my_number,
	struct str basic4, struct str *out);

/* 0007. */
err text_signed_key(
	const struct ca *ca, struct arena *arena, struct str public_key, struct str *out);

/* 0005 and 0006. */
struct str text_about(struct arena *arena);
struct str text_session_key(struct arena *arena, struct str public_key);

#endif

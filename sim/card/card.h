#ifndef SIM_CARD_CARD_H
#define SIM_CARD_CARD_H

#include "sim/card/files.h"

#include "base/buf.h"

/*
 * A My Number card in software: what the chip of a real card does with command APDUs (ISO/IEC
 * 7816-4, JICSAP 1.1). A card is a folder: card.json (state.h), certificates and keys as DER, and
 * the files of the text input assist applet.
 *
 *   SELECT applet   00 A4 04 0C Lc AID          forgets which secrets were verified
 *   SELECT file     00 A4 02 0C 02 id
 *   VERIFY          00 20 00 80 Lc secret       without data: 63Cx, x tries left, none spent
 *   CHANGE          00 24 01 80 Lc new          after VERIFY of the same secret
 *   READ BINARY     00 B0 offset Le             or 00 B0 80|id offset Le
 *   SIGN            80 2A P1 P2 Lc data Le      P2 80: the key selected, 80|id: that key,
 *                                               00: the text applet's own
 *     RSA P1: 00 data as given, 01 bare SHA-256 of data, 02 data is a SHA-256, 03 SHA-256 of data
 *             (02 and 03 with DigestInfo), 04 PSS of a SHA-256, 05 PSS of data; 256 bytes
 *     P-384:  00 and 02 data is a SHA-384, 03 SHA-384 of data; r and s of 48 bytes each, as
 *             RFC 7518 section 3.4 writes them
 *
 * Invariants:
 * - Whatever the bytes, there is one answer, with a status word of apdu.h.
 * - A try is spent on stable storage before the secret is compared, and given back after it was
 *   right. So a power cut may cost a try and never gives one back. When it cannot be spent, nothing
 *   is compared (6581).
 * - A secret without tries stays locked, whatever is presented (6984), until card_unlock.
 * - What was verified is remembered per opened card, for the applet selected, in memory only.
 *   Counters are shared by all that have the folder open.
 *
 * One thread at a time per struct card. Nothing has to be closed: no descriptor is held between
 * two commands.
 */

struct card {
	const char *dir;
	enum card_applet applet;
	const struct ef *ef; /* selected, or NULL */
	unsigned verified;   /* OPENED_BY bits; of the applet selected */
};

/* NOT_FOUND: no card there. INVALID: damaged. The folder's name is copied into the arena. */
err card_open(struct arena *arena, const char *dir, struct card *out);

/* As taking the card off the reader and putting it on again. */
void card_reset(struct card *card);

/* Puts the answer with its status word behind what is in `answer`, which takes up to
 * APDU_ANSWER_MAX bytes more. */
void card_transmit(struct card *card, struct str apdu, struct buf *answer);

#endif

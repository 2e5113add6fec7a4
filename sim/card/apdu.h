#ifndef SIM_CARD_APDU_H
#define SIM_CARD_APDU_H

#include "base/buf.h"

/*
 * Command APDUs as bytes (ISO/IEC 7816-3 section 12.1, cases 1 to 4, short and extended), and the
 * status words that a card answers with (ISO/IEC 7816-4 section 5.6).
 *
 * Reading never looks behind the bytes given and decides nothing about what the command means. The
 * data borrow from the bytes.
 */

#define APDU_DATA_MAX 65535u
#define APDU_ANSWER_MAX (65536u + 2)

enum status_word {
	SW_OK = 0x9000,
	SW_WRONG = 0x63C0, /* + tries left */
	SW_MEMORY = 0x6581,
	SW_LENGTH = 0x6700,
	SW_NOT_A_FILE_OF_BYTES = 0x6981,
	SW_SECURITY = 0x6982,
	SW_BLOCKED = 0x6984,
	SW_CONDITIONS = 0x6985,
	SW_NO_FILE_SELECTED = 0x6986,
	SW_DATA = 0x6A80,
	SW_NOT_FOUND = 0x6A82,
	SW_P1P2 = 0x6A86,
	SW_OFFSET = 0x6B00,
	SW_LE = 0x6C00, /* + the right Le */
	SW_INS = 0x6D00,
	SW_CLA = 0x6E00,
};

struct apdu {
	uint8_t cla, ins, p1, p2;
	struct str data; /* absent: no command data (cases 1 and 2) */
	bool has_le;
	unsigned le; /* 1 to 65536; 0 without Le */
};

/* INVALID: shorter than a header, or lengths that do not agree with the bytes. */
err apdu_read(struct str bytes, struct apdu *out);

/* Appends the shortest form. data absent or empty: none. le 0: no answer data expected. */
void apdu_write(struct buf *out, const struct apdu *apdu);

/* Appends the two bytes. */
void apdu_status(struct buf *answer, unsigned status);

/* The status at the end of an answer, and what stands before it. INVALID: under two bytes. */
err apdu_answer(struct str answer, unsigned *status, struct str *data);

#endif

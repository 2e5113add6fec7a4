#ifndef SIM_CARD_TERMINAL_H
#define SIM_CARD_TERMINAL_H

#include "sim/card/apdu.h"
#include "sim/card/jpki.h"

/*
 * One command to a card and its answer, for jpki.h. The words of errors name status words only.
 */

#define TERMINAL_ARENA (256u << 10)
/* The largest file that is read off a card; a certificate with the longest address has 4 KiB. */
#define TERMINAL_FILE_MAX (32u << 10)

/* Whatever the status. The data live in the arena. */
err terminal_exchange(const struct card_port *port, struct arena *arena, const struct apdu *apdu,
	unsigned *status, struct str *data);

/* What the status means for an app: see the errors of jpki.h. Never for SW_OK. */
err terminal_error(unsigned status);

/* An answer other than SW_OK is an error. arena and data may both be NULL. */
err terminal_command(const struct card_port *port, struct arena *arena, const struct apdu *apdu,
	struct str *data);

/* SELECT of a file of the applet. */
err terminal_select(const struct card_port *port, unsigned id);

/* Of the selected file, one READ BINARY; may give less than `most` (at most 256). */
err terminal_read(const struct card_port *port, struct arena *arena, size_t offset, size_t most,
	struct str *bytes);

/* The BER object that the selected file begins with, header and value: as long as its header says.
 * INVALID: no such object, or the file ends in it. */
err terminal_read_tlv(const struct card_port *port, struct arena *arena, struct str *bytes);

#endif

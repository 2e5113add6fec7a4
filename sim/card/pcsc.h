#ifndef SIM_CARD_PCSC_H
#define SIM_CARD_PCSC_H

#include "sim/card/jpki.h"

/*
 * A card on a PC/SC reader, as a port: winscard of libpcsclite, with pcscd behind it. The card is
 * ours alone from open to close; it is reset at the end, so that nobody goes on with a secret that
 * was verified.
 *
 * One thread at a time.
 */

struct pcsc {
	long context, card; /* as PC/SC names them */
	unsigned long protocol;
	bool connected;
};

/* Takes the first reader with a card whose name holds `reader` (empty: any). UNAVAILABLE: no pcscd,
 * no such reader, no card on it, or another program has it. */
err pcsc_open(struct str reader, struct pcsc *out);
void pcsc_close(struct pcsc *pcsc);

#define AUTO_PCSC __attribute__((cleanup(pcsc_close))) struct pcsc

/* The pcsc must stay open as long as the port is used. */
struct card_port pcsc_port(struct pcsc *pcsc);

/* Names of all readers, one in a line; empty when there are none. */
err pcsc_readers(struct arena *arena, struct str *names);

#endif

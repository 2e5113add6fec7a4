#ifndef SIM_PHONE_HOLDER_H
#define SIM_PHONE_HOLDER_H

#include "sim/card/card.h"
#include "sim/card/pcsc.h"

/*
 * The card that lies on the phone: a folder, or one on a PC/SC reader. The same port to both.
 */

struct holder {
	struct card card;
	struct pcsc pcsc;
	struct card_port port;
};

/* The holder must not move while the port is used. NOT_FOUND: no card there; INVALID: damaged. */
err holder_open_folder(struct arena *arena, const char *dir, struct holder *out);
/* UNAVAILABLE: no reader, or no card on it. reader "": any. */
err holder_open_reader(const char *reader, struct holder *out);
void holder_close(struct holder *holder);
#define AUTO_HOLDER __attribute__((cleanup(holder_close))) struct holder

#endif

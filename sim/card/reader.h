#ifndef SIM_CARD_READER_H
#define SIM_CARD_READER_H

#include "sim/card/card.h"

#include "base/err.h"

/*
 * Puts a soft card on the virtual reader of pcscd (vpcd of the vsmartcard project), so that any
 * program of this machine that speaks PC/SC sees it.
 *
 * The card is the TCP client. Each message has its length in 2 bytes, the high one first. One byte
 * from the reader is a command: 0 power off, 1 power on, 2 reset, 4 tell the ATR (the only one that
 * is answered); all else is an APDU and gets its answer. Off and reset make the card forget what
 * was verified.
 */

#define READER_PORT "35963"
#define READER_HOST "127.0.0.1"

/* What the card says when it gets power; stock OpenSC knows a My Number card by it. */
extern const struct str reader_atr;

/* Tries until `wait_ms` have passed. UNAVAILABLE: nobody listens there. */
err reader_connect(const char *host, const char *port, int64_t wait_ms, int *fd);

/* Until the reader closes (ok) or *stop is not 0 (ok; who sets it in a signal handler shuts the connection down too).
 * UNAVAILABLE: the connection breaks in a message; INVALID: a message without a byte. */
err reader_serve(int fd, struct card *card, const volatile int *stop);

#endif

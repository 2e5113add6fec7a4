#ifndef CRYPTO_INIT_H
#define CRYPTO_INIT_H

#include "base/err.h"

/*
 * Once, at start, before other threads: chooses the fastest code for this processor and finds the
 * algorithms. UNAVAILABLE when one of the libraries cannot work here; the program must not go on
 * then. May be called again.
 */
err crypto_init(void);

#endif

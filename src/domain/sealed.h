#ifndef DOMAIN_SEALED_H
#define DOMAIN_SEALED_H

#include "domain/cx.h"

/*
 * What master.key has sealed (crypto/seal.h), read back. SHUT: it does not open any more. The key is another since an operator has accepted the loss of the one before
 * (domain/installation.h), or the row is damaged; either way nobody can read it, and whoever asks says so and goes on.
 */
err sealed_open(struct cx *cx, struct str purpose, struct str sealed, struct str *out);

#endif

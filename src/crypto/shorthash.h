#ifndef CRYPTO_SHORTHASH_H
#define CRYPTO_SHORTHASH_H

#include "base/str.h"

#include <stdint.h>

/*
 * SipHash-2-4 (Aumasson and Bernstein, 2012) under a key that is no secret: the same text has the same one in every process and on every host.
 * It tells apart texts of people who gain nothing from two that look alike; for all else there is sha256 (crypto/digest.h).
 */
uint64_t shorthash(struct str bytes);

#endif

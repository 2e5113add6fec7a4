#ifndef SIM_CA_PRIMES_H
#define SIM_CA_PRIMES_H

#include "sim/ca/ssl.h"

/*
 * RSA keys from primes that others have made before, for test runs: nearly all that a key costs is
 * looking for its two primes. Each key is a pair of primes of its own, so the n-th prime is enough
 * for n - 1 more keys. No two keys are the same, of whatever authority and process. Whoever has two
 * of them can break both: they are worth nothing outside of a test.
 *
 *   0, 1, 2 …   a prime of 1024 bits each, hexadecimal; made when a key wants it
 *   taken       how many pairs have been taken, 8 hexadecimal digits; who takes one locks it
 *
 * Any number of processes may use one folder at once, and be killed at any moment.
 */

/* RSA-2048, exponent 65537. dir exists. UNAVAILABLE: its files cannot be read or written; INVALID:
 * they hold something else. */
err primes_key(const char *dir, EVP_PKEY **out);

#endif

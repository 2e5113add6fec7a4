#include "crypto/shorthash.h"

#include <sodium.h>
#include <string.h>

uint64_t shorthash(struct str bytes)
{
	static const uint8_t key[crypto_shorthash_KEYBYTES];
	uint8_t out[crypto_shorthash_BYTES];
	uint64_t sum;

	/* It cannot fail. */
	(void)crypto_shorthash(out, (const unsigned char *)(bytes.n ? bytes.p : ""), bytes.n, key);
	memcpy(&sum, out, sizeof sum);
	return sum;
}

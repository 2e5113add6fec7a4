#include "crypto/init.h"

#include "crypto/digest.h"

#include <sodium.h>

err crypto_init(void)
{
	/* Random bytes from a stream of this process's own (seeded by the kernel, anew after a fork) instead of a system call each. */
	randombytes_set_implementation(&randombytes_internal_implementation);
	if (sodium_init() < 0)
		return fail(ERR_UNAVAILABLE, "libsodium does not start");
	return digest_init();
}

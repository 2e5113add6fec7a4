#include "crypto/init.h"

#include "crypto/digest.h"

#include <sodium.h>

err crypto_init(void)
{
	if (sodium_init() < 0)
		return fail(ERR_UNAVAILABLE, "libsodium does not start");
	return digest_init();
}

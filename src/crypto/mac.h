#ifndef CRYPTO_MAC_H
#define CRYPTO_MAC_H

#include "base/str.h"

#include <stdint.h>

/*
 * A keyed digest: who does not know the key can neither make nor check one. BLAKE2b with 32 bytes of key and of result (RFC 7693 2.9),
 * for what is ours from end to end and made on every page; where a standard names HMAC it is hmac_sha256 (crypto/digest.h).
 */

#define MAC_BYTES 32

void mac_make(const uint8_t key[MAC_BYTES], struct str bytes, uint8_t out[MAC_BYTES]);

#endif

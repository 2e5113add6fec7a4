#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include "base/err.h"
#include "base/str.h"

/*
 * Bytes that only holders of the key can read, and that nobody else can change unnoticed: personal
 * data at rest.
 *
 * XChaCha20-Poly1305 by libsodium: its nonce of 24 bytes may be drawn at random without a counter
 * to keep. The purpose
 * ("draft 17", "answers of account 3") is authenticated, not stored: sealed bytes moved to another
 * row or used for another thing do not open. Safe from many threads.
 *
 * Form: version (1 byte, 1) | nonce (24) | ciphertext | tag (16). The version is authenticated as
 * well.
 */

#define SEAL_KEY_BYTES 32
/* How much longer than its plain text a sealed text is. */
#define SEAL_OVERHEAD (1 + 24 + 16)

struct seal_key {
	uint8_t bytes[SEAL_KEY_BYTES];
};

struct str seal(
	struct arena *arena, const struct seal_key *key, struct str purpose, struct str plain);

/* INVALID, without saying why: too short, another version, key or purpose, or changed. */
err unseal(struct arena *arena, const struct seal_key *key, struct str purpose, struct str sealed,
	struct str *plain);

#endif

#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include "base/err.h"
#include "base/str.h"

/*
 * SHA-256 (FIPS 180-4) and HMAC-SHA256 (RFC 2104) by OpenSSL, which uses the processor's
 * instructions for them.
 *
 * The algorithms are looked up once in the process (a look-up costs more than the digest of a short
 * text). Apart from exhausted memory nothing here can fail; like an arena the process ends then.
 * Safe from many threads; one struct sha256 belongs to one thread.
 */

#define SHA256_BYTES 32

/* Finds the algorithms. Called by crypto_init(); without it the first use does the same and ends
 * the process on failure. */
err digest_init(void);

void sha256(struct str bytes, uint8_t out[SHA256_BYTES]);
struct str sha256_hex(struct arena *arena, struct str bytes); /* 64 digits, lower case */
void hmac_sha256(struct str key, struct str bytes, uint8_t out[SHA256_BYTES]);

/* In pieces: AUTO_SHA256 sum = {0}; sha256_init(&sum); sha256_add(&sum, part); … sha256_end(&sum,
 * digest); */
struct evp_md_ctx_st;
struct sha256 {
	struct evp_md_ctx_st *ctx;
};

void sha256_init(struct sha256 *sum);
void sha256_add(struct sha256 *sum, struct str bytes);
void sha256_end(
	struct sha256 *sum, uint8_t out[SHA256_BYTES]); /* then sha256_init() again, or release */
void sha256_release(struct sha256 *sum);

/* Ends with its scope. Give it = {0}, so that a return before sha256_init() is right too. */
#define AUTO_SHA256 __attribute__((cleanup(sha256_release))) struct sha256

#endif

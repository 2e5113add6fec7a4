#include "crypto/seal.h"

#include "base/random.h"

#include <assert.h>
#include <sodium.h>

#define SEAL_VERSION 1
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES

static_assert(SEAL_OVERHEAD == 1 + NONCE_BYTES + TAG_BYTES, "form of sealed text");
static_assert(SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "size of the key");

/* What is authenticated beside the text. The version is one byte, so the two parts cannot be
 * shifted. */
static struct str context(struct arena *arena, struct str purpose)
{
	unsigned char *p = arena_alloc(arena, 1 + purpose.n);
	p[0] = SEAL_VERSION;
	if (purpose.n)
		memcpy(p + 1, purpose.p, purpose.n);
	return str_make((const char *)p, 1 + purpose.n);
}

struct str seal(
	struct arena *arena, const struct seal_key *key, struct str purpose, struct str plain)
{
	struct str more = context(arena, purpose);
	unsigned char *sealed = arena_alloc(arena, plain.n + SEAL_OVERHEAD);
	unsigned char *nonce = sealed + 1;
	sealed[0] = SEAL_VERSION;
	random_bytes(nonce, NONCE_BYTES);
	/* It has no way to fail. */
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_BYTES, NULL,
		(const unsigned char *)(plain.n ? plain.p : ""), plain.n,
		(const unsigned char *)more.p, more.n, NULL, nonce, key->bytes);
	return str_make((const char *)sealed, plain.n + SEAL_OVERHEAD);
}

err unseal(struct arena *arena, const struct seal_key *key, struct str purpose, struct str sealed,
	struct str *plain)
{
	if (sealed.n < SEAL_OVERHEAD || sealed.p[0] != SEAL_VERSION)
		return fail(ERR_INVALID, "sealed text does not open");
	struct str more = context(arena, purpose);
	const unsigned char *nonce = (const unsigned char *)sealed.p + 1;
	size_t n = sealed.n - SEAL_OVERHEAD;
	unsigned char *text = arena_alloc(arena, n);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL, nonce + NONCE_BYTES,
		    n + TAG_BYTES, (const unsigned char *)more.p, more.n, nonce, key->bytes) != 0)
		return fail(ERR_INVALID, "sealed text does not open");
	*plain = str_make((const char *)text, n);
	return ok();
}

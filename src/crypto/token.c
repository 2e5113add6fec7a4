#include "crypto/token.h"

#include "base/encode.h"
#include "base/random.h"
#include "crypto/digest.h"

static struct str as_text(struct arena *arena, const void *bytes, size_t n)
{
	struct buf text;
	buf_init_room(&text, arena, n * 2, n * 2);
	base64url_write(&text, str_make(bytes, n));
	return buf_view(&text);
}

static err as_bytes(struct arena *arena, struct str text, size_t n, struct str *bytes)
{
	struct str read;
	/* The length first: what a client sends should cost no more than this check. */
	if (text.n != (n * 8 + 5) / 6)
		return fail(ERR_INVALID, "token of wrong length");
	TRY(base64url_read(arena, text, &read));
	*bytes = read;
	return ok();
}

struct str token_new(struct arena *arena)
{
	uint8_t bytes[TOKEN_BYTES];
	random_bytes(bytes, sizeof bytes);
	struct str token = as_text(arena, bytes, sizeof bytes);
	explicit_bzero(bytes, sizeof bytes);
	return token;
}

struct str token_digest(struct arena *arena, struct str token)
{
	return sha256_hex(arena, token);
}

err token_mask(struct arena *arena, struct str token, struct str *masked)
{
	struct str secret;
	TRY(as_bytes(arena, token, TOKEN_BYTES, &secret));
	uint8_t both[2 * TOKEN_BYTES];
	random_bytes(both, TOKEN_BYTES);
	for (size_t i = 0; i < TOKEN_BYTES; i++)
		both[TOKEN_BYTES + i] = (uint8_t)(both[i] ^ (uint8_t)secret.p[i]);
	*masked = as_text(arena, both, sizeof both);
	explicit_bzero(both, sizeof both);
	return ok();
}

err token_unmask(struct arena *arena, struct str masked, struct str *token)
{
	struct str both;
	TRY(as_bytes(arena, masked, 2 * TOKEN_BYTES, &both));
	uint8_t secret[TOKEN_BYTES];
	for (size_t i = 0; i < TOKEN_BYTES; i++)
		secret[i] = (uint8_t)(both.p[i] ^ both.p[TOKEN_BYTES + i]);
	*token = as_text(arena, secret, sizeof secret);
	explicit_bzero(secret, sizeof secret);
	return ok();
}

bool token_masked_is(struct arena *arena, struct str masked, struct str token)
{
	struct str sent;
	return !failed(token_unmask(arena, masked, &sent)) && str_eq_secret(sent, token);
}

#include "crypto/seal_stream.h"

#include <assert.h>
#include <sodium.h>

typedef crypto_secretstream_xchacha20poly1305_state state;

static_assert(sizeof(state) <= sizeof(struct seal_stream), "room for the state");
static_assert(SEAL_STREAM_KEY_BYTES == crypto_secretstream_xchacha20poly1305_KEYBYTES, "key");
static_assert(SEAL_STREAM_HEAD_BYTES == crypto_secretstream_xchacha20poly1305_HEADERBYTES, "head");
static_assert(SEAL_STREAM_OVERHEAD == crypto_secretstream_xchacha20poly1305_ABYTES, "overhead");

static state *state_of(struct seal_stream *stream)
{
	return (state *)(void *)stream->state;
}

static const uint8_t *bytes_of(struct str s)
{
	return (const uint8_t *)(s.p ? s.p : "");
}

void seal_stream_begin(struct seal_stream *stream, const uint8_t key[SEAL_STREAM_KEY_BYTES],
	uint8_t head[SEAL_STREAM_HEAD_BYTES])
{
	/* It has no way to fail. */
	(void)crypto_secretstream_xchacha20poly1305_init_push(state_of(stream), head, key);
}

void seal_stream_push(
	struct seal_stream *stream, struct str plain, struct str more, bool last, uint8_t *out)
{
	unsigned char tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
				 : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
	/* Fails only for pieces of 256 GiB. */
	(void)crypto_secretstream_xchacha20poly1305_push(
		state_of(stream), out, NULL, bytes_of(plain), plain.n, bytes_of(more), more.n, tag);
}

err seal_stream_open(struct seal_stream *stream, const uint8_t key[SEAL_STREAM_KEY_BYTES],
	const uint8_t head[SEAL_STREAM_HEAD_BYTES])
{
	if (crypto_secretstream_xchacha20poly1305_init_pull(state_of(stream), head, key) != 0)
		return fail(ERR_INVALID, "sealed file does not open");
	return ok();
}

err seal_stream_pull(
	struct seal_stream *stream, struct str sealed, struct str more, uint8_t *out, bool *last)
{
	unsigned char tag;
	if (sealed.n < SEAL_STREAM_OVERHEAD ||
		crypto_secretstream_xchacha20poly1305_pull(state_of(stream), out, NULL, &tag,
			bytes_of(sealed), sealed.n, bytes_of(more), more.n) != 0)
		return fail(ERR_INVALID, "sealed file does not open");
	*last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return ok();
}

void seal_stream_wipe(struct seal_stream *stream)
{
	sodium_memzero(stream, sizeof *stream);
}

#ifndef CRYPTO_SEAL_STREAM_H
#define CRYPTO_SEAL_STREAM_H

#include "base/err.h"
#include "base/str.h"

/*
 * A long text sealed in pieces: files. Like crypto/seal.h, but neither side needs the whole in
 * memory.
 *
 * libsodium's secretstream (XChaCha20-Poly1305): each piece is authenticated with its place in the
 * order, and the last one says that it is the last. A piece changed, left out, repeated, moved, or
 * missing at the end is noticed. `purpose` is authenticated with the first piece. A struct belongs
 * to one thread; it holds a key, so end it with seal_stream_wipe().
 */

#define SEAL_STREAM_KEY_BYTES 32
#define SEAL_STREAM_HEAD_BYTES 24
/* How much longer than its plain text a sealed piece is. */
#define SEAL_STREAM_OVERHEAD 17

struct seal_stream {
	_Alignas(16) uint8_t state[64];
};

/* For writing: makes the head, which is stored before the first piece. */
void seal_stream_begin(struct seal_stream *stream, const uint8_t key[SEAL_STREAM_KEY_BYTES],
	uint8_t head[SEAL_STREAM_HEAD_BYTES]);
/* `out` has plain.n + SEAL_STREAM_OVERHEAD bytes. `more` is authenticated, not stored; may be
 * empty. */
void seal_stream_push(
	struct seal_stream *stream, struct str plain, struct str more, bool last, uint8_t *out);

/* For reading. INVALID: no head that secretstream can have made. */
err seal_stream_open(struct seal_stream *stream, const uint8_t key[SEAL_STREAM_KEY_BYTES],
	const uint8_t head[SEAL_STREAM_HEAD_BYTES]);
/* `out` has sealed.n - SEAL_STREAM_OVERHEAD bytes. INVALID: not the piece that comes next. */
err seal_stream_pull(
	struct seal_stream *stream, struct str sealed, struct str more, uint8_t *out, bool *last);

void seal_stream_wipe(struct seal_stream *stream);

#endif

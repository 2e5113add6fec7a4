#include "http/chunk.h"

#include "http/bytes.h"

/* 16 hexadecimal digits are 64 bits; more would overflow. */
#define SIZE_DIGITS 16

/* A digit of the size, or the CR behind it. 0: fine; else the status. */
static int take_size(struct chunked *chunked, char byte)
{
	if (byte == '\r' && chunked->digits > 0) {
		chunked->state = CHUNK_SIZE_LF;
		return 0;
	}
	int digit = byte_hex(byte);
	if (digit < 0 || chunked->digits == SIZE_DIGITS)
		return 400;
	chunked->left = chunked->left * 16 + (unsigned)digit;
	chunked->digits++;
	return 0;
}

static int take_size_end(struct chunked *chunked, const struct buf *body)
{
	if (chunked->left > body->max - body->n)
		return 413;
	chunked->digits = 0;
	chunked->state = chunked->left > 0 ? CHUNK_DATA : CHUNK_LAST_CR;
	return 0;
}

/* Where only one byte may stand, and what comes behind it. */
static const struct {
	char byte;
	enum chunk_state next;
} fixed[CHUNK_STATE_COUNT] = {
	[CHUNK_SIZE_LF] = {'\n', CHUNK_SIZE_LF}, /* take_size_end says what is next */
	[CHUNK_DATA_CR] = {'\r', CHUNK_DATA_LF},
	[CHUNK_DATA_LF] = {'\n', CHUNK_SIZE},
	[CHUNK_LAST_CR] = {'\r', CHUNK_LAST_LF},
	[CHUNK_LAST_LF] = {'\n', CHUNK_LAST_LF}, /* the end */
};

/* Everything but data. */
static int take_byte(struct chunked *chunked, char byte, const struct buf *body)
{
	if (chunked->state == CHUNK_SIZE)
		return take_size(chunked, byte);
	if (byte != fixed[chunked->state].byte)
		return 400;
	if (chunked->state == CHUNK_SIZE_LF)
		return take_size_end(chunked, body);
	chunked->state = fixed[chunked->state].next;
	return 0;
}

enum parse_result chunked_read(
	struct chunked *chunked, struct str coded, struct buf *body, size_t *taken)
{
	size_t at = 0;
	while (at < coded.n) {
		if (chunked->state == CHUNK_DATA) {
			size_t n =
				coded.n - at < chunked->left ? coded.n - at : (size_t)chunked->left;
			buf_bytes(body, coded.p + at, n);
			at += n;
			chunked->left -= n;
			if (chunked->left == 0)
				chunked->state = CHUNK_DATA_CR;
			continue;
		}
		bool last = chunked->state == CHUNK_LAST_LF;
		chunked->status = take_byte(chunked, coded.p[at++], body);
		if (chunked->status != 0) {
			*taken = at;
			return PARSE_REFUSED;
		}
		if (last) {
			*taken = at;
			return PARSE_DONE;
		}
	}
	*taken = at;
	return PARSE_MORE;
}

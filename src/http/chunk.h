#ifndef HTTP_CHUNK_H
#define HTTP_CHUNK_H

#include "http/parse.h"

#include "base/buf.h"

/*
 * A chunked body (RFC 9112 7.1), byte by byte, so that the verdict does not depend on how the bytes
 * were cut. Stricter than the RFC: chunk extensions and trailer fields are refused. No browser and
 * no proxy of ours sends them, and where two readers disagree about their ends, one request becomes
 * two.
 */

enum chunk_state {
	CHUNK_SIZE,
	CHUNK_SIZE_LF,
	CHUNK_DATA,
	CHUNK_DATA_CR,
	CHUNK_DATA_LF,
	CHUNK_LAST_CR,
	CHUNK_LAST_LF,
	CHUNK_STATE_COUNT
};

struct chunked {
	enum chunk_state state;
	unsigned digits; /* of the size being read */
	uint64_t left;   /* bytes of this chunk still to come */
	int status;      /* of a refusal: 400, 413 */
};

/* Zero is the start. Takes coded bytes, appends data to `body` (its ceiling: 413), says how many
 * were taken: all, unless done or refused. */
enum parse_result chunked_read(
	struct chunked *chunked, struct str coded, struct buf *body, size_t *taken);

#endif

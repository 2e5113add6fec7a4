#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include "base/err.h"
#include "base/str.h"

/*
 * Bodies that are too large for memory: taken in pieces as they come, given in pieces as they are sent. Whatever their size, an exchange
 * holds one piece of LIMIT_HTTP_PIECE bytes. All functions here run in a worker, one after the other, because disks are slow; the
 * connection is not read, and not written to, meanwhile. So a slow disk slows down the one who sends, and nobody else.
 */

/*
 * Takes the body of a request. `begin` of struct server_conf makes it when the head is complete, before anything of the body is
 * read: it may answer instead, and then the body is thrown away. Afterwards, either
 *
 *   take … take → the handler, with request.taker, when all is there, or when take has said that it wants no more (request.taken_short:
 *                 the answer then ends the connection), or
 *   take … take → drop, when the rest will not come: the client went away, was too slow, or the server stops.
 */
struct taker {
	bool (*take)(struct taker *taker, struct str piece); /* false: no more */
	void (*drop)(struct taker *taker);
	void *state;
};

/*
 * Gives the body of an answer (response_give). `next` is called until `size` bytes were given: a piece lives until the next call;
 * an error, or another size, breaks the connection off, so that nobody takes a part for the whole. `end` is called once in any
 * case, perhaps in an event thread: it must not block.
 */
struct giver {
	err (*next)(struct giver *giver, struct str *piece);
	void (*end)(struct giver *giver);
	void *state;
	uint64_t size;
};

#endif

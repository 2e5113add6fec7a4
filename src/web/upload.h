#ifndef WEB_UPLOAD_H
#define WEB_UPLOAD_H

#include "web/exchange.h"

/*
 * Requests whose body is a file. The router runs its steps when the head has come, so nobody sends 25 MB to learn that the session is over; the
 * exchange of then is kept, and its handler is called with it when the body is there: who was let in at the beginning is in at the end.
 *
 * A route with the flag UPLOAD has, beside its handler page_<name>, a function that takes the body: err take_<name>(ex, length). It fills
 * ex->upload, or answers by an err or by one of the answers of web/exchange.h (then ex->upload stays NULL).
 */

struct upload_taker {
	struct taker taker;    /* its state is this struct */
	struct exchange *ex;
	/* A piece; an err ends the body, and the handler finds it in `fault`. */
	err (*add)(struct upload_taker *taker, struct str piece);
	/* The rest will not come. */
	void (*drop)(struct upload_taker *taker);
	err fault;
	struct str fault_words; /* for the log */
	void *state;
};

/* Makes ex->upload. */
struct upload_taker *upload_taker_new(struct exchange *ex, err (*add)(struct upload_taker *taker, struct str piece),
	void (*drop)(struct upload_taker *taker), void *state);

err take_file_send(struct exchange *ex, uint64_t length);
err take_pages_send(struct exchange *ex, uint64_t length);
err take_upload_append(struct exchange *ex, uint64_t length);

#endif

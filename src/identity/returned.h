#ifndef IDENTITY_RETURNED_H
#define IDENTITY_RETURNED_H

#include "domain/identity/identity_adapter.h"

/*
 * Going to another service by the browser and coming back (RFC 6749 section 4.1, with PKCE by RFC 7636): what the OpenID provider and the self-information
 * service have in common. `state` is the transaction's id, a dot, and a random part that the transaction holds; so it is of one session, and
 * spent by the first use.
 */

/* What the service sends back; absent: the parameter is not there. */
struct returned {
	struct str code, state, iss, error;
	bool repeated; /* one of them stood there twice */
};

/* What the transaction holds: 43 characters each. */
struct held {
	struct str state, nonce, verifier;
};
void held_new(struct arena *arena, struct held *out);
struct str held_write(struct arena *arena, const struct held *held);
err held_read(struct str text, struct held *out); /* INVALID */

/* "&name=value", percent-encoded. */
struct buf;
void parameter_write(struct buf *out, const char *name, struct str value);
/* The address with response_type, client_id, redirect_uri, state and the challenge. */
void way_there(struct buf *out, struct str auth_url, struct str client_id, struct str redirect_uri, struct str tx_id, const struct held *held);

/*
 * The transaction of the actor's session and of that way which the state names, and what it holds when it waits for the answer. NOT_FOUND: there is
 * none, and nothing is said of others.
 */
err returned_find(struct cx *cx, enum idv_adapter adapter, struct str state, struct idv_tx *out);

/* What is wrong before anybody is asked; NONE: it brings a code. *why is for the audit. */
enum idv_error returned_check(const struct returned *answer, const struct held *held, struct str issuer, const char **why);

#endif

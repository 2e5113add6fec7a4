#ifndef IDENTITY_CARDLINK_MESSAGE_H
#define IDENTITY_CARDLINK_MESSAGE_H

#include "identity/cardlink.h"

/* A message of the app, from bytes to members that somebody answers for. Private to this adapter. */

struct cardlink_message {
	enum cardlink_kind kind;
	const struct json *payload; /* only members that this kind may have */
	struct str tx;
	struct str jti;
	struct str app;     /* thumbprint of the key that signed it */
	struct str app_key; /* that key */
	struct idv_tx at;   /* how it stands */
};

/* *refused: why it is none. my_number_present: *out has tx and app then. */
err cardlink_read(struct cx *cx, const struct cardlink_in *in, struct cardlink_message *out, enum idv_error *refused);

/* Bytes in base64url, 1 to `most` of them. False: not there, or not so. */
bool cardlink_bytes(struct arena *arena, const struct json *payload, struct str name, size_t most, struct str *out);

#endif

#ifndef IDENTITY_OIDC_INSIDE_H
#define IDENTITY_OIDC_INSIDE_H

#include "domain/identity/identity_adapter.h"
#include "identity/oidc.h"
#include "net/fetch.h"

#include <pthread.h>

/*
 * What the files of the relying party share. Functions that fail say by the code what the person is told: UNAVAILABLE op_unavailable,
 * NOT_FOUND basic4_missing, INTERNAL internal, all else oidc_protocol. The words of the error go to the audit, and hold nothing that the provider sent.
 */

struct oidc {
	struct arena arena; /* of the conf's texts */
	struct oidc_conf conf;
	struct jws_key *key;
	struct str kid;     /* thumbprint of the key */

	/* The provider's keys: held while they are fetched, so that one asks and the others have the answer. */
	pthread_mutex_t lock;
	struct arena keys_arena;
	struct str keys;    /* as they came; empty: never */
	int64_t asked_at;   /* 0: never */
	bool away;          /* there was no answer the last time */
};

/* One exchange with the provider; each request has what is left of the time. */
struct oidc_trip {
	struct cx *cx;
	struct oidc *oidc;
	int64_t until;      /* monotonic */
};

/* What must be the same in the ID token as it was in the beginning. */
struct oidc_expect {
	struct str issuer, client_id, nonce, access_token;
	struct str acr_values;
	int64_t now;        /* ms */
};

/* A request with what is left of the time. LIMIT: the answer is too big. UNAVAILABLE: none, or a status of 500 and above, or 429. */
err oidc_ask(struct oidc_trip *trip, struct fetch *request, struct fetched *out);

/* The answer's body as JSON, when that is what its type says. */
err oidc_json(struct arena *arena, const struct fetched *answer, const struct json **out);

/* "grant_type=…&…" with our word for who we are. */
err oidc_token_form(struct cx *cx, const struct oidc *oidc, struct str code, struct str verifier, struct str *out);

struct oidc_tokens {
	struct str id_token, access_token;
};
err oidc_tokens_get(struct oidc_trip *trip, struct str code, struct str verifier, struct oidc_tokens *out);

/* The provider's key with that kid; the caller frees it. INVALID: there is none. */
err oidc_key_find(struct oidc_trip *trip, struct str kid, struct jws_key **out);

/* Everything but the key: after jws_verify. *sub lives in the arena. */
err oidc_id_token_check(struct arena *arena, struct str payload, const struct oidc_expect *expect, struct str *sub);

/* NOT_FOUND: one of the four is missing. INVALID: one is of no form that is understood. */
err oidc_basic4(struct arena *arena, const struct json *claims, struct basic4 *out);

#endif

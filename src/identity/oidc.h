#ifndef IDENTITY_OIDC_H
#define IDENTITY_OIDC_H

#include "crypto/jws_key.h"
#include "domain/identity/identity.h"
#include "identity/returned.h"

/*
 * Proving who one is at an OpenID provider: the counter as a relying party of the Digital Authentication App's profile (OpenID Connect Core 1.0,
 * authorization code with PKCE by RFC 7636, private_key_jwt by RFC 7523, `iss` of the answer by RFC 9207). The person is sent there, proves
 * with the card, and comes back with the four items and a subject in one trip.
 *
 * Everything about the provider is configuration: nothing is discovered. Its algorithm is ES256 and no other: what a token says of
 * its own algorithm decides nothing. `state` is the transaction's id, a dot and 32 random bytes; the random part, the nonce and the verifier are
 * what the transaction holds (identity_adapter.h), so they are of one session, and spent by the first use.
 *
 * oidc_begin and oidc_url only write or read rows. oidc_return speaks to the provider, up to OIDC_TOTAL_MS, outside of any transaction:
 * call it in a worker. Codes and tokens are used once and dropped; nothing of them is stored or logged.
 *
 * Safe from many threads: the set of keys that was fetched guards itself. It is fetched when a key is not known, at most once in
 * OIDC_KEYS_MS.
 */

struct oidc;

#define OIDC_SKEW_MS INT64_C(60000)      /* what two clocks may differ by */
#define OIDC_ISSUED_MS INT64_C(600000)   /* how old an ID token may be: as old as a transaction */
#define OIDC_KEYS_MS INT64_C(60000)
#define OIDC_ASSERTION_MS INT64_C(60000) /* how long our word to the token endpoint is good */
#define OIDC_TOTAL_MS INT64_C(16000)     /* for all requests together: below IDV_VERIFYING_MS */

struct oidc_conf {
	struct str issuer;
	struct str auth_url, token_url, userinfo_url, jwks_url;
	struct str client_id;
	struct str scopes;       /* "openid name address birthdate gender" */
	struct str acr_values;   /* "aal3 crl"; empty: not asked for, and not looked at */
	struct str redirect_uri; /* of our own callback */
	struct str key_file;     /* PEM of our key, which only its owner may read */
	struct str ca_file;      /* who vouches for the provider's server; empty: the system's */
};

/* Copies. INVALID, DENIED, NOT_FOUND: the key, see jws_key_load(). */
err oidc_new(const struct oidc_conf *conf, struct oidc **out);
void oidc_free(struct oidc *oidc); /* accepts NULL */

/* {"keys":[…]} of our key, as it is handed in at the provider. */
struct str oidc_client_keys(struct arena *arena, const struct oidc *oidc);

/* As idv_begin, whose adapter, op and held it sets. *url: where the browser goes. */
err oidc_begin(struct cx *cx, const struct oidc *oidc, const struct idv_begin *begin, struct idv_tx *out, struct str *url);

/* The same address again, for a transaction of the actor's session that has not come back yet. NOT_FOUND; CONFLICT: it has. */
err oidc_url(struct cx *cx, const struct oidc *oidc, struct str tx_id, struct str *url);

/*
 * Carries the transaction on to its end, with a result or by an error of the table; *out says how. One that is over already stays as it is.
 * NOT_FOUND: the state names no transaction of the actor's session; nothing was changed.
 */
err oidc_return(struct cx *cx, struct oidc *oidc, const struct returned *answer, struct idv_tx *out);

#endif

#ifndef IDENTITY_SELFINFO_H
#define IDENTITY_SELFINFO_H

#include "domain/identity/identity.h"
#include "domain/identity/tax.h"
#include "identity/returned.h"

/*
 * Tax information from the self-information service (Mynaportal's interface in its outline; its layouts are not public, so the messages are our own): the person consents there with the card (OAuth 2.0 with PKCE), the counter gets a token, asks for
 * the item, is given the number of a process, and asks for its result every TAX_EVERY_MS until it is there.
 *
 *   browser      GET  auth_url?response_type=code&client_id&redirect_uri&state&code_challenge&code_challenge_method=S256&scope=tax
 *   counter      POST token_url    grant_type, code, redirect_uri, code_verifier; Basic authentication → {"access_token","token_type":"Bearer"}
 *                POST request_url  {"item":"TM00000000000002"} → {"process_id"}
 *                GET  result_url?process_id=… → {"state":"waiting"} | {"state":"done","answer":…,"info":{neutral form of domain/identity/tax.h}}
 *
 * The person's consent is a transaction of domain/identity/identity.h (IDV_TAX); what comes of it stands in domain/identity/tax.h. selfinfo_return and selfinfo_ask speak to
 * the service, outside of any transaction. The token is kept, sealed, until there is an answer, and no longer.
 *
 * Constant once made; safe from many threads.
 */

struct selfinfo;

struct selfinfo_conf {
	struct str auth_url, token_url, request_url, result_url;
	struct str client_id, secret;
	struct str redirect_uri; /* of our own callback */
	struct str ca_file;      /* who vouches for its server; empty: the system's */
};

/* Copies. */
err selfinfo_new(const struct selfinfo_conf *conf, struct selfinfo **out);
void selfinfo_free(struct selfinfo *selfinfo); /* accepts NULL */

/* As idv_begin, for a draft of the actor's own whose procedure wants tax information. *url: where the browser goes. CONFLICT: something is attached. */
err selfinfo_begin(struct cx *cx, const struct selfinfo *selfinfo, int64_t draft_id, struct str next, struct str agent, struct idv_tx *out, struct str *url);

/*
 * The person is back. Whatever comes of it is then said by tax_of_draft(out->draft_id): FETCHING, or ANSWERED by what went wrong. NOT_FOUND: the state
 * names no transaction of the actor's session.
 */
err selfinfo_return(struct cx *cx, const struct selfinfo *selfinfo, const struct returned *answer, struct idv_tx *out);

/* For the job: asks for one that is due, and notes what it is told. NOT_FOUND: nothing is due. */
err selfinfo_ask(struct cx *cx, const struct selfinfo *selfinfo);

#endif

#ifndef DOMAIN_IDENTITY_IDENTITY_ADAPTER_H
#define DOMAIN_IDENTITY_IDENTITY_ADAPTER_H

#include "domain/identity/identity.h"

/*
 * What an adapter (identity/cardlink, identity/oidc, …) calls to carry a transaction on. An adapter never touches accounts, links or
 * applications: it ends a transaction by idv_finish with one result, or by idv_fail with one error.
 *
 *   cardlink:        idv_get, idv_claim, idv_report …, idv_verifying, [verify; network outside of any transaction], idv_finish or idv_fail
 *   oidc, selfinfo:  idv_begin (held: state, nonce, verifier), idv_get, idv_verifying (straight from SHOWN), [network], idv_finish or idv_fail
 *
 * Whoever asks need not be logged in. *refused is set to the code with which the other side is answered, IDV_ERROR_NONE when the call went
 * through; an err is for what no answer of the table says (the store is away). A call that loses a race is
 * refused by what the transaction has become.
 *
 * `held` is what the adapter needs again and nobody else may have: the statement that the card signs (cardlink, from the claim), or
 * state, nonce and verifier (oidc, from the beginning). Sealed at rest, handed out by idv_get and idv_verifying, and wiped by
 * the step to VERIFYING: whatever happens then, it is spent.
 */

enum idv_assurance { IDV_CARD_PKI, IDV_CARD_TEXT_ONLY, IDV_OIDC_AAL3, IDV_ASSURANCE_COUNT };
extern const struct str idv_assurance_names[IDV_ASSURANCE_COUNT]; /* "card_pki", "card_text", "oidc_aal3" */

struct idv_result {
	enum idv_assurance assurance;
	bool has_subject;        /* IDV_AUTH, and providers: who it is. Not the signing certificate of a reading */
	struct str subject;      /* this and the next as in struct card_link */
	struct str issuer, issuer_key, serial, spki, cert;
	struct str certificate;  /* base64url of its DER; oidc: empty */
	int64_t not_after;
	bool old_card_revoked;   /* IDV_RELINK: the adapter has asked, and the linked certificate is not valid any more */
	bool has_basic4;
	struct basic4 basic4;
	struct str evidence;     /* hex SHA-256 of all that was verified */
};

/* By id, for the adapter: with app and held. NOT_FOUND. The state is as it is now, as in idv_require. */
err idv_get(struct cx *cx, struct str id, struct idv_tx *out);

/*
 * The secret in the code that the phone scans, 22 characters of base64url: derived from the portal's key and the transaction, so that a page can show
 * it again, and no row holds it.
 */
struct str idv_claim_secret(struct cx *cx, struct str id);

struct idv_claim {
	struct str id;
	struct str secret;    /* from the scanned code */
	struct str app;       /* thumbprint of the app's key, whose signature has been verified */
	struct str app_key;   /* the key, as JWK */
	struct str label;     /* "Myna App 1.0, android", made of allowed characters */
	struct str network;   /* prefix of the phone's address, for the audit: identity_words.h */
	struct str held;      /* the statement */
};

/*
 * SHOWN → CLAIMED by the first. The same key again gets the statement of its first claim in out->held. Another key: FAILED claimed_twice. A wrong
 * secret: not_found, and counted as a failed claim. A second step by another key than the first step's: bad_proof.
 */
err idv_claim(struct cx *cx, const struct idv_claim *claim, struct idv_tx *out, enum idv_error *refused);

struct idv_report {
	struct str id;
	struct str app;
	enum idv_error ends;  /* declined, pin_blocked: the transaction ends; NONE: only `event` is shown */
	enum idv_phone event;
	unsigned tries;
};
err idv_report(struct cx *cx, const struct idv_report *report, struct idv_tx *out, enum idv_error *refused);

/* The one that may verify: exactly one of any number of calls goes through, with held in *out. `app` is empty from SHOWN (oidc). */
err idv_verifying(struct cx *cx, struct str id, struct str app, struct idv_tx *out, enum idv_error *refused);

/*
 * VERIFYING → DONE, AWAIT_CODE (then *code is what the phone shows; else empty), or FAILED by what does not match: look at
 * out->state and out->error. CONFLICT: it was too late; *out says what it is.
 */
err idv_finish(struct cx *cx, struct str id, const struct idv_result *result, struct idv_tx *out, struct str *code);

/* Ends it in the state that the table names for the error. `why` is for the audit: made by the program. No error when it is over already. */
err idv_fail(struct cx *cx, struct str id, enum idv_error error, struct str why, struct idv_tx *out);

/*
 * A message of an app, by key and jti, for IDV_JTI_MS: *first, it is new and the caller must answer it (then idv_jti_answered); else *answer is what the first
 * was answered, absent while that is being made. *refused replay: the same jti with another body. Sealed at rest.
 */
#define IDV_JTI_MS INT64_C(600000)
struct idv_jti {
	struct str app, jti, body;
};
err idv_jti_take(struct cx *cx, const struct idv_jti *jti, bool *first, struct str *answer, enum idv_error *refused);
err idv_jti_answered(struct cx *cx, const struct idv_jti *jti, struct str answer);

/*
 * For the job, each in transactions of its own: writes down what has run out; after IDV_KEEP_MS leaves a tombstone (digest of the id, what it was and how it ended) of a transaction, and
 * after IDV_TOMBSTONE_MS nothing; forgets old messages, and readings of drafts.
 */
#define IDV_KEEP_MS INT64_C(86400000)
#define IDV_TOMBSTONE_MS (365 * INT64_C(86400000))
err idv_sweep(struct cx *cx);

#endif

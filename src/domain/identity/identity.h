#ifndef DOMAIN_IDENTITY_IDENTITY_H
#define DOMAIN_IDENTITY_IDENTITY_H

#include "domain/identity/identity_card.h"

/*
 * Proving who one is. A transaction is one proof: begun by the browser of a person who has logged in, carried out elsewhere (by the app with
 * the card, or at an identity provider), and ended with one result or one error. This header is the browser's side; what
 * adapters call is domain/identity/identity_adapter.h; what comes of it is domain/identity/identity_card.h.
 *
 *   created ─▶ shown ─▶ claimed ─▶ verifying ─▶ await_code ─▶ done
 *      └─────────┴─────────┴───────────┴─────────────┴──▶ failed | expired | cancelled
 *
 * Only forwards. Each step is one conditional UPDATE on state and time; who changes no row has lost, and is told CONFLICT. `seq` rises with
 * each change. A transaction whose time is over counts as over wherever it is read, also before the job has written it down.
 *
 * It belongs to one session: any other gets NOT_FOUND, as for one that does not exist. A session has one open transaction and an account
 * IDV_OPEN_PER_ACCOUNT: a new one ends the oldest (`superseded`).
 *
 * Two steps of one proof (the card for the log-in, then the four items) are chained: the second names the first, which must be done, of the
 * same session and account, not older than IDV_CHAIN_MS; and only the app key of the first may claim the second.
 *
 * What a result does happens in the transaction of the step to `done`, so there is never half of it: the four items are stored with the draft, and
 * when account and card have been proven both (by the chain, or by a provider in one trip) for IDV_USAGE or IDV_RELINK, the link is made.
 *
 * The code that the phone shows and the person types on the PC (bind-back) shows that both stand before the same person. When it is asked for is
 * settings.card_bindback: first_link: for the first link, for a new card, after a failed claim in the last hour, and for a session younger than
 * a minute, once in a chain; always; off.
 *
 * Every change rings portal.idv_changed with the transaction's id, after its commit. Texts live in cx->arena. No PIN, password or My Number has a
 * place here.
 */

enum idv_op { IDV_AUTH, IDV_BASIC4, IDV_TAX, IDV_OP_COUNT };
extern const struct str idv_op_names[IDV_OP_COUNT]; /* "auth", "basic4", "tax" */

enum idv_purpose { IDV_USAGE, IDV_APPLY, IDV_RELINK, IDV_TAX_INFO, IDV_PURPOSE_COUNT };
extern const struct str idv_purpose_names[IDV_PURPOSE_COUNT]; /* "usage_request", "apply", "relink", "tax" */

enum idv_state {
	IDV_CREATED, IDV_SHOWN, IDV_CLAIMED, IDV_VERIFYING, IDV_AWAIT_CODE,
	IDV_DONE, IDV_FAILED, IDV_EXPIRED, IDV_CANCELLED, IDV_STATE_COUNT,
	IDV_UNCHANGED = IDV_STATE_COUNT /* in idv_errors.def */
};
extern const struct str idv_state_names[IDV_STATE_COUNT]; /* "created" … */
bool idv_over(enum idv_state state); /* done or behind it */

enum idv_error {
	IDV_ERROR_NONE,
#define X(name, status, retry, state) IDV_ERROR_##name,
#include "domain/identity/idv_errors.def"
#undef X
	IDV_ERROR_COUNT
};
enum idv_retry { IDV_RETRY_NO, IDV_RETRY_YES, IDV_RETRY_NEW_CODE, IDV_RETRY_LATER, IDV_RETRY_RELINK };
struct idv_error_rule {
	struct str name;        /* "card_mismatch" */
	int status;
	enum idv_retry retry;
	enum idv_state ends_in; /* IDV_UNCHANGED: it goes on */
};
extern const struct idv_error_rule idv_errors[IDV_ERROR_COUNT];
bool idv_error_of(struct str name, enum idv_error *out);

/* What the phone told of itself, for the page. */
enum idv_phone { IDV_PHONE_NONE, IDV_PHONE_PIN_WRONG, IDV_PHONE_CARD_UNREADABLE, IDV_PHONE_WRONG_CARD, IDV_PHONE_NO_SIGN_CERT, IDV_PHONE_COUNT };

#define IDV_ID_CHARS 26                  /* 16 random bytes in Crockford's base 32, nought in the last two bits */
#define IDV_SHOWN_MS INT64_C(180000)
#define IDV_CLAIMED_MS INT64_C(180000)   /* typing the PIN, holding the card again */
#define IDV_VERIFYING_MS INT64_C(20000)  /* two tries of 5 s at the responder, and the rest */
#define IDV_CODE_MS INT64_C(90000)
#define IDV_TOTAL_MS INT64_C(600000)
#define IDV_CHAIN_MS INT64_C(900000)
#define IDV_CODE_DIGITS 4
#define IDV_CODE_TRIES 3
#define IDV_BEGUN_MOST 5                 /* transactions a session may begin within IDV_BEGUN_MS; then a pause of that length */
#define IDV_BEGUN_MS INT64_C(900000)
#define IDV_OPEN_PER_ACCOUNT 2

struct idv_tx {
	struct str id;
	enum idv_adapter adapter;
	enum idv_op op;
	enum idv_purpose purpose;
	int64_t account_id, session_id, draft_id; /* draft_id 0: none */
	struct str chain;       /* id of the first step; empty: none */
	enum idv_state state;   /* as it is now */
	int64_t seq;
	enum idv_error error;   /* why it ended; in AWAIT_CODE code_mismatch: the last one was wrong */
	unsigned tries_left;    /* in AWAIT_CODE */
	struct str phone_label; /* "Myna App 1.0, android"; empty: no phone yet */
	enum idv_phone phone_event;
	unsigned phone_tries;   /* with PIN_WRONG: tries left on the card */
	bool bindback;          /* a code will be asked for, or was */
	int64_t created_at;
	int64_t expires_at;     /* of this state */
	int64_t total_until;
	struct str next;        /* where the browser goes when it is done: a path of our own */
	struct str browser;     /* family words, "Edge, Windows" */
	/* For adapters; empty from the functions of this header: */
	struct str app;         /* thumbprint of the key that claimed it */
	struct str app_key;     /* the key, as JWK */
	struct str held;        /* see identity_adapter.h */
};

struct idv_begin {
	enum idv_adapter adapter;
	enum idv_op op;
	enum idv_purpose purpose;
	int64_t draft_id;       /* for which the four items are read; 0: none */
	struct str chain;       /* the first step; empty: this is it */
	struct str next;        /* a path of our own, checked by the caller */
	struct str agent;       /* User-Agent; only its family words are kept */
	struct str held;        /* adapters other than cardlink */
};

/* Whether this counter is set up for that way of proving. */
bool idv_way_on(const struct cx *cx, enum idv_adapter adapter);

/*
 * A new transaction in state SHOWN. DENIED: nobody is logged in, or this way is switched off. NOT_FOUND: no such draft. CONFLICT: the chain is
 * not (or no longer) usable; or IDV_USAGE asks for the four items without a first step, IDV_APPLY without a link, IDV_RELINK
 * without one that could be renewed. LIMIT: too many codes, see idv_pause.
 */
err idv_begin(struct cx *cx, const struct idv_begin *begin, struct idv_tx *out);

/*
 * The first step that is done, of the actor's own session, and may still be gone on from: for that purpose, and for that draft (0: none). NOT_FOUND.
 */
err idv_chain_find(struct cx *cx, enum idv_purpose purpose, int64_t draft_id, struct str *out);

/* When this session may begin one again; 0: now. */
err idv_pause(struct cx *cx, int64_t *until);

/* NOT_FOUND unless it is of the actor's own session. Reads only. */
err idv_require(struct cx *cx, struct str id, struct idv_tx *out);

/*
 * The code as typed (blanks, hyphens and full-width digits are understood). OK also when it is wrong or comes too late: look at out->state (DONE; AWAIT_CODE
 * with error code_mismatch and tries_left; FAILED by code_mismatch, or by card_in_use when another account was faster; EXPIRED; CANCELLED). INVALID: not
 * four digits, nothing counted. CONFLICT: no code is awaited yet.
 */
err idv_code(struct cx *cx, struct str id, struct str code, struct idv_tx *out);

/* No error when it is over already: *out says how. */
err idv_cancel(struct cx *cx, struct str id, struct idv_tx *out);

/* A new one in the place of this, which ends as superseded when it is still open. As idv_begin; CONFLICT: it is done. `held` for others than cardlink. */
err idv_renew(struct cx *cx, struct str id, struct str held, struct idv_tx *out);

/*
 * It is done, and the browser goes on to out->next. The session gets a new token, once: set it as the cookie. `sent` is the one that the browser
 * came with; when it has the new one already (a reload), *session_token is absent. CONFLICT: not done.
 */
err idv_proceed(struct cx *cx, struct str id, struct str sent, struct idv_tx *out, struct str *session_token);

/*
 * The same for a browser to which the new token has never come, because the line broke or it pressed twice: for so long it is told again, when it names
 * the proof and sends the token before. Nobody is logged in by that token. Reads only. NOT_FOUND.
 */
#define IDV_AGAIN_MS INT64_C(60000)
err idv_proceed_again(struct cx *cx, struct str id, struct str sent, struct idv_tx *out, struct str *session_token);

#endif

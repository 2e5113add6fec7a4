#ifndef DOMAIN_IDENTITY_IDENTITY_ROW_H
#define DOMAIN_IDENTITY_IDENTITY_ROW_H

#include "crypto/digest.h"
#include "domain/identity/identity_adapter.h"

/*
 * What the identity files of this folder share: a transaction as it is stored, its end, its audit. Private to it. Functions that
 * write are for inside cx_write.
 */

struct idv_row {
	struct idv_tx tx;        /* as it is now: late ones are over. Without app and held */
	enum idv_state stored;   /* as the row says */
	int64_t stored_seq;
	bool confirmed;          /* by a code */
	int64_t bad_claims;
	int64_t changed_at, left_at;
	struct str code;         /* keyed digest */
	struct str app, app_key;
	struct str held, result; /* sealed */
};

/* NOT_FOUND: none. */
err idv_load(struct cx *cx, struct str id, struct idv_row *out);
/* As idv_load; NOT_FOUND unless it is of the actor's session. */
err idv_load_own(struct cx *cx, struct str id, struct idv_row *out);

/* What idv_get hands out: with app and held. */
err idv_open(struct cx *cx, const struct idv_row *row, struct idv_tx *out);

/* Over without a result, with audit; RETRY by cx_again when the row has changed since it was loaded. *row is what it has become. */
err idv_end(struct cx *cx, struct idv_row *row, enum idv_state state, enum idv_error error, struct str why);

/* Writes down that its time is over, when it is and nobody has. */
err idv_note_late(struct cx *cx, struct idv_row *row);

/* A step; `extra` is more for the detail, "" or words made by the program. */
err idv_audit(struct cx *cx, const struct idv_row *row, enum idv_state to, enum idv_error error, struct str extra);

/* A key that is the portal's own for one purpose, and what it makes of a text: 64 hex digits. */
void idv_mac(const struct cx *cx, struct str purpose, struct str text, uint8_t out[SHA256_BYTES]);
struct str idv_mac_hex(const struct cx *cx, struct str purpose, struct str text);

/* After a commit. */
void idv_ring(const struct cx *cx, struct str id);

struct str idv_held_purpose(struct cx *cx, struct str id);

/* Results as they are kept between the steps, sealed. */
struct str idv_result_seal(struct cx *cx, struct str id, const struct idv_result *result);
err idv_result_open(struct cx *cx, struct str id, struct str sealed, struct idv_result *out);

/* The four items for draft or link, sealed; see identity_basic4.c. */
err basic4_put(struct cx *cx, const struct idv_tx *tx, const struct basic4 *basic4, struct str serial);
struct str basic4_write(struct arena *arena, const struct basic4 *basic4);
err basic4_read(struct arena *arena, struct str text, struct basic4 *out);

/* What is wrong with a result beside what is known, IDV_ERROR_NONE: nothing. Fills name_differs. `first` is the result of the chain's first
 * step, NULL: none. */
err idv_match(struct cx *cx, const struct idv_tx *tx, const struct idv_result *first, struct idv_result *result, enum idv_error *out);

/* In the transaction of the step to done, after idv_match: the items and the link. RETRY by cx_again: somebody was faster, match anew. */
err idv_effects(struct cx *cx, const struct idv_tx *tx, const struct idv_result *first, const struct idv_result *result);
/* A link in the place of the one that is there; see idv_effects. */
err card_link_make(struct cx *cx, const struct idv_tx *tx, const struct idv_result *result);

#endif

#ifndef SIM_PHONE_STATEMENT_H
#define SIM_PHONE_STATEMENT_H

#include "base/err.h"
#include "base/str.h"

/*
 * What the card signs: lines of text that name who asks, for what, and until when.
 *
 *   CLP1 AUTH            or CLP1 BASIC4
 *   rp=<id of the party>
 *   origin=<origin>
 *   tx=<transaction>
 *   purpose=<purpose>
 *   text=<a sentence>    BASIC4 only
 *   nonce=<32 bytes, base64url>
 *   app=<thumbprint of the app's key>
 *   exp=<seconds since 1970>
 *
 * Each line ends with LF. There is exactly one text for one set of values, so what was read can be
 * written anew and compared; the app signs nothing that it could not have written itself.
 */

enum ask_op { ASK_AUTH, ASK_BASIC4, ASK_OP_COUNT };
extern const struct str ask_op_names[ASK_OP_COUNT]; /* "auth", "basic4" */

#define STATEMENT_NONCE_CHARS 43

struct statement {
	enum ask_op op;
	struct str rp, origin, tx, purpose;
	struct str text; /* absent: AUTH */
	struct str nonce, app;
	int64_t exp;
};

/* Borrows from the text. INVALID: not of this form. */
err statement_read(struct str text, struct statement *out);

struct str statement_write(struct arena *arena, const struct statement *statement);

/*
 * Whether the sentence is the one that asks for the four items for this purpose: "I ask <name> to
 * read my name, address, date of birth and sex from my card for <what>.", where name is the party's
 * id without "rp:", and what is "my request for use" (usage_request), "my application" or
 * "application" (apply), or "linking my new card" (relink), and then perhaps a blank and a
 * reference of A-Z, 0-9 and hyphens.
 */
bool statement_asks_items(struct str text, struct str rp, struct str purpose);

#endif

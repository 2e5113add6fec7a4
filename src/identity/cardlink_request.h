#ifndef IDENTITY_CARDLINK_REQUEST_H
#define IDENTITY_CARDLINK_REQUEST_H

#include "identity/cardlink.h"

/*
 * What the card signs, and how the app is asked for it. Private to this adapter.
 *
 * The statement is one text for one set of values: lines that end with LF, in this order, with no other LF in them.
 *
 *   CLP1 AUTH | CLP1 BASIC4
 *   rp=<settings.card_rp>
 *   origin=<settings.base_url>
 *   tx=<id>
 *   purpose=<idv_purpose_names>
 *   text=<what the person asks for>     BASIC4 only
 *   nonce=<32 random bytes, base64url>
 *   app=<thumbprint of the app's key>
 *   exp=<seconds: when the transaction's time for it is over>
 */

/* `until`: in ms. */
struct str cardlink_statement(struct cx *cx, const struct idv_tx *tx, struct str app, int64_t until);

/* The request object, signed: for the claimed transaction, whose `held` is the statement. */
err cardlink_request(struct cx *cx, const struct cardlink *link, const struct idv_tx *tx, struct str *out);

#endif

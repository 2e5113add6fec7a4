#ifndef DOMAIN_TEST_CARD_SUPPORT_H
#define DOMAIN_TEST_CARD_SUPPORT_H

#include "domain_support.h"

#include "domain/identity/identity_adapter.h"

/* A phone that has verified everything: readings come into the store through the doors that adapters use. */

/* Cards are read in this world, without codes to be typed. */
void cards_on(struct world *world);

/* cx is of that account, by a session of its own. Its password is PASSWORD. */
void cx_log_in(struct cx *cx, const char *email);

/* The card of the account that account_add makes, with these words as its name. */
struct basic4 card_of(const char *name);

/* Claims the transaction and ends it: with the subject (64 hex digits made of it) for IDV_AUTH, with the items otherwise. Answers its state. */
enum idv_state phone_ends(struct world *world, struct str tx_id, const char *subject, const struct basic4 *card);

/* Both readings for the draft of cx's actor, who must have logged in. */
void card_read_for(struct world *world, struct cx *cx, int64_t draft_id, const char *subject, const struct basic4 *card);
/* The four items only, as an application for residence asks for them. */
enum idv_state basic4_read_for(struct world *world, struct cx *cx, int64_t draft_id, const struct basic4 *card);

#endif

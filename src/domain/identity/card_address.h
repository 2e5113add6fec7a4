#ifndef DOMAIN_IDENTITY_CARD_ADDRESS_H
#define DOMAIN_IDENTITY_CARD_ADDRESS_H

#include "domain/cx.h"

/*
 * Who renews the card has often moved. What was read when the link was renewed may hold another address than the account: it is offered, and taken over
 * by one press, never by itself. The value comes from the store, not from the form that is sent. A card tells no postal code, so that becomes
 * 0000000, which forms understand as unknown.
 */

/* The actor's own. Absent: none was read lately, it is the registered one, or it is longer than an account's may be. */
err card_address_offer(struct cx *cx, struct str *out);

/* NOT_FOUND: nothing is offered. */
err card_address_take(struct cx *cx);

#endif

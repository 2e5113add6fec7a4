#ifndef DOMAIN_IDENTITY_CARD_WARNING_H
#define DOMAIN_IDENTITY_CARD_WARNING_H

#include "domain/cx.h"

/*
 * A foreign resident's card ends with the period of stay, and with it the certificates. Who has linked one is told by mail 60, 30 and 7 days before; each
 * once, and the latest first: who gets the last warning needs no earlier one. The mark and the mail are written together. Where no cards are
 * read nobody is told.
 */
err card_warn(struct cx *cx, size_t *out_count);

#endif

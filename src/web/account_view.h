#ifndef WEB_ACCOUNT_VIEW_H
#define WEB_ACCOUNT_VIEW_H

#include "web/exchange.h"

/*
 * Address Search: the posted form again, with the address of its postal code in the address field. What the person had typed behind the
 * known part of the address (number, building) stays. Nothing is found: the form as it was.
 */
struct params params_with_address(struct exchange *ex, const struct params *form, struct str postal_name, struct str address_name);

/* The address of a postal code, "東京都千代田区千代田"; empty: none. Several towns: what they have in common. */
struct str postal_address(struct exchange *ex, struct str typed_code);

#endif

#ifndef WEB_ACCOUNT_VIEW_H
#define WEB_ACCOUNT_VIEW_H

#include "domain/form/form.h"
#include "web/exchange.h"

/*
 * Address Search: what the field of an address holds with the address of a postal code, "東京都千代田区千代田"; where several towns have the
 * code, with what they have in common. It comes in front of what stands there (number, building) unless that begins with it already. In the
 * place of a prefecture, city and town of the table it comes instead: there stood the address of another code, which the person has
 * corrected, or a part of this one. Nothing else is lost.
 *
 * The field stays as it was when there is no such code, and when it would hold more than `most` characters: `issues` then gets what to say at
 * the code's or the address's path.
 */
struct address_search {
	struct str code_path, code;       /* as typed */
	struct str address_path, address; /* what stands there */
	size_t most;
};
struct str address_search(struct exchange *ex, const struct address_search *search, struct issues *issues);

#endif

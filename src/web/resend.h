#ifndef WEB_RESEND_H
#define WEB_RESEND_H

#include "render/templates.h"
#include "web/exchange.h"
#include "web/typed.h"

/*
 * A form that comes back to who sent it, on the page of an error or after a login: as hidden fields, so that a press sends it again, and
 * as text, so that it can be read and copied. Passwords and the form token are left out. Either all of it is in the hidden fields or
 * nothing: a part sent again would be taken for the whole.
 *
 * The buttons of the language send the same fields to /language, with what page it was in the address, and get that page again.
 */

struct resend {
	struct view_part_kept kept;
	struct view_part_typed typed;
	bool fits; /* `kept` is all of it */
};

/* What a page cannot give back. */
bool resend_secret(struct str name);
/* Whether its hidden fields are within LIMIT_RESENT. */
bool resend_fits(const struct params *form);
/* Whose questions a form with that target asks. The draft says it where the store may be asked. */
struct typed_from resend_from(struct exchange *ex, struct str target, bool may_ask);
/* words: what can be done with what is shown. */
void resend_view(struct exchange *ex, const struct params *form, const struct typed_from *from, enum msg words, struct resend *out);
struct view_part_typed resend_typed(struct exchange *ex, const struct params *form, const struct typed_from *from, enum msg words);

/* The route that a form with this target (path, perhaps with a query) is for; NULL: none. */
const struct route *resend_route(struct str target);

/* Which page the buttons of the language give again: "resume", or the status of an error. */
struct resend_page {
	const char *page;
	struct str to;   /* where the form was going */
	struct str id;   /* the number on the page */
	struct str name; /* of the field that was too long */
};

/* From here on the buttons of the language send the form with id "again". */
void resend_language(struct exchange *ex, const struct resend_page *page);
/* Where they send it; absent: that would be too long for an address. */
struct str resend_language_url(struct exchange *ex, const struct resend_page *page);
/* Whether a press of such a button came: then the page again. The press itself is no part of the form. */
bool resend_asked(const struct exchange *ex);
err resend_again(struct exchange *ex);

#endif

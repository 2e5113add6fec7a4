#ifndef WEB_CSRF_H
#define WEB_CSRF_H

#include "web/exchange.h"

/*
 * Every POST carries a token that only our pages can know (ASVS 3.5.1): a keyed digest of the session's token, or over a random visitor's
 * cookie before the login. It is masked anew on every page, so that compression tells nothing about it (BREACH). Beside it, the browser's own
 * word (Sec-Fetch-Site, else Origin) must not say that the form came from elsewhere.
 */

/* Prepares page.csrf; gives a visitor's cookie to those who have none. Needs no route. */
err csrf_begin(struct exchange *ex);

/* The forms of this answer belong to that session: after a login, or when nobody can ask whether there still is one. */
err csrf_renew(struct exchange *ex, struct str session_token);

/* DENIED: no token, another session's, or sent from another site. The token is a field of the form or, from scripts, the header X-Form-Token. */
err csrf_check(struct exchange *ex);
/* The two halves, for a form whose fields come later: from our own pages; with this token. */
err csrf_origin(struct exchange *ex);
err csrf_token(struct exchange *ex, struct str token);

#endif

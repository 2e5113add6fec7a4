#ifndef WEB_KEPT_H
#define WEB_KEPT_H

#include "web/exchange.h"
#include "web/web.h"

/*
 * What a person had typed when the session ended: the form and where it was going, sealed into a hidden field of the login page. After the login
 * it stands on a page with a button that sends it on. Passwords are never kept. It is good for a day.
 *
 * LIMIT_KEPT bytes can be kept, which is more than any page of ours asks for. Of a longer form the login page says so, and shows it.
 */

/* The name of the hidden field. */
#define KEPT_FIELD "_kept"

void kept_key_init(struct web *web);

/*
 * Answers with the login page that carries the form of this request. One that another site has sent is not carried: after the login a
 * press would carry out what its sender wanted.
 */
err kept_login_page(struct exchange *ex);

/* The hidden field's value for a login that failed once more; absent: nothing is kept. */
struct str kept_field(const struct exchange *ex);

/*
 * After the login: answers with the page that sends on what field "_kept" holds. NOT_FOUND: there is none, or it is forged or
 * too old: go on as after any login.
 */
err kept_resume_page(struct exchange *ex);

/* That page, for a form that is going to that target. */
err kept_page(struct exchange *ex, struct str target, const struct params *form);

#endif

#ifndef WEB_PAGE_LOGIN_H
#define WEB_PAGE_LOGIN_H

#include "domain/form/form.h"
#include "web/exchange.h"

/* The login page, which also answers a form whose session has ended. */

struct login_words {
	struct str user_id;   /* as typed */
	struct str next;      /* where to go afterwards */
	struct str kept;      /* sealed form, web/kept.h */
	const struct params *lost; /* of this request: too long to be kept, so it is shown; NULL: none */
	enum msg why;
	bool has_why;
	const struct issues *issues; /* NULL: none */
};

err login_page(struct exchange *ex, int status, const struct login_words *words);

#endif

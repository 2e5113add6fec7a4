#include "web/session_step.h"

#include "web/csrf.h"
#include "web/session_cookie.h"
#include "web/web.h"

err session_step(struct exchange *ex)
{
	struct str token = {0};

	ex->session_asked = true;
	err e = session_cookie_get(ex, &token);

	if (failed(e))
		ex->refusal = e.code == ERR_LIMIT ? 431 : 400;
	TRY(e);
	if (str_absent(token))
		return ok();
	e = session_find(&ex->cx, token, &ex->session);
	if (e.code == ERR_NOT_FOUND) {
		ex->session_ended = true;
		return ok();
	}
	if (failed(e)) {
		struct str why = str_fmt(ex->cx.arena, "%s", err_detail());

		/* What cannot be taken now can be sent again from the page that says so; a cookie that is no token is no loss. */
		IGNORE(csrf_renew(ex, token));
		return fail(e.code, STR_FMT, STR_ARG(why));
	}
	if (session_touch_due(&ex->cx, &ex->session))
		touch_note(ex->web, &ex->session);
	return ok();
}

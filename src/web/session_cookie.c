#include "web/session_cookie.h"

#include "web/web.h"

static struct str cookie_name(const struct exchange *ex)
{
	return ex->web->conf.secure ? STR("__Host-session") : STR("session");
}

err session_cookie_get(struct exchange *ex, struct str *out)
{
	return cookie_get(ex->req, cookie_name(ex), out);
}

void session_cookie_set(struct exchange *ex, struct str token)
{
	response_cookie(ex->res, cookie_name(ex), token, 0, ex->web->conf.secure);
}

void session_cookie_clear(struct exchange *ex)
{
	response_cookie(ex->res, cookie_name(ex), STR(""), -1, ex->web->conf.secure);
}

#include "web/host.h"

#include "domain/portal.h"
#include "web/web.h"

#define TLS STR("https://")
#define PLAIN STR("http://")

/* Without the port: which one the proxy says is its own matter. */
static struct str name_of(struct str host)
{
	ptrdiff_t end = str_find_byte(host, str_starts(host, STR("[")) ? ']' : ':');

	if (end >= 0 && host.p[end] == ']')
		end++;
	return end < 0 ? host : str_sub(host, 0, (size_t)end);
}

static bool is_here(struct str host)
{
	struct str name = name_of(host);

	return str_eq_nocase(name, STR("localhost")) || str_eq(name, STR("127.0.0.1")) || str_eq(name, STR("[::1]"));
}

bool host_is_ours(const struct exchange *ex)
{
	struct str base = ex->cx.portal->settings.base_url;

	return !ex->web->conf.secure || is_here(ex->req->host) ||
	       str_eq_nocase(name_of(ex->req->host), name_of(str_skip(base, TLS.n)));
}

bool origin_is_ours(const struct exchange *ex, struct str origin)
{
	bool secure = ex->web->conf.secure;

	if (secure && str_eq_nocase(origin, ex->cx.portal->settings.base_url))
		return true;
	if (secure && !is_here(ex->req->host))
		return false;
	if (!str_starts(origin, PLAIN) && !str_starts(origin, TLS))
		return false;
	return str_eq_nocase(str_skip(origin, str_starts(origin, TLS) ? TLS.n : PLAIN.n), ex->req->host);
}

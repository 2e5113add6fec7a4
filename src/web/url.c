#include "web/url.h"

#include "base/encode.h"
#include "base/limits.h"

struct str url_route(struct arena *arena, enum route_id route, const struct str *params, size_t count)
{
	struct str pattern = routes[route].pattern;
	struct str segment = {0};
	struct buf out;
	size_t next = 0;

	buf_init(&out, arena, LIMIT_HTTP_TARGET);
	pattern = str_skip(pattern, 1);
	if (str_empty(pattern))
		buf_lit(&out, "/");
	while (str_next(&pattern, '/', &segment)) {
		buf_lit(&out, "/");
		if (segment.n > 0 && segment.p[0] == ':' && next < count)
			percent_write(&out, params[next++]);
		else
			buf_str(&out, segment);
	}
	return buf_view(&out);
}

struct str url_1(struct arena *arena, enum route_id route, struct str a)
{
	return url_route(arena, route, &a, 1);
}

struct str url_2(struct arena *arena, enum route_id route, struct str a, struct str b)
{
	return url_route(arena, route, (struct str[]){a, b}, 2);
}

struct str url_id(struct arena *arena, enum route_id route, int64_t id)
{
	return url_1(arena, route, str_fmt(arena, "%lld", (long long)id));
}

struct str url_id_str(struct arena *arena, enum route_id route, int64_t id, struct str b)
{
	return url_2(arena, route, str_fmt(arena, "%lld", (long long)id), b);
}

struct str url_login(struct exchange *ex, struct str next, const char *why)
{
	struct buf out;

	buf_init(&out, ex->cx.arena, LIMIT_HTTP_TARGET * 4);
	buf_str(&out, url_route(ex->cx.arena, ROUTE_login_show, NULL, 0));
	buf_fmt(&out, "?why=%s&next=", why);
	percent_write(&out, safe_next(next));
	return buf_view(&out);
}

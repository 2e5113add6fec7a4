#include "web/pager.h"

#include "base/encode.h"
#include "base/limits.h"

#define PAGES_MAX 1000000

struct pager pager_read(const struct exchange *ex)
{
	int64_t page = 1, size = 20;

	if (!str_to_i64(exchange_query(ex, "page"), &page) || page < 1 || page > PAGES_MAX)
		page = 1;
	if (!str_to_i64(exchange_query(ex, "size"), &size) || (size != 10 && size != 50))
		size = 20;
	return (struct pager){page - 1, size};
}

struct str pager_url(struct exchange *ex, enum route_id route, int64_t page)
{
	struct buf out;

	buf_init(&out, ex->cx.arena, LIMIT_HTTP_TARGET);
	buf_str(&out, url_route(ex->cx.arena, route, NULL, 0));
	buf_fmt(&out, "?page=%lld", (long long)page + 1);
	for (size_t i = 0; i < ex->query.n; i++) {
		if (str_eq(ex->query.v[i].name, STR("page")) || str_empty(ex->query.v[i].value))
			continue;
		buf_lit(&out, "&");
		percent_write(&out, ex->query.v[i].name);
		buf_lit(&out, "=");
		percent_write(&out, ex->query.v[i].value);
	}
	return buf_view(&out);
}

#include "web/answer.h"

#include "web/layout.h"
#include "web/web.h"

static const struct str method_names[HTTP_METHOD_COUNT] = {
	[HTTP_GET] = STR_INIT("GET"),
	[HTTP_HEAD] = STR_INIT("HEAD"),
	[HTTP_POST] = STR_INIT("POST"),
	[HTTP_PATCH] = STR_INIT("PATCH"),
	[HTTP_DELETE] = STR_INIT("DELETE"),
	[HTTP_OPTIONS] = STR_INIT("OPTIONS"),
};

void answer_allow(struct exchange *ex, unsigned methods)
{
	struct buf list;

	buf_init(&list, ex->cx.arena, 64);
	for (size_t i = 0; i < HTTP_METHOD_COUNT; i++) {
		if (!(methods & 1u << i))
			continue;
		if (list.n > 0)
			buf_lit(&list, ", ");
		buf_str(&list, method_names[i]);
	}
	response_header(ex->res, STR("Allow"), buf_view(&list));
}

struct str exchange_path(const struct exchange *ex, size_t n)
{
	return ex->path_params[n];
}

err exchange_path_id(const struct exchange *ex, size_t n, int64_t *out)
{
	int64_t id = 0;

	/* One spelling for each thing: no zeros before it. */
	if (!str_to_i64(ex->path_params[n], &id) || id <= 0 || ex->path_params[n].p[0] == '0')
		return fail(ERR_NOT_FOUND, "no id in the path");
	*out = id;
	return ok();
}

struct str exchange_field(const struct exchange *ex, const char *name)
{
	return params_get(&ex->form, str_of(name));
}

struct str exchange_query(const struct exchange *ex, const char *name)
{
	return params_get(&ex->query, str_of(name));
}

err exchange_page(struct exchange *ex, int status, struct str title)
{
	TRY(buf_error(&ex->body));
	layout_write(ex, title, status >= 400);
	TRY(buf_error(&ex->res->body));
	/* Only now: the page of an error brings its own. */
	ex->res->status = status;
	response_header(ex->res, STR("Content-Type"), STR("text/html; charset=utf-8"));
	return ok();
}

err exchange_redirect(struct exchange *ex, struct str to)
{
	ex->res->status = 303;
	response_header(ex->res, STR("Location"), safe_next(to));
	return ok();
}

err exchange_leave(struct exchange *ex, struct str url)
{
	ex->res->status = 303;
	response_header(ex->res, STR("Location"), url);
	return ok();
}

err exchange_bytes(struct exchange *ex, int status, struct str type, struct str body)
{
	ex->res->status = status;
	response_header(ex->res, STR("Content-Type"), type);
	buf_str(&ex->res->body, body);
	return buf_error(&ex->res->body);
}

err exchange_hold(struct exchange *ex, struct str key, int64_t ms)
{
	if (ex->req->final)
		return fail(ERR_UNAVAILABLE, "held for too long");
	response_hold(ex->res, key, ms);
	return ok();
}

struct str safe_next(struct str path)
{
	if (path.n == 0 || path.p[0] != '/' || (path.n > 1 && path.p[1] == '/'))
		return STR("/");
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.p[i];

		if (c <= 0x20 || c >= 0x7f || c == '\\')
			return STR("/");
	}
	return path;
}

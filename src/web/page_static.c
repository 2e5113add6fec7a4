#include "render/static_files.h"
#include "web/page.h"

/* Files that never change under their name: their content's hash is in it. */
err page_static_show(struct exchange *ex)
{
	const struct static_file *file = static_find(exchange_path(ex, 0));
	struct str accepts = request_header(ex->req, STR("Accept-Encoding"));

	if (!file)
		return fail(ERR_NOT_FOUND, "no such static file");
	ex->res->status = 200;
	response_header(ex->res, STR("Content-Type"), file->type);
	response_header(ex->res, STR("Vary"), STR("Accept-Encoding"));
	if (!str_empty(file->gzip) && str_find(accepts, STR("gzip")) >= 0) {
		response_header(ex->res, STR("Content-Encoding"), STR("gzip"));
		ex->res->body_static = file->gzip;
	} else {
		ex->res->body_static = file->body;
	}
	return ok();
}

/* Whether the process answers. Says nothing about the store: a full disk must not make a supervisor end it. */
err page_health_show(struct exchange *ex)
{
	return exchange_bytes(ex, 200, STR("text/plain; charset=utf-8"), STR("madoguchi ok"));
}

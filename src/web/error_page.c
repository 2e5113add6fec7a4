#include "web/error_page.h"

#include "base/log.h"
#include "base/vec.h"
#include "render/templates.h"
#include "web/view_text.h"
#include "web/web.h"

static const int status_of_err[ERR_COUNT] = {
	[ERR_NOT_FOUND] = 404,
	[ERR_DENIED] = 403,
	[ERR_INVALID] = 400,
	[ERR_CONFLICT] = 409,
	[ERR_LIMIT] = 429,
	[ERR_RETRY] = 503,
	[ERR_UNAVAILABLE] = 503,
	[ERR_INTERNAL] = 500,
};

static const struct {
	int status;
	enum msg title, text;
} words[] = {
	{400, MSG_error_400_title, MSG_error_400_text},
	{403, MSG_error_403_title, MSG_error_403_text},
	{404, MSG_error_404_title, MSG_error_404_text},
	{405, MSG_error_405_title, MSG_error_405_text},
	{409, MSG_error_409_title, MSG_error_409_text},
	{413, MSG_error_413_title, MSG_error_413_text},
	{414, MSG_error_413_title, MSG_error_413_text},
	{429, MSG_error_429_title, MSG_error_429_text},
	{431, MSG_error_413_title, MSG_error_413_text},
	{500, MSG_error_500_title, MSG_error_500_text},
	{503, MSG_error_503_title, MSG_error_503_text},
};

/* What is never shown nor sent again by itself. */
static bool field_is_secret(struct str name)
{
	return str_find(name, STR("password")) >= 0 || str_starts(name, STR("_"));
}

/* The posted fields that a person typed. */
static void kept_rows(struct exchange *ex, struct view_error_show *view)
{
	VEC(struct view_error_show_kept) rows = {0};

	for (size_t i = 0; i < ex->form.n; i++) {
		if (field_is_secret(ex->form.v[i].name) || str_empty(ex->form.v[i].value))
			continue;
		struct view_error_show_kept *row = vec_add(ex->cx.arena, &rows);

		row->name = ex->form.v[i].name;
		row->value = ex->form.v[i].value;
	}
	view->kept = rows.v;
	view->kept_count = rows.n;
	view->has_kept = rows.n > 0;
}

void error_page_status(struct exchange *ex, int status)
{
	struct view_error_show view = {.id = ex->cx.request_id};
	size_t at = 0;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (words[i].status == status)
			at = i;
	}
	view.heading = view_msg(ex, words[at].title);
	view.text = view_msg(ex, words[at].text);
	kept_rows(ex, &view);
	/* Only where a second try of the same form is right, and a token for it could be made. */
	view.can_retry = view.has_kept && !str_empty(ex->page.csrf) && (status == 403 || status == 503 || status == 500);
	view.retry = ex->req->path;
	buf_clear(&ex->body);
	buf_clear(&ex->res->body);
	tmpl_error_show(&ex->body, &ex->page, &view);
	if (status == 503)
		response_header(ex->res, STR("Retry-After"), STR("30"));
	IGNORE(exchange_page(ex, status, ex->page.locale->plain[words[at].title])); /* nothing better is left to answer */
}

void error_page(struct exchange *ex, err e)
{
	int status = status_of_err[e.code];

	if (!ex->route && e.code == ERR_INVALID)
		status = 405; /* a path of ours, another method */
	if (ex->route && e.code == ERR_LIMIT && ex->route->rate == RATE_NONE)
		status = 413;
	log_event(status >= 500 ? LOG_ERROR : LOG_WARN, "request_failed", LOG_STR("id", ex->cx.request_id),
		LOG_C("route", ex->route ? ex->route->name : "none"), LOG_C("error", err_name(e.code)),
		LOG_C("detail", err_detail()), LOG_I64("status", status));
	error_page_status(ex, status);
}

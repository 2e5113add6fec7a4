#include "web/error_page.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/vec.h"
#include "render/templates.h"
#include "web/tus.h"
#include "web/typed.h"
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
	{415, MSG_error_400_title, MSG_error_400_text},
	{421, MSG_error_404_title, MSG_error_404_text},
	{429, MSG_error_429_title, MSG_error_429_text},
	{431, MSG_error_413_title, MSG_error_413_text},
	{500, MSG_error_500_title, MSG_error_500_text},
	{503, MSG_error_503_title, MSG_error_503_text},
	{507, MSG_error_507_title, MSG_error_507_text},
};

/* The posted fields: sent again by a press, and shown, so that they can be copied. */
static void kept_rows(struct exchange *ex, struct view_error_show *view)
{
	enum route_id at = ex->route ? ex->route->id : ROUTE_COUNT;
	VEC(struct view_error_show_kept) kept = {0};
	struct typed *typed;
	size_t count;

	for (size_t i = 0; i < ex->form.n; i++) {
		if (str_eq(ex->form.v[i].name, STR("_csrf")) || str_find(ex->form.v[i].name, STR("password")) >= 0)
			continue;
		struct view_error_show_kept *row = vec_add(ex->cx.arena, &kept);

		row->name = ex->form.v[i].name;
		row->value = ex->form.v[i].value;
	}
	typed_rows(ex, &ex->form, at == ROUTE_section_save || at == ROUTE_section_autosave, &typed, &count);
	struct view_error_show_typed *rows = arena_array(ex->cx.arena, struct view_error_show_typed, count);

	for (size_t i = 0; i < count; i++) {
		rows[i].label = typed[i].label;
		rows[i].value = typed[i].value;
	}
	view->kept = kept.v;
	view->kept_count = kept.n;
	view->typed = rows;
	view->typed_count = count;
	view->has_typed = count > 0;
}

static size_t words_of(int status)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (words[i].status == status)
			return i;
	}
	return 0;
}

static void write_page(struct exchange *ex, int status, struct html heading, struct html text, struct str title)
{
	struct view_error_show view = {.id = ex->cx.request_id, .heading = heading, .text = text};

	kept_rows(ex, &view);
	/* Only where a second try of the same form is right, and a token for it could be made. */
	view.can_retry = ex->req->method == HTTP_POST && ex->route && !str_empty(ex->page.csrf) && (status == 403 || status == 503 || status == 500);
	view.retry = ex->req->path;
	buf_clear(&ex->body);
	buf_clear(&ex->res->body);
	tmpl_error_show(&ex->body, &ex->page, &view);
	IGNORE(exchange_page(ex, status, title)); /* nothing better is left to answer */
}

static struct html in_all(struct exchange *ex, enum msg msg)
{
	struct buf out;

	buf_init(&out, ex->cx.arena, LIMIT_PAGE);
	for (size_t lang = 0; lang < LANG_COUNT; lang++) {
		const struct locale *locale = locale_get((enum lang)lang, false);

		buf_fmt(&out, "%s<span lang=\"" STR_FMT "\">", lang == 0 ? "" : "<br>", STR_ARG(locale->tag));
		buf_str(&out, locale->html[msg]);
		buf_lit(&out, "</span>");
	}
	return html_of(&out);
}

void error_page_of_none(struct exchange *ex, int status)
{
	size_t at = words_of(status);

	write_page(ex, status, in_all(ex, words[at].title), in_all(ex, words[at].text), ex->page.locale->plain[words[at].title]);
}

/* Programs get the code that fits best. */
static void problem(struct exchange *ex, int status)
{
	enum idv_error code = status >= 500	 ? IDV_ERROR_internal
			      : status == 429	 ? IDV_ERROR_slow_down
			      : status == 413	 ? IDV_ERROR_too_large
			      : status == 404	 ? IDV_ERROR_not_found
						 : IDV_ERROR_bad_request;

	buf_clear(&ex->res->body);
	if (status == 429)
		response_header(ex->res, STR("Retry-After"), STR("2"));
	/* Nothing better is left to answer. */
	IGNORE(exchange_bytes(ex, status, STR("application/problem+json"), cardlink_problem(ex->cx.arena, code, status)));
}

/* As many drafts as one can have; 0: it is something else. */
static int64_t drafts_most(const struct exchange *ex, err e)
{
	enum route_id at = ex->route && e.code == ERR_LIMIT && !ex->refusal ? ex->route->id : ROUTE_COUNT;

	return at == ROUTE_draft_create ? LIMIT_DRAFTS_PER_ACCOUNT : at == ROUTE_application_modify ? LIMIT_DRAFTS_WITH_RETURNED : 0;
}

/* Nothing that was sent is wrong: the way on is among the drafts. */
static void write_full(struct exchange *ex, int status, int64_t most)
{
	const struct view_draft_full view = {.most = most};
	const struct msg_arg arg = view_number(ex, "most", most);

	buf_clear(&ex->body);
	buf_clear(&ex->res->body);
	tmpl_draft_full(&ex->body, &ex->page, &view);
	/* Nothing better is left to answer. */
	IGNORE(exchange_page(ex, status, msg_text(ex->cx.arena, ex->page.locale, MSG_draft_full_title, &arg, 1)));
}

void error_page(struct exchange *ex, err e)
{
	int64_t drafts = drafts_most(ex, e);
	int status = ex->refusal ? ex->refusal : drafts > 0 ? 409 : status_of_err[e.code];

	/* What is counted has a rate; what is not can only have been too long. */
	if (status == 429 && ex->route && ex->route->rate == RATE_NONE)
		status = 413;
	log_event(status >= 500 ? LOG_ERROR : LOG_WARN, "request_failed", LOG_STR("id", ex->cx.request_id),
		LOG_C("route", ex->route ? ex->route->name : "none"), LOG_C("error", err_name(e.code)),
		LOG_C("detail", err_detail()), LOG_I64("status", status));
	/* Of a full queue the server itself says when to come again. */
	if (status == 503)
		response_header(ex->res, STR("Retry-After"), STR("30"));
	if (ex->route && ex->route->flags & ROUTE_MESSAGE) {
		problem(ex, status);
		return;
	}
	size_t at = words_of(status);

	if (ex->route && ex->route->flags & ROUTE_TUS) {
		buf_clear(&ex->res->body);
		IGNORE(tus_refuse(ex, status, str_of(err_name(e.code)), words[at].text)); /* nothing better is left to answer */
		return;
	}

	if (drafts > 0)
		write_full(ex, status, drafts);
	else
		write_page(ex, status, view_msg(ex, words[at].title), view_msg(ex, words[at].text), ex->page.locale->plain[words[at].title]);
}

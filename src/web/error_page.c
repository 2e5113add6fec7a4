#include "web/error_page.h"

#include "base/limits.h"
#include "base/log.h"
#include "render/templates.h"
#include "web/csrf.h"
#include "web/resend.h"
#include "web/session_cookie.h"
#include "web/session_step.h"
#include "web/shut.h"
#include "web/tus.h"
#include "web/url.h"
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
	[ERR_SHUT] = 410,
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
	{410, MSG_error_410_title, MSG_error_410_text},
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

static size_t words_of(int status)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (words[i].status == status)
			return i;
	}
	return 0;
}

/* What is told, and the form that came with it. */
struct told {
	int status;          /* what went wrong */
	int answer;          /* the status of the page */
	struct html heading, text; /* of none: in every language */
	const struct params *form;
	const struct route *route; /* of the form; NULL: there is none */
	struct str to;
	struct str id;
	struct str too_long; /* name of a field; absent: none */
	bool posted;
	bool again;          /* nothing is missing of the form, and it came from here: it may be sent once more */
};

/* Where a file is chosen again. */
static struct str files_url(struct arena *arena, const struct route *route, const struct str *params)
{
	if (route->id == ROUTE_pages_send)
		return url_2(arena, ROUTE_pages_show, params[0], params[1]);
	if (str_eq(params[1], STR(PHOTO_DOCUMENT)))
		return url_1(arena, ROUTE_photo_show, params[0]);
	return url_1(arena, ROUTE_files_show, params[0]);
}

/* The page that a form stands on has mostly the form's own address. */
static void begin_view(struct exchange *ex, const struct told *told, struct view_error_show *view)
{
	struct str params[ROUTE_PARAMS], path = {0}, rest = told->to;
	const struct route *route;
	unsigned allowed;

	if (told->status == 410) {
		struct shut_words shut = shut_words_of(ex->cx.arena, told->to);

		view->begin = shut.begin;
		view->begin_words = shut.begin_words;
		return;
	}
	if (!told->posted || told->status == 404 || !str_next(&rest, '?', &path) ||
		failed(route_find(HTTP_POST, path, params, &route, &allowed)))
		return;
	if (route->flags & ROUTE_UPLOAD) {
		view->begin = files_url(ex->cx.arena, route, params);
		view->begin_words = MSG_error_choose_again;
	} else if (!failed(route_find(HTTP_GET, path, params, &route, &allowed))) {
		view->begin = path;
		view->begin_words = MSG_error_open_again;
	}
}

static enum msg title_of(struct exchange *ex, const struct told *told)
{
	return told->status == 410 ? shut_words_of(ex->cx.arena, told->to).title : words[words_of(told->status)].title;
}

static struct html text_of(struct exchange *ex, const struct told *told, const struct typed_from *from, bool can_retry)
{
	struct str field = str_absent(told->too_long) ? told->too_long : typed_label(ex, told->too_long, from);

	if (!str_absent(told->text.s))
		return told->text;
	if (told->status == 410)
		return view_msg(ex, shut_words_of(ex->cx.arena, told->to).text);
	if (told->status == 403 && !can_retry)
		return view_msg(ex, told->route && told->route->flags & ROUTE_UPLOAD ? MSG_error_403_file : MSG_error_403_open);
	if (told->status == 413 && !str_absent(field))
		return view_msg_args(ex, MSG_error_413_field, &(struct msg_arg){STR("field"), field}, 1);
	return view_msg(ex, words[words_of(told->status)].text);
}

/* A press can do it: what failed may not fail once more, and nothing would be missing. */
static bool may_retry(const struct exchange *ex, const struct told *told)
{
	bool later = told->status == 403 || told->status == 503 || told->status == 500;

	return told->posted && told->again && later && told->route && !(told->route->flags & ROUTE_UPLOAD) && !str_empty(ex->page.csrf) &&
	       resend_fits(told->form);
}

/* The hidden fields: for the press, and for the buttons of the language. */
static void carry(struct exchange *ex, const struct told *told, const struct view_part_kept *kept, struct view_error_show *view)
{
	struct resend_page page = {str_c(ex->cx.arena, str_fmt(ex->cx.arena, "%d", told->status)), told->to, told->id, told->too_long};
	struct str language = resend_language_url(ex, &page);

	view->to = view->can_retry ? told->to : language;
	view->kept = *kept;
	view->carried = !str_empty(view->to);
	if (!str_empty(language))
		resend_language(ex, &page);
}

static err write_once(struct exchange *ex, const struct told *told, bool with_form)
{
	static const struct params none = {0};
	struct view_error_show view = {.id = told->id, .can_retry = with_form && may_retry(ex, told)};
	/* A store that has just failed is not asked again. */
	struct typed_from from = resend_from(ex, told->to, told->status < 500);
	struct resend resend;

	resend_view(ex, with_form ? told->form : &none, &from, view.can_retry ? MSG_error_kept_text : MSG_error_kept_copy, &resend);
	view.typed = resend.typed;
	view.text = text_of(ex, told, &from, view.can_retry);
	view.heading = str_absent(told->heading.s) ? view_msg(ex, title_of(ex, told)) : told->heading;
	begin_view(ex, told, &view);
	if (view.can_retry || (resend.fits && told->again && resend.kept.fields_count > 0 && !str_empty(ex->page.csrf)))
		carry(ex, told, &resend.kept, &view);
	buf_clear(&ex->body);
	buf_clear(&ex->res->body);
	tmpl_error_show(&ex->body, &ex->page, &view);
	return exchange_page(ex, told->answer, ex->page.locale->plain[title_of(ex, told)]);
}

static void write_page(struct exchange *ex, const struct told *told)
{
	ex->res->status = told->answer;
	/* What was typed may not fit, whatever its ceilings. */
	if (!failed(write_once(ex, told, true)))
		return;
	arena_allow(ex->cx.arena, LIMIT_REQUEST_REFUSED);
	ex->lang_form = ex->lang_to = (struct str){0};
	IGNORE(write_once(ex, told, false)); /* nothing better is left to answer */
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

	arena_allow(ex->cx.arena, LIMIT_REQUEST_REFUSED);
	write_page(ex, &(struct told){
		.status = status,
		.answer = status,
		.heading = in_all(ex, words[at].title),
		.text = in_all(ex, words[at].text),
		.form = &ex->form,
		.id = ex->cx.request_id,
	});
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

/* What the steps had not come to when one of them failed: the page is the reader's own all the same. But under another name nobody is known. */
static void make_own(struct exchange *ex, int status)
{
	int refusal = ex->refusal;
	struct str token = {0};

	if (status == 421)
		return;
	/* Nobody can ask now whether there still is a session of the cookie: the token is right if there is. */
	if (ex->storeless && !failed(session_cookie_get(ex, &token)) && !str_absent(token))
		IGNORE(csrf_renew(ex, token)); /* a page without a token is a page */
	else if (!ex->storeless && !ex->session_asked)
		IGNORE(session_step(ex)); /* nobody is logged in then */
	if (str_empty(ex->page.csrf))
		IGNORE(csrf_begin(ex)); /* as above */
	ex->refusal = refusal;
}

static void tell(struct exchange *ex, int status, struct str reason)
{
	size_t at = words_of(status);

	/* The request may have used up its own. */
	arena_allow(ex->cx.arena, LIMIT_REQUEST_REFUSED);
	if (ex->route && ex->route->flags & ROUTE_MESSAGE) {
		problem(ex, status);
		return;
	}
	if (ex->route && ex->route->flags & ROUTE_TUS) {
		buf_clear(&ex->res->body);
		/* Nothing better is left to answer. */
		IGNORE(tus_refuse(ex, status, reason, status == 403 ? MSG_error_403_script : words[at].text));
		return;
	}
	make_own(ex, status);
	write_page(ex, &(struct told){
		.status = status,
		.answer = status,
		.form = &ex->form,
		.route = ex->route,
		.to = str_starts(ex->req->target, STR("/")) ? ex->req->target : ex->req->path,
		.id = ex->cx.request_id,
		.too_long = ex->too_long,
		.posted = ex->req->method == HTTP_POST,
		.again = !ex->form_cut && !failed(csrf_origin(ex)),
	});
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
	if (drafts > 0)
		write_full(ex, status, drafts);
	else
		tell(ex, status, str_of(err_name(e.code)));
}

void error_page_busy(struct exchange *ex)
{
	tell(ex, 503, str_of(err_name(ERR_RETRY)));
}

err error_page_again(struct exchange *ex, int status, const struct params *form)
{
	size_t at = words_of(status);
	struct str to = safe_next(exchange_query(ex, "to"));

	if (words[at].status != status)
		return fail(ERR_NOT_FOUND, "no page of that status");
	write_page(ex, &(struct told){
		.status = status,
		.answer = 200,
		.form = form,
		.route = resend_route(to),
		.to = to,
		.id = exchange_query(ex, "id"),
		.too_long = exchange_query(ex, "name"),
		.posted = true,
		.again = true,
	});
	return ok();
}

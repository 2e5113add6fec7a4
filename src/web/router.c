#include "web/router.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "web/answer.h"
#include "web/csrf.h"
#include "web/error_page.h"
#include "web/headers.h"
#include "web/host.h"
#include "web/idv_again.h"
#include "web/kept.h"
#include "web/locale_choice.h"
#include "web/session_step.h"
#include "web/tus.h"
#include "web/upload.h"
#include "web/url.h"

/*
 * The steps that every request goes through, in this order and for every route; a handler cannot skip one, because it performs
 * none: host, match, fields, rate, session, access, form token, store mode, handler.
 */

/* Those who ask for health know addresses only. */
static err step_host(struct exchange *ex)
{
	if (host_is_ours(ex) || str_eq(ex->req->path, routes[ROUTE_health_show].pattern))
		return ok();
	ex->refusal = 421;
	return fail(ERR_INVALID, "another host");
}

static err step_match(struct exchange *ex)
{
	unsigned allowed = 0;
	err e = route_find(ex->req->method, ex->req->path, ex->path_params, &ex->route, &allowed);

	if (e.code == ERR_INVALID) {
		ex->refusal = 405;
		answer_allow(ex, allowed);
	}
	TRY(e);
	if ((ex->route->flags & ROUTE_DEVELOPMENT) && !ex->web->conf.mailbox)
		return fail(ERR_NOT_FOUND, "route of development");
	return ok();
}

static err read_query(struct exchange *ex)
{
	err e = params_read(ex->cx.arena, ex->req->query, &ex->query);

	if (e.code == ERR_LIMIT)
		ex->refusal = 413;
	return e;
}

/* What is too much is refused, but as much of it as there is room for can be read on the page that says so. */
static err read_form(struct exchange *ex)
{
	err e = params_read_but(ex->cx.arena, ex->req->body, STR(KEPT_FIELD), LIMIT_KEPT_FIELD, &ex->form);

	if (e.code != ERR_LIMIT)
		return e;
	ex->refusal = 413;
	ex->form = params_readable(ex->cx.arena, ex->req->body, &ex->too_long);
	ex->form_cut = true;
	return fail(ERR_LIMIT, "a field is too long, or there are too many");
}

/* Parameters of the type are nobody's business: pages are UTF-8, and so are their forms. */
static bool media_is(struct str type, struct str wanted)
{
	ptrdiff_t end = str_find_byte(type, ';');

	return str_eq_nocase(str_trim(end < 0 ? type : str_sub(type, 0, (size_t)end)), wanted);
}

/* Programs send the body that their handler reads; a page's form cannot have these types without asking first (CORS). */
static bool is_message(struct str type)
{
	return media_is(type, STR("application/jose")) || media_is(type, STR("application/json"));
}

static err step_fields(struct exchange *ex)
{
	bool message = ex->route->flags & ROUTE_MESSAGE;
	struct str type = request_header(ex->req, STR("Content-Type"));

	TRY(read_query(ex));
	if (ex->req->method != HTTP_POST || ex->route->flags & (ROUTE_UPLOAD | ROUTE_TUS))
		return ok();
	if (message ? !is_message(type) : ex->req->body.n > 0 && !media_is(type, STR("application/x-www-form-urlencoded"))) {
		ex->refusal = 415;
		return fail(ERR_INVALID, "a body of another type");
	}
	return message ? ok() : read_form(ex);
}

/*
 * The rule for those who are not logged in but should be: a page is asked for again after the login; what a form
 * carried is kept, sealed, and goes with the login page, so that a session's end never costs what was typed.
 */
static err step_access(struct exchange *ex, bool *answered)
{
	*answered = false;
	if (ex->route->access == ACCESS_ANYONE || ex->session.id != 0)
		return ok();
	TRY(idv_again(ex, answered));
	if (*answered)
		return ok();
	*answered = true;
	if (ex->route->id == ROUTE_section_autosave || ex->route->id == ROUTE_session_extend)
		return exchange_bytes(ex, 401, STR("text/plain; charset=utf-8"), STR("login\n"));
	if (ex->route->flags & ROUTE_TUS)
		return tus_refuse(ex, 401, STR("login"), MSG_login_needed);
	/* A file cannot be kept over a login; the page that it was for is asked for again. */
	if (ex->route->flags & ROUTE_UPLOAD)
		return exchange_redirect(ex, url_login(ex, url_1(ex->cx.arena, ROUTE_files_show, ex->path_params[0]), ex->session_ended ? "ended" : "needed"));
	if (ex->req->method == HTTP_POST)
		return kept_login_page(ex);
	return exchange_redirect(ex, url_login(ex, ex->req->target, ex->session_ended ? "ended" : "needed"));
}

static err step_token(struct exchange *ex)
{
	/* A form that is taken in pieces has its token in there. */
	if (ex->route->id == ROUTE_file_send || ex->route->id == ROUTE_pages_send)
		return csrf_origin(ex);
	/* Who is logged out already, by time or by the first press of two, is told so and not refused. */
	if (ex->route->id == ROUTE_logout && ex->session_ended)
		return csrf_origin(ex);
	return http_writes(ex->req->method) ? csrf_check(ex) : ok();
}

/* Everything before the handler; *answered: there is an answer already. */
static err steps(struct exchange *ex, bool *answered)
{
	*answered = false;
	TRY(step_host(ex));
	TRY(step_match(ex));
	TRY(step_fields(ex));
	/* One that is held has been counted when it came. */
	if (!ex->req->again)
		TRY(rates_take(&ex->web->rates, ex->route->rate, ex->req->peer, time_monotonic()));
	if (ex->route->flags & ROUTE_MESSAGE)
		return ok();
	/*
	 * Machines that ask whether the process lives, and static files, need no store; and nothing that a proxy may keep carries a
	 * cookie.
	 */
	if (ex->route->id != ROUTE_health_show && ex->route->id != ROUTE_static_show) {
		TRY(session_step(ex));
		TRY(csrf_begin(ex));
	}
	TRY(step_access(ex, answered));
	if (*answered)
		return ok();
	TRY(step_token(ex));
	ex->cx.read_only = !http_writes(ex->req->method);
	ex->head_begun = ex->res->headers.n;
	return ok();
}

static err run(struct exchange *ex)
{
	bool answered;

	TRY(steps(ex, &answered));
	return answered ? ok() : ex->route->handler(ex);
}

static void log_access(const struct exchange *ex, int64_t began_us)
{
	log_event(LOG_INFO, "request", LOG_STR("id", ex->cx.request_id),
		LOG_C("route", ex->route ? ex->route->name : "none"), LOG_I64("status", ex->res->status),
		LOG_I64("us", time_monotonic_us() - began_us), LOG_I64("bytes", (int64_t)ex->res->body.n),
		LOG_I64("account", ex->cx.actor.account_id));
}

static struct str request_id(const struct request *req)
{
	struct buf out;

	buf_init_room(&out, req->arena, 40, 40);
	buf_hex(&out, (uint64_t)req->received_at);
	buf_byte(&out, '-');
	buf_hex(&out, req->id);
	return buf_view(&out);
}

static void exchange_begin(struct exchange *ex, struct web *web, const struct request *req, struct response *res)
{
	*ex = (struct exchange){
		.web = web,
		.req = req,
		.res = res,
		.cx = {
			.arena = req->arena,
			.store = web->conf.store,
			.portal = web->conf.portal,
			.now = req->received_at,
			.request_id = request_id(req),
		},
	};
	ex->page.locale = ex->cx.locale = locale_choice(ex);
	buf_init_room(&ex->body, req->arena, LIMIT_PAGE, 16u << 10);
}

/*
 * With the memory for a request used up something is missing in what was made, wherever it is noticed: none of it is sent (and cx_write has written
 * none of it).
 */
static err whole(struct exchange *ex, err e)
{
	struct giver *giver = &ex->res->giver;

	if (!arena_over(ex->cx.arena))
		return e;
	if (giver->end)
		giver->end(giver);
	*giver = (struct giver){0};
	ex->res->headers.n = ex->head_begun;
	ex->res->body_static = (struct str){0};
	ex->lang_form = (struct str){0};
	ex->refusal = http_writes(ex->req->method) ? 413 : 500;
	return fail(ERR_LIMIT, "the memory for this request is used up");
}

/* The answer is complete, or there is none yet. */
static void finish(struct exchange *ex, err e, int64_t began_us)
{
	e = whole(ex, e);
	if (failed(e)) {
		ex->res->hold_ms = 0;
		error_page(ex, e);
	}
	cx_end(&ex->cx);
	if (!failed(e) && ex->res->hold_ms > 0)
		return;
	if (http_writes(ex->req->method) && !failed(e) && ex->web->conf.written)
		ex->web->conf.written(ex->web->conf.written_arg);
	headers_write(ex);
	log_access(ex, began_us);
}

/* The body has been taken: the exchange goes on that was let in when its head came. */
static void handle_taken(const struct request *req, struct response *res)
{
	struct upload_taker *taker = req->taker->state;
	struct exchange *ex = taker->ex;

	ex->req = req;
	ex->res = res;
	ex->head_begun = res->headers.n; /* not the response that there was when its head came */
	ex->cx.now = req->received_at;
	if (session_touch_due(&ex->cx, &ex->session))
		touch_note(ex->web, &ex->session);
	finish(ex, ex->route->handler(ex), time_monotonic_us());
}

void web_handle(void *arg, const struct request *req, struct response *res)
{
	struct exchange ex;
	int64_t began_us = time_monotonic_us();

	err_detail_clear();
	if (req->taker) {
		handle_taken(req, res);
		return;
	}
	exchange_begin(&ex, arg, req, res);
	finish(&ex, run(&ex), began_us);
}

bool web_takes(void *arg, const struct request *req)
{
	struct str params[ROUTE_PARAMS];
	const struct route *route = NULL;
	unsigned allowed = 0;

	(void)arg;
	return !failed(route_find(req->method, req->path, params, &route, &allowed)) && route->flags & ROUTE_UPLOAD;
}

static err begin(struct exchange *ex, uint64_t length)
{
	bool answered;

	TRY(steps(ex, &answered));
	if (answered)
		return ok();
	if (!ex->web->conf.files)
		return fail(ERR_UNAVAILABLE, "no files are taken here");
	switch (ex->route->id) {
	case ROUTE_file_send:
		return take_file_send(ex, length);
	case ROUTE_pages_send:
		return take_pages_send(ex, length);
	default:
		return take_upload_append(ex, length);
	}
}

bool web_begin(void *arg, const struct request *req, uint64_t length, struct response *res, struct taker *taker)
{
	struct exchange *ex = arena_new(req->arena, struct exchange);
	int64_t began_us = time_monotonic_us();

	err_detail_clear();
	exchange_begin(ex, arg, req, res);
	err e = begin(ex, length);

	cx_end(&ex->cx);
	if (!failed(e) && ex->upload) {
		*taker = ex->upload->taker;
		return true;
	}
	finish(ex, e, began_us);
	return false;
}

void web_refuse(void *arg, int status, struct response *res)
{
	struct web *web = arg;
	struct request none = {.arena = res->arena, .method = HTTP_GET, .target = STR("/"), .path = STR("/"),
		.received_at = time_now()};
	struct exchange ex;

	exchange_begin(&ex, web, &none, res);
	error_page_of_none(&ex, status);
	cx_end(&ex.cx);
	headers_write(&ex);
	log_event(LOG_WARN, "refused", LOG_STR("id", ex.cx.request_id), LOG_I64("status", status));
}

void web_busy(void *arg, const struct request *req, struct response *res)
{
	struct exchange ex;

	err_detail_clear();
	exchange_begin(&ex, arg, req, res);
	ex.storeless = true;
	err e = step_host(&ex);

	if (failed(e)) {
		error_page(&ex, e);
	} else {
		/* What is wrong with the request itself is said when there is time for it. */
		if (!failed(step_match(&ex)))
			IGNORE(step_fields(&ex));
		error_page_busy(&ex);
	}
	headers_write(&ex);
	log_event(LOG_WARN, "refused", LOG_STR("id", ex.cx.request_id), LOG_C("route", ex.route ? ex.route->name : "none"), LOG_I64("status", res->status));
}

enum http_where web_where(void *arg, const struct request *req)
{
	const struct web *web = arg;
	struct str params[ROUTE_PARAMS];
	const struct route *route = NULL;
	unsigned allowed = 0;

	if (http_writes(req->method) || !web->conf.local_reads)
		return HTTP_WORKER;
	if (failed(route_find(req->method, req->path, params, &route, &allowed)))
		return HTTP_INLINE;
	return route->flags & ROUTE_SLOW ? HTTP_WORKER : HTTP_INLINE;
}

void web_init(struct web *web, const struct web_conf *conf)
{
	memset(web, 0, sizeof *web);
	web->conf = *conf;
	kept_key_init(web);
	headers_init(&web->headers, conf);
	banner_init(&web->banner);
	rates_init(&web->rates);
	touches_init(&web->touches);
	paces_init(&web->paces);
}

void web_release(struct web *web)
{
	headers_release(&web->headers);
	banner_release(&web->banner);
	rates_release(&web->rates);
	touches_release(&web->touches);
	paces_release(&web->paces);
}

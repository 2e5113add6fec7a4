#ifndef WEB_EXCHANGE_H
#define WEB_EXCHANGE_H

#include "domain/account/session.h"
#include "domain/cx.h"
#include "http/http.h"
#include "render/page.h"
#include "web/route.h"

/*
 * One request and its answer, as a handler sees them. The router has matched, limited, authenticated, authorised
 * and checked the form token before a handler runs; the handler reads path and fields, calls one domain function, and
 * answers by exactly one of the functions below, or by an err that the router turns into an error page.
 *
 * Everything lives in cx.arena, which is the arena of the HTTP exchange.
 */

struct web;

struct exchange {
	struct cx cx;
	struct web *web;
	const struct request *req;
	struct response *res;
	const struct route *route;
	struct str path_params[ROUTE_PARAMS]; /* in the order of the pattern */
	struct params query;
	struct params form;
	struct session session; /* id 0: none */
	struct str csrf;        /* the form token, unmasked */
	bool session_asked;     /* the step has been reached */
	bool session_ended;     /* a cookie came, but its session is over */
	bool storeless;         /* nothing may wait for the store: the answer is made in an event thread */
	int refusal;            /* the status, when a step of the router refuses; 0: the err says it */
	bool form_cut;          /* `form` is not all that was sent */
	struct str too_long;    /* the name of the first field that was; absent: none */
	size_t head_begun;      /* header lines of the steps; what follows is the handler's */
	struct page page;
	struct buf body;        /* the content of the page being made */
	struct upload_taker *upload; /* what takes the body in pieces; NULL: it is in memory */
	struct str back;        /* where a switch of the language leads; absent: to this page */
	bool refresh;           /* without script the page is asked for again each 5 s */
	struct str lang_form;   /* id of the form that the language buttons submit, so that a switch saves what was typed; absent: none */
	struct str lang_to;     /* where they send it (web/resend.h); absent: where the form goes */
};

/* The :n-th parameter of the path; decimal ids: NOT_FOUND when it is no id. */
struct str exchange_path(const struct exchange *ex, size_t n);
err exchange_path_id(const struct exchange *ex, size_t n, int64_t *out);

struct str exchange_field(const struct exchange *ex, const char *name); /* of the posted form; absent: not sent */
struct str exchange_query(const struct exchange *ex, const char *name);

/*
 * Answers with the content in ex->body inside the layout. PAGE renders the template into it first:
 *   return PAGE(ex, 200, MSG_login_title, login_show, &view);
 */
err exchange_page(struct exchange *ex, int status, struct str title);
#define PAGE(ex, status, title, template, view)                                                       \
	(tmpl_##template(&(ex)->body, &(ex)->page, (view)),                                           \
		exchange_page((ex), (status), (ex)->page.locale->plain[(title)]))

/* 303 after a POST. `to` is a path of our own (made by url_…). */
err exchange_redirect(struct exchange *ex, struct str to);

/* 303 to another service, at an address that the configuration names: never to one that somebody sent. */
err exchange_leave(struct exchange *ex, struct str url);

/* A body that is no page. */
err exchange_bytes(struct exchange *ex, int status, struct str type, struct str body);

/*
 * "Not yet": the handler is called again, from the start and with all steps of the router but the rate, when `key` is rung, each two
 * seconds, and a last time, with req->final set, when `ms` are over since the request came. It then answers with what there
 * is. UNAVAILABLE: it was the last time already. What it wrote is thrown away; nothing is logged until there is an answer.
 *   if (nothing_new && !ex->req->final) return exchange_hold(ex, tx.id, LIMIT_HTTP_HOLD_MS);
 */
err exchange_hold(struct exchange *ex, struct str key, int64_t ms);

/* Only a path of this portal: begins with one '/', no '\', no "//"; anything else gives "/". */
struct str safe_next(struct str path);

#endif

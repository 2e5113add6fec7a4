#include "web/headers.h"

#include "base/limits.h"
#include "web/exchange.h"
#include "web/web.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Nothing but our own style sheet, script and pictures; no frame, no plug-in, no form to elsewhere but, by a redirect, to the services at
 * which people prove who they are (browsers hold what a form is answered with to the same list).
 */
static struct str page_policy(struct arena *arena, const struct web_conf *conf)
{
	return str_fmt(arena,
		"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
		"form-action 'self'" STR_FMT "; base-uri 'none'; frame-ancestors 'none'",
		STR_ARG(conf->form_targets));
}

/* Pages hold personal data, so they are not stored anywhere; static files may be kept for ever. */
static const struct str caching[HEADERS_COUNT] = {
	[HEADERS_PAGE] = STR_INIT("no-store"),
	[HEADERS_KEEP] = STR_INIT("public, max-age=31536000, immutable"),
	[HEADERS_FILE] = STR_INIT("private, no-store"),
};

static struct str lines_of(struct arena *arena, const struct web_conf *conf, enum headers_kind kind)
{
	struct response res = {.arena = arena};

	buf_init(&res.headers, arena, LIMIT_HTTP_ANSWER_HEAD);
	/* A file of somebody's, whatever it is: no origin, no script, nothing loaded. */
	response_header(&res, STR("Content-Security-Policy"),
		kind == HEADERS_FILE ? STR("default-src 'none'; sandbox; base-uri 'none'; frame-ancestors 'none'") : page_policy(arena, conf));
	response_header(&res, STR("X-Content-Type-Options"), STR("nosniff"));
	response_header(&res, STR("Referrer-Policy"), STR("same-origin"));
	response_header(&res, STR("Cross-Origin-Opener-Policy"), STR("same-origin"));
	response_header(&res, STR("Cross-Origin-Resource-Policy"), STR("same-origin"));
	response_header(&res, STR("Permissions-Policy"), STR("geolocation=(), microphone=(), payment=()"));
	response_header(&res, STR("Cache-Control"), caching[kind]);
	if (conf->secure)
		response_header(&res, STR("Strict-Transport-Security"), STR("max-age=31536000; includeSubDomains"));
	if (res.broken || failed(buf_error(&res.headers))) {
		fputs("web: form_targets are no origins, or too many\n", stderr);
		abort();
	}
	return buf_view(&res.headers);
}

void headers_init(struct headers *headers, const struct web_conf *conf)
{
	arena_init(&headers->memory, 64u << 10);
	for (enum headers_kind kind = 0; kind < HEADERS_COUNT; kind++)
		headers->lines[kind] = lines_of(&headers->memory, conf, kind);
}

void headers_release(struct headers *headers)
{
	arena_release(&headers->memory);
}

void headers_write(struct exchange *ex)
{
	unsigned flags = ex->route && ex->res->status == 200 ? ex->route->flags : 0;
	enum headers_kind kind = flags & ROUTE_FILE ? HEADERS_FILE : flags & ROUTE_KEEP ? HEADERS_KEEP : HEADERS_PAGE;

	response_headers(ex->res, ex->web->headers.lines[kind]);
}

#include "web/kept.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "render/templates.h"
#include "web/page_login.h"
#include "web/typed.h"
#include "web/url.h"
#include "web/view_text.h"

/* Sealed: the instant, the target and the body, each on a line of its own (a target holds no line end). */

#define PURPOSE STR("form kept over a login")

void kept_key_init(struct web *web)
{
	hmac_sha256(str_make((const char *)web->conf.key, sizeof web->conf.key), PURPOSE, web->kept_key.bytes);
}

/* The form without secrets and without the old token, urlencoded again. */
static struct str form_body(struct exchange *ex)
{
	struct buf out;

	buf_init(&out, ex->cx.arena, LIMIT_HTTP_BODY * 3);
	for (size_t i = 0; i < ex->form.n; i++) {
		struct param param = ex->form.v[i];

		if (str_find(param.name, STR("password")) >= 0 || str_eq(param.name, STR("_csrf")))
			continue;
		if (out.n > 0)
			buf_lit(&out, "&");
		percent_write(&out, param.name);
		buf_lit(&out, "=");
		percent_write(&out, param.value);
	}
	return buf_view(&out);
}

/* Whether there is anything in the form that a person would miss; else it was one press of a button. */
static bool was_typed(const struct exchange *ex)
{
	for (size_t i = 0; i < ex->form.n; i++) {
		if (typed_is(&ex->form.v[i]))
			return true;
	}
	return ex->session_ended;
}

err kept_login_page(struct exchange *ex)
{
	struct buf plain, field;

	buf_init(&plain, ex->cx.arena, LIMIT_HTTP_BODY * 4);
	buf_init(&field, ex->cx.arena, LIMIT_HTTP_BODY * 6);
	buf_i64(&plain, ex->cx.now);
	buf_lit(&plain, "\n");
	buf_str(&plain, safe_next(ex->req->target));
	buf_lit(&plain, "\n");
	buf_str(&plain, form_body(ex));
	TRY(buf_error(&plain));
	base64url_write(&field, seal(ex->cx.arena, &ex->web->kept_key, PURPOSE, buf_view(&plain)));
	TRY(buf_error(&field));
	return login_page(ex, 401, &(struct login_words){
		.kept = buf_view(&field), .why = was_typed(ex) ? MSG_login_ended : MSG_login_needed, .has_why = true});
}

struct str kept_field(const struct exchange *ex)
{
	return exchange_field(ex, "_kept");
}

static err open_kept(struct exchange *ex, struct str *target, struct params *form)
{
	struct str sealed, plain, line = {0};
	int64_t at = 0;

	if (str_empty(kept_field(ex)))
		return fail(ERR_NOT_FOUND, "nothing kept");
	TRY(base64url_read(ex->cx.arena, kept_field(ex), &sealed));
	TRY(unseal(ex->cx.arena, &ex->web->kept_key, PURPOSE, sealed, &plain));
	str_next(&plain, '\n', &line);
	if (!str_to_i64(line, &at) || ex->cx.now - at > TIME_DAY)
		return fail(ERR_NOT_FOUND, "kept form is too old");
	str_next(&plain, '\n', target);
	return params_read(ex->cx.arena, plain, form);
}

/* A section's page knows the language's buttons; on any other form they would carry it out. */
static bool is_section(struct str target)
{
	struct str params[ROUTE_PARAMS];
	const struct route *route;
	unsigned allowed;

	return !failed(route_find(HTTP_POST, target, params, &route, &allowed)) && route->id == ROUTE_section_save;
}

static void typed_view(struct exchange *ex, const struct params *form, bool section, struct view_login_resume *view)
{
	struct typed *typed;
	size_t count;

	typed_rows(ex, form, section, &typed, &count);
	struct view_login_resume_typed *rows = arena_array(ex->cx.arena, struct view_login_resume_typed, count);

	for (size_t i = 0; i < count; i++) {
		rows[i].label = typed[i].label;
		rows[i].value = typed[i].value;
	}
	view->typed = rows;
	view->typed_count = count;
	view->has_typed = count > 0;
}

err kept_resume_page(struct exchange *ex)
{
	struct str target = {0};
	struct params form = {0};

	if (failed(open_kept(ex, &target, &form)))
		return fail(ERR_NOT_FOUND, "no form was kept");
	struct view_login_resume_kept *rows = arena_array(ex->cx.arena, struct view_login_resume_kept, form.n);

	for (size_t i = 0; i < form.n; i++) {
		rows[i].name = form.v[i].name;
		rows[i].value = form.v[i].value;
	}
	struct view_login_resume view = {.target = safe_next(target), .kept = rows, .kept_count = form.n};

	typed_view(ex, &form, is_section(target), &view);
	if (is_section(target))
		ex->lang_form = STR("form");
	return PAGE(ex, 200, MSG_login_resume_title, login_resume, &view);
}

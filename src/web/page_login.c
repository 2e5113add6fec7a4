#include "web/page_login.h"

#include "domain/form/input.h"
#include "render/templates.h"
#include "web/input_view.h"
#include "web/csrf.h"
#include "web/kept.h"
#include "web/locale_choice.h"
#include "web/page.h"
#include "web/resend.h"
#include "web/session_cookie.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

/* Manual 3.2, step 1; and the end of a session. */

static const struct question inputs[] = {
	{.name = "login", .label = MSG_login_user_id, .hint = MSG_login_user_id_hint, .has_hint = true, .width = "w-20",
		.autocomplete = "username"},
	{.name = "password", .kind = INPUT_PASSWORD, .label = MSG_login_password, .width = "w-20",
		.autocomplete = "current-password"},
};

static const struct {
	const char *word;
	enum msg msg;
} reasons[] = {
	{"ended", MSG_login_ended},
	{"needed", MSG_login_needed},
	{"password", MSG_login_password_set},
	{"unlocked", MSG_login_unlocked},
};

err login_page(struct exchange *ex, int status, const struct login_words *words)
{
	struct param typed[] = {{STR("login"), words->user_id}};
	struct params params = {typed, 1};
	struct view_login_show view = {
		.why = words->has_why ? view_msg(ex, words->why) : html_none(),
		.next = words->next,
		.kept = words->kept,
	};

	if (words->lost) {
		struct typed_from from = resend_from(ex, ex->req->target, false);

		view.typed = resend_typed(ex, words->lost, &from, MSG_error_kept_copy);
	}

	inputs_view(ex, inputs, 2, &params, words->issues, &view.fields, &view.errors);
	ex->lang_form = STR("form");
	return PAGE(ex, status, MSG_login_title, login_show, &view);
}

err page_login_show(struct exchange *ex)
{
	struct login_words words = {.next = safe_next(exchange_query(ex, "next"))};
	struct str why = exchange_query(ex, "why");

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (str_eq(why, str_of(reasons[i].word))) {
			words.why = reasons[i].msg;
			words.has_why = true;
		}
	}
	return login_page(ex, 200, &words);
}

static void check_given(struct exchange *ex, struct issues *issues)
{
	if (str_empty(str_trim(exchange_field(ex, "login"))))
		issues_add(ex->cx.arena, issues, STR("login"), MSG_login_enter_id, NULL, 0);
	if (str_empty(exchange_field(ex, "password")))
		issues_add(ex->cx.arena, issues, STR("password"), MSG_login_enter_password, NULL, 0);
}

/* The token of the new session is what forms are bound to from now on. */
static err logged_in(struct exchange *ex, const struct session *session)
{
	session_cookie_set(ex, session->token);
	ex->session = *session;
	if (failed(csrf_renew(ex, session->token)))
		return fail(ERR_INTERNAL, "no form token for a new session");
	err e = kept_resume_page(ex);

	if (e.code != ERR_NOT_FOUND)
		return e;
	return exchange_redirect(ex, safe_next(exchange_field(ex, "next")));
}

err page_login_send(struct exchange *ex)
{
	struct issues issues = {0};
	struct session session;
	struct login_words words = {
		.user_id = exchange_field(ex, "login"),
		.next = safe_next(exchange_field(ex, "next")),
		.kept = kept_field(ex),
		.issues = &issues,
	};

	if (locale_switched(ex))
		return login_page(ex, 200, &words);
	check_given(ex, &issues);
	if (issues.n > 0)
		return login_page(ex, 400, &words);
	err e = session_login(&ex->cx, words.user_id, exchange_field(ex, "password"), ex->req->peer,
		request_header(ex->req, STR("User-Agent")), &session);

	if (!failed(e))
		return logged_in(ex, &session);
	if (e.code != ERR_DENIED && e.code != ERR_LIMIT)
		return e;
	struct msg_arg args[LOGIN_POLICY_ARGS];
	enum msg wrong = login_policy_msg(ex, MSG_login_wrong, MSG_login_wrong_delays, args);

	issues_add(ex->cx.arena, &issues, STR("login"), e.code == ERR_LIMIT ? MSG_login_too_many : wrong, args, LOGIN_POLICY_ARGS);
	return login_page(ex, e.code == ERR_LIMIT ? 429 : 403, &words);
}

err page_logout(struct exchange *ex)
{
	if (ex->session.id != 0)
		TRY(session_end(&ex->cx, ex->session.id));
	session_cookie_clear(ex);
	response_header(ex->res, STR("Clear-Site-Data"), STR("\"cache\", \"storage\""));
	return exchange_redirect(ex, url_route(ex->cx.arena, ROUTE_logout_done, NULL, 0));
}

err page_logout_done(struct exchange *ex)
{
	return PAGE(ex, 200, MSG_logout_title, logout_done, &(struct view_logout_done){.kept = true});
}

/* "Stay logged in" of the warning: the request itself has renewed the session. */
err page_session_extend(struct exchange *ex)
{
	TRY(session_touch(&ex->cx, &ex->session));
	if (str_eq(exchange_field(ex, "back"), STR("")))
		return exchange_bytes(ex, 200, STR("text/plain; charset=utf-8"), STR("ok\n"));
	return exchange_redirect(ex, safe_next(exchange_field(ex, "back")));
}

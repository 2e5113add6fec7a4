#include "domain/account/reset.h"
#include "render/templates.h"
#include "web/input_view.h"
#include "web/page.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

/* For those who cannot log in: user ID by mail, new password by link, end of a lock by link. No answer tells whether an account exists. */

static const struct question id_inputs[] = {
	{.name = "email", .kind = INPUT_EMAIL, .label = MSG_forgot_email, .autocomplete = "email", .inputmode = "email"},
};
static const struct question password_inputs[] = {
	{.name = "login", .label = MSG_login_user_id, .hint = MSG_login_user_id_hint, .has_hint = true, .width = "w-20",
		.autocomplete = "username"},
};
static const struct question reset_inputs[] = {
	{.name = "password", .kind = INPUT_PASSWORD, .label = MSG_registration_password, .hint = MSG_registration_password_hint,
		.has_hint = true, .width = "w-20", .autocomplete = "new-password"},
	{.name = "password_again", .kind = INPUT_PASSWORD, .label = MSG_registration_password_again, .width = "w-20",
		.autocomplete = "new-password"},
};

static const struct forgot {
	enum route_id send;
	enum msg title, text;
	const struct question *inputs;
} forgot_id = {ROUTE_forgot_id_send, MSG_forgot_id_title, MSG_forgot_id_text, id_inputs},
  forgot_password = {ROUTE_forgot_password_send, MSG_forgot_password_title, MSG_forgot_password_text, password_inputs};

static err forgot_page(struct exchange *ex, int status, const struct forgot *forgot, const struct issues *issues)
{
	struct view_forgot_show view = {
		.title = view_msg(ex, forgot->title),
		.text = view_msg_time(ex, forgot->text, ex->cx.portal->settings.reset_link_ms),
		.action = url_route(ex->cx.arena, forgot->send, NULL, 0),
	};

	inputs_view(ex, forgot->inputs, 1, &ex->form, issues, &view.fields, &view.errors);
	return PAGE(ex, status, forgot->title, forgot_show, &view);
}

err page_forgot_id_show(struct exchange *ex)
{
	return forgot_page(ex, 200, &forgot_id, NULL);
}

err page_forgot_id_send(struct exchange *ex)
{
	struct issues issues = {0};

	TRY(forgot_id_request(&ex->cx, exchange_field(ex, "email"), ex->req->peer, &issues));
	if (issues.n > 0)
		return forgot_page(ex, 400, &forgot_id, &issues);
	return exchange_redirect(ex, url_route(ex->cx.arena, ROUTE_forgot_sent, NULL, 0));
}

err page_forgot_password_show(struct exchange *ex)
{
	return forgot_page(ex, 200, &forgot_password, NULL);
}

err page_forgot_password_send(struct exchange *ex)
{
	struct issues issues = {0};

	TRY(forgot_password_request(&ex->cx, exchange_field(ex, "login"), ex->req->peer, &issues));
	if (issues.n > 0)
		return forgot_page(ex, 400, &forgot_password, &issues);
	return exchange_redirect(ex, url_route(ex->cx.arena, ROUTE_forgot_sent, NULL, 0));
}

err page_forgot_sent(struct exchange *ex)
{
	struct view_forgot_sent view = {
		.sender = ex->cx.portal->settings.mail_from,
		.mailbox = ex->web->conf.mailbox,
	};

	return PAGE(ex, 200, MSG_forgot_sent_title, forgot_sent, &view);
}

/* A link that is used, old or broken; `e` of reset_find and the like. */
static err link_checked(struct exchange *ex, err e, bool *answered)
{
	*answered = e.code == ERR_NOT_FOUND || e.code == ERR_CONFLICT;
	if (!*answered)
		return e;
	return PAGE(ex, 410, MSG_forgot_expired_title, forgot_expired, &(struct view_forgot_expired){0});
}

static err reset_page(struct exchange *ex, int status, const struct issues *issues)
{
	struct view_reset_show view = {.token = exchange_path(ex, 0)};

	inputs_view(ex, reset_inputs, 2, NULL, issues, &view.fields, &view.errors);
	return PAGE(ex, status, MSG_reset_title, reset_show, &view);
}

err page_reset_show(struct exchange *ex)
{
	struct reset_link link;
	bool answered;

	TRY(link_checked(ex, reset_find(&ex->cx, exchange_path(ex, 0), &link), &answered));
	return answered ? ok() : reset_page(ex, 200, NULL);
}

err page_reset_save(struct exchange *ex)
{
	struct issues issues = {0};
	bool answered;

	TRY(link_checked(ex, reset_complete(&ex->cx, exchange_path(ex, 0), exchange_field(ex, "password"),
		exchange_field(ex, "password_again"), &issues), &answered));
	if (answered)
		return ok();
	if (issues.n > 0)
		return reset_page(ex, 400, &issues);
	return exchange_redirect(ex, url_login(ex, STR("/"), "password"));
}

err page_unlock_show(struct exchange *ex)
{
	struct reset_link link;
	bool answered;

	TRY(link_checked(ex, unlock_find(&ex->cx, exchange_path(ex, 0), &link), &answered));
	if (answered)
		return ok();
	struct view_unlock_show view = {.token = exchange_path(ex, 0)};

	return PAGE(ex, 200, MSG_unlock_title, unlock_show, &view);
}

err page_unlock_save(struct exchange *ex)
{
	bool answered;

	TRY(link_checked(ex, unlock_complete(&ex->cx, exchange_path(ex, 0)), &answered));
	return answered ? ok() : exchange_redirect(ex, url_login(ex, STR("/"), "unlocked"));
}

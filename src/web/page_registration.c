#include "base/limits.h"
#include "domain/account/registration.h"
#include "domain/postal.h"
#include "render/templates.h"
#include "web/account_view.h"
#include "web/input_view.h"
#include "web/japanese.h"
#include "web/locale_choice.h"
#include "web/page.h"
#include "web/resend.h"
#include "web/url.h"
#include "web/view_text.h"
#include "web/web.h"

/* Manual 3.1, from the explanation to the user ID. */

static const struct question email_inputs[] = {
	{.name = "email", .kind = INPUT_EMAIL, .label = MSG_registration_email_label, .hint = MSG_registration_email_hint,
		.has_hint = true, .max = LIMIT_EMAIL, .autocomplete = "email", .inputmode = "email"},
	{.name = "email_again", .kind = INPUT_EMAIL, .label = MSG_registration_email_again_label, .autocomplete = "email",
		.inputmode = "email"},
};

static const struct question_choice user_types[] = {
	{"organization", MSG_registration_type_organization},
	{"attorney", MSG_registration_type_attorney},
	{"foreign_national", MSG_registration_type_foreign_national},
	{"legal_representative", MSG_registration_type_legal_representative},
};

static const struct question_choice sexes[] = {{"male", MSG_registration_male}, {"female", MSG_registration_female}};

static const struct question form_inputs[] = {
	{.name = "user_type", .kind = INPUT_RADIO, .label = MSG_registration_user_type, .hint = MSG_registration_user_type_hint,
		.has_hint = true, .choices = user_types, .choice_count = 4},
	{.name = "password", .kind = INPUT_PASSWORD, .label = MSG_registration_password, .hint = MSG_registration_password_hint,
		.has_hint = true, .width = "w-20", .autocomplete = "new-password"},
	{.name = "password_again", .kind = INPUT_PASSWORD, .label = MSG_registration_password_again, .width = "w-20",
		.autocomplete = "new-password"},
	{.name = "name", .label = MSG_registration_name, .hint = MSG_registration_name_hint, .has_hint = true,
		.autocomplete = "name", .upper = true},
	{.name = "org_name", .label = MSG_registration_org_name, .hint = MSG_registration_org_name_hint, .has_hint = true,
		.autocomplete = "organization", .optional = true},
	{.name = "phone", .label = MSG_registration_phone, .hint = MSG_registration_phone_hint, .has_hint = true, .max = LIMIT_PHONE, .width = "w-12",
		.autocomplete = "tel", .inputmode = "tel"},
	{.name = "postal_code", .kind = INPUT_POSTAL, .label = MSG_registration_postal_code, .hint = MSG_registration_postal_hint,
		.has_hint = true, .width = "w-8", .autocomplete = "postal-code", .inputmode = "numeric"},
	{.name = "address", .label = MSG_registration_address, .hint = MSG_registration_address_hint, .has_hint = true, .max = LIMIT_ADDRESS,
		.autocomplete = "street-address"},
	{.name = "sex", .kind = INPUT_RADIO, .label = MSG_registration_sex, .choices = sexes, .choice_count = 2},
	{.name = "birth_on", .kind = INPUT_DATE, .label = MSG_registration_birth_date, .hint = MSG_registration_birth_hint,
		.has_hint = true},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

err page_registration_start(struct exchange *ex)
{
	struct view_registration_start view = {
		.binding = ex->page.locale->lang != LANG_JA,
		.step1 = view_msg_time(ex, MSG_registration_step1, ex->cx.portal->settings.registration_link_ms),
	};

	return PAGE(ex, 200, MSG_registration_start_title, registration_start, &view);
}

static err email_page(struct exchange *ex, int status, const struct issues *issues)
{
	struct view_registration_email view = {0};

	inputs_view(ex, email_inputs, COUNT(email_inputs), &ex->form, issues, &view.fields, &view.errors);
	return PAGE(ex, status, MSG_registration_email_title, registration_email, &view);
}

err page_registration_email(struct exchange *ex)
{
	return email_page(ex, 200, NULL);
}

err page_registration_send(struct exchange *ex)
{
	struct issues issues = {0};

	TRY(registration_request(&ex->cx, exchange_field(ex, "email"), exchange_field(ex, "email_again"), ex->req->peer, &issues));
	if (issues.n > 0)
		return email_page(ex, 400, &issues);
	return exchange_redirect(ex, url_route(ex->cx.arena, ROUTE_registration_sent, NULL, 0));
}

err page_registration_sent(struct exchange *ex)
{
	struct view_registration_sent view = {
		.text = view_msg_time(ex, MSG_registration_sent_text, ex->cx.portal->settings.registration_link_ms),
		.sender = ex->cx.portal->settings.mail_from,
		.mailbox = ex->web->conf.mailbox,
	};

	return PAGE(ex, 200, MSG_registration_sent_title, registration_sent, &view);
}

/* A link that is old, used or broken: a clear page with a way to begin again, and what was typed. */
static err find(struct exchange *ex, struct registration *out, bool *answered)
{
	err e = registration_find(&ex->cx, exchange_path(ex, 0), out);

	*answered = e.code == ERR_NOT_FOUND || e.code == ERR_CONFLICT;
	if (!*answered)
		return e;
	struct view_registration_expired view = {
		.text = view_msg_time(ex, MSG_registration_expired_text, ex->cx.portal->settings.registration_link_ms),
	};

	/* It ran out while its form was filled in. */
	if (http_writes(ex->req->method)) {
		struct typed_from from = resend_from(ex, ex->req->target, false);

		view.typed = resend_typed(ex, &ex->form, &from, MSG_error_kept_copy);
	}
	return PAGE(ex, 410, MSG_registration_expired_title, registration_expired, &view);
}

static err form_page(struct exchange *ex, int status, const struct params *typed, const struct issues *issues)
{
	struct view_registration_form view = {.token = exchange_path(ex, 0)};

	inputs_view(ex, form_inputs, COUNT(form_inputs), typed, issues, &view.fields, &view.errors);
	ex->lang_form = STR("form");
	return PAGE(ex, status, MSG_registration_form_title, registration_form, &view);
}

/* What was accepted before, for those who return from the confirmation. */
static struct params stored_params(struct exchange *ex, const struct registration *registration)
{
	const struct registration_form *form = &registration->form;
	struct param values[] = {
		{STR("user_type"), form->user_type},
		{STR("name"), form->name},
		{STR("org_name"), form->org_name},
		{STR("phone"), form->phone},
		{STR("postal_code"), form->postal_code},
		{STR("address"), form->address},
		{STR("sex"), form->sex},
		{STR("birth_on"), form->birth_year},
		{STR("birth_on"), form->birth_month},
		{STR("birth_on"), form->birth_day},
	};
	struct param *copy = arena_array(ex->cx.arena, struct param, COUNT(values));

	memcpy(copy, values, sizeof values);
	return (struct params){copy, COUNT(values)};
}

err page_registration_form(struct exchange *ex)
{
	struct registration registration;
	bool answered;

	TRY(find(ex, &registration, &answered));
	if (answered)
		return ok();
	if (registration.state == REGISTRATION_DONE)
		return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_registration_done, exchange_path(ex, 0)));
	struct params typed = stored_params(ex, &registration);

	return form_page(ex, 200, &typed, NULL);
}

/* Address Search: the form comes back with the address of its postal code. */
static err search_address(struct exchange *ex)
{
	const struct address_search search = {
		.code_path = STR("postal_code"),
		.code = exchange_field(ex, "postal_code"),
		.address_path = STR("address"),
		.address = exchange_field(ex, "address"),
		.most = LIMIT_ADDRESS,
	};
	struct issues issues = {0};
	struct str address = address_search(ex, &search, &issues);
	struct param *typed = arena_array(ex->cx.arena, struct param, ex->form.n);

	for (size_t i = 0; i < ex->form.n; i++) {
		typed[i] = ex->form.v[i];
		if (str_eq(typed[i].name, search.address_path))
			typed[i].value = address;
	}
	return form_page(ex, 200, &(struct params){typed, ex->form.n}, &issues);
}

err page_registration_save(struct exchange *ex)
{
	struct issues issues = {0};
	struct registration registration;
	bool answered;

	TRY(find(ex, &registration, &answered));
	if (answered)
		return ok();
	if (locale_switched(ex))
		return form_page(ex, 200, &ex->form, NULL);
	if (!str_absent(exchange_field(ex, "_search")))
		return search_address(ex);
	struct registration_form form = {
		.user_type = exchange_field(ex, "user_type"),
		.password = exchange_field(ex, "password"),
		.password_again = exchange_field(ex, "password_again"),
		.name = exchange_field(ex, "name"),
		.phone = exchange_field(ex, "phone"),
		.postal_code = exchange_field(ex, "postal_code"),
		.address = exchange_field(ex, "address"),
		.sex = exchange_field(ex, "sex"),
		.birth_year = param_nth(&ex->form, STR("birth_on"), 0),
		.birth_month = param_nth(&ex->form, STR("birth_on"), 1),
		.birth_day = param_nth(&ex->form, STR("birth_on"), 2),
		.org_name = exchange_field(ex, "org_name"),
	};

	TRY(registration_save(&ex->cx, exchange_path(ex, 0), &form, &issues));
	if (issues.n > 0)
		return form_page(ex, 400, &ex->form, &issues);
	return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_registration_confirm, exchange_path(ex, 0)));
}

static struct str choice_text(struct exchange *ex, const struct question_choice *choices, size_t count, struct str value)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(str_of(choices[i].value), value))
			return ex->page.locale->plain[choices[i].label];
	}
	return value;
}

err page_registration_confirm(struct exchange *ex)
{
	struct registration registration;
	struct buf birth;
	bool answered;

	TRY(find(ex, &registration, &answered));
	if (answered)
		return ok();
	if (registration.state == REGISTRATION_OPEN)
		return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_registration_form, exchange_path(ex, 0)));
	const struct registration_form *form = &registration.form;

	buf_init(&birth, ex->cx.arena, 64);
	date_write(&birth, ex->page.locale, registration.birth_on);
	struct view_registration_confirm_rows rows[] = {
		{view_msg(ex, MSG_registration_email), japanese_value(ex, registration.email)},
		{view_msg(ex, MSG_registration_user_type), japanese_value(ex, choice_text(ex, user_types, 4, form->user_type))},
		{view_msg(ex, MSG_registration_name), japanese_value(ex, form->name)},
		{view_msg(ex, MSG_registration_org_name), japanese_value(ex, form->org_name)},
		{view_msg(ex, MSG_registration_phone), japanese_value(ex, form->phone)},
		{view_msg(ex, MSG_registration_postal_code), japanese_value(ex, form->postal_code)},
		{view_msg(ex, MSG_registration_address), japanese_value(ex, form->address)},
		{view_msg(ex, MSG_registration_sex), japanese_value(ex, choice_text(ex, sexes, 2, form->sex))},
		{view_msg(ex, MSG_registration_birth_date), japanese_value(ex, buf_view(&birth))},
	};
	struct view_registration_confirm view = {.token = exchange_path(ex, 0), .rows = rows, .rows_count = COUNT(rows)};

	return PAGE(ex, 200, MSG_registration_confirm_title, registration_confirm, &view);
}

err page_registration_complete(struct exchange *ex)
{
	struct registration registration;
	bool answered;

	TRY(find(ex, &registration, &answered));
	if (answered)
		return ok();
	if (registration.state == REGISTRATION_OPEN)
		return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_registration_form, exchange_path(ex, 0)));
	TRY(registration_complete(&ex->cx, exchange_path(ex, 0), &registration));
	return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_registration_done, exchange_path(ex, 0)));
}

err page_registration_done(struct exchange *ex)
{
	struct registration registration;
	bool answered;

	TRY(find(ex, &registration, &answered));
	if (answered)
		return ok();
	if (registration.state != REGISTRATION_DONE)
		return exchange_redirect(ex, url_1(ex->cx.arena, ROUTE_registration_form, exchange_path(ex, 0)));
	struct view_registration_done view = {.user_id = registration.user_id, .email = registration.email};

	return PAGE(ex, 200, MSG_registration_done_title, registration_done, &view);
}

#include "domain/account/registration.h"

#include "base/limits.h"
#include "base/time.h"
#include "crypto/password.h"
#include "crypto/seal.h"
#include "crypto/token.h"
#include "domain/account/throttle.h"
#include "domain/audit.h"
#include "domain/form/input.h"
#include "domain/outbox.h"
#include "domain/pairs.h"
#include "domain/portal.h"
#include "domain/sealed.h"
#include "store/query.h"

#define PAIR(n, v) ((struct msg_arg){.name = STR(n), .value = (v)})

static struct str number_text(struct arena *arena, int64_t n)
{
	return str_fmt(arena, "%lld", (long long)n);
}

/* ---- asking for a link ---- */

struct request {
	struct str email, source, token;
};

static err request_in_tx(struct cx *cx, void *arg)
{
	const struct request *request = arg;
	struct tx *tx = cx_tx(cx);
	struct str lang = cx->locale->tag;
	int64_t id = id_new(cx->now);
	int64_t expires_at = cx->now + cx->portal->settings.registration_link_ms;
	struct q_account_by_email_row account = {0};

	TRY(throttle_take(cx, THROTTLE_MAIL_SOURCE, throttle_source(cx->arena, request->source)));
	TRY(throttle_take(cx, THROTTLE_MAIL_ADDRESS, request->email));
	err found = q_account_by_email(tx, request->email, &account);

	if (failed(found) && found.code != ERR_NOT_FOUND)
		return found;
	bool known = !failed(found);

	/* The same for a known address, but the link is dead and is sent to nobody. */
	TRY(q_registration_insert(tx,
		&(struct q_registration_insert_in){
			.id = id,
			.token_digest = token_digest(cx->arena, request->token),
			.email = request->email,
			.lang = lang,
			.created_at = cx->now,
			.expires_at = known ? cx->now : expires_at,
		},
		NULL));
	struct msg_arg values[] = {
		PAIR("token", request->token),
		PAIR("expires_at", number_text(cx->arena, expires_at)),
	};

	TRY(outbox_add(cx, known ? MAIL_REGISTRATION_KNOWN : MAIL_REGISTRATION, account.id,
		request->email, lang, values, known ? 0 : sizeof values / sizeof *values));
	return audit_add(cx, STR("registration_requested"), 0, STR("registration"), id, STR(""));
}

err registration_request(struct cx *cx, struct str email, struct str email_again, struct str source,
	struct issues *issues)
{
	const struct input in = {.arena = cx->arena, .locale = cx->locale, .issues = issues};
	const struct input unheard = {
		.arena = cx->arena, .locale = cx->locale, .issues = &(struct issues){0}};
	struct request request = {
		.email = input_email(&in, STR("email"), email),
		.source = source,
		.token = token_new(cx->arena),
	};

	if (!str_eq(request.email, input_email(&unheard, STR("email_again"), email_again)))
		input_issue(&in, STR("email_again"), MSG_input_email_differs, NULL, 0);
	if (issues->refusals > 0)
		return ok();
	return cx_write(cx, request_in_tx, &request);
}

/* ---- the link ---- */

static struct str purpose(struct arena *arena, int64_t id)
{
	return str_fmt(arena, "registration %lld", (long long)id);
}

/* The members that are kept, in one place for writing and reading. */
static const struct kept {
	struct str name;
	size_t offset;
} kept[] = {
	{STR_INIT("user_type"), offsetof(struct registration_form, user_type)},
	{STR_INIT("name"), offsetof(struct registration_form, name)},
	{STR_INIT("phone"), offsetof(struct registration_form, phone)},
	{STR_INIT("postal_code"), offsetof(struct registration_form, postal_code)},
	{STR_INIT("address"), offsetof(struct registration_form, address)},
	{STR_INIT("sex"), offsetof(struct registration_form, sex)},
	{STR_INIT("birth_year"), offsetof(struct registration_form, birth_year)},
	{STR_INIT("birth_month"), offsetof(struct registration_form, birth_month)},
	{STR_INIT("birth_day"), offsetof(struct registration_form, birth_day)},
	{STR_INIT("org_name"), offsetof(struct registration_form, org_name)},
};
#define KEPT_COUNT (sizeof kept / sizeof *kept)

static struct str form_seal(struct cx *cx, int64_t id, const struct registration_form *form)
{
	struct msg_arg pairs[KEPT_COUNT];

	for (size_t i = 0; i < KEPT_COUNT; i++) {
		pairs[i].name = kept[i].name;
		memcpy(&pairs[i].value, (const char *)form + kept[i].offset, sizeof(struct str));
	}
	return seal(cx->arena, cx->portal->key, purpose(cx->arena, id),
		pairs_write(cx->arena, pairs, KEPT_COUNT));
}

static err form_open(
	struct cx *cx, const struct q_registration_find_row *row, struct registration *out)
{
	struct str plain;
	struct msg_arg *pairs;
	size_t count;
	uint64_t year = 0, month = 0, day = 0;

	TRY(sealed_open(cx, purpose(cx->arena, row->id), row->form, &plain));
	TRY(pairs_read(cx->arena, plain, &pairs, &count));
	for (size_t i = 0; i < KEPT_COUNT; i++) {
		struct str value = pairs_get(pairs, count, kept[i].name);

		memcpy((char *)&out->form + kept[i].offset, &value, sizeof value);
	}
	if (!str_to_u64(out->form.birth_year, &year) ||
		!str_to_u64(out->form.birth_month, &month) ||
		!str_to_u64(out->form.birth_day, &day))
		return fail(ERR_INTERNAL, "registration without a date of birth");
	out->birth_on = (int32_t)(year * 10000 + month * 100 + day);
	return ok();
}

/* DONE: the name and the ID of the account that came of it. */
static err done_fill(
	struct cx *cx, const struct q_registration_find_row *row, struct registration *out)
{
	struct account account;

	TRY(account_get(cx, row->account_id, &account));
	out->user_id = account.user_id;
	out->form = (struct registration_form){
		.name = account.name, .user_type = user_type_names[account.user_type]};
	return ok();
}

/* What nobody can read any more is filled in once more, the password too: the link is as good as before. */
static err filled_open(struct cx *cx, const struct q_registration_find_row *row, struct registration *out)
{
	err opened = form_open(cx, row, out);

	if (opened.code != ERR_SHUT)
		return opened;
	out->state = REGISTRATION_OPEN;
	out->has_password = false;
	return ok();
}

static err row_open(
	struct cx *cx, const struct q_registration_find_row *row, struct registration *out)
{
	struct registration registration = {
		.id = row->id,
		.state = (enum registration_state)row->state,
		.email = row->email,
		.expires_at = row->expires_at,
		.has_password = row->password_hash.n > 0,
	};

	if (row->expires_at <= cx->now)
		return fail(ERR_CONFLICT, "registration link has expired");
	if (registration.state == REGISTRATION_DONE)
		TRY(done_fill(cx, row, &registration));
	if (registration.state == REGISTRATION_FILLED)
		TRY(filled_open(cx, row, &registration));
	*out = registration;
	return ok();
}

static err row_find(struct cx *cx, struct str token, struct q_registration_find_row *row)
{
	if (token.n != TOKEN_CHARS)
		return fail(ERR_NOT_FOUND, "no token of ours");
	return q_registration_find(cx_tx(cx), token_digest(cx->arena, token), row);
}

static err not_registered_elsewhere(struct cx *cx, const struct registration *registration)
{
	struct q_account_by_email_row account;

	if (registration->state == REGISTRATION_DONE)
		return ok();
	err found = q_account_by_email(cx_tx(cx), registration->email, &account);

	if (found.code == ERR_NOT_FOUND)
		return ok();
	return failed(found) ? found
			     : fail(ERR_CONFLICT, "address registered through another link");
}

err registration_find(struct cx *cx, struct str token, struct registration *out)
{
	struct q_registration_find_row row;

	TRY(row_find(cx, token, &row));
	TRY(row_open(cx, &row, out));
	return not_registered_elsewhere(cx, out);
}

/* ---- the form ---- */

static void check_password(struct cx *cx, const struct input *in,
	const struct registration *registration, const struct registration_form *form,
	struct str name)
{
	if (registration->has_password && form->password.n == 0 && form->password_again.n == 0)
		return;
	size_t before = in->issues->n;
	struct password_context context = {.email = registration->email, .name = name};

	password_rule_check(
		&cx->portal->settings.password, in, STR("password"), form->password, &context);
	if (in->issues->n == before && !str_eq(form->password, form->password_again))
		input_issue(in, STR("password_again"), MSG_account_password_differs, NULL, 0);
}

/* In the order of the page, so that the summary of errors is in that order too; *good is what will
 * be kept. */
static void form_check_all(struct cx *cx, const struct registration *registration,
	const struct registration_form *form, struct registration_form *good, struct issues *issues)
{
	const struct input in = {.arena = cx->arena, .locale = cx->locale, .issues = issues};
	const struct input unheard = {
		.arena = cx->arena, .locale = cx->locale, .issues = &(struct issues){0}};
	enum user_type type = USER_TYPE_COUNT;

	if (!user_type_of(form->user_type, &type))
		input_issue(&in, STR("user_type"), MSG_input_choose, NULL, 0);
	/* The password must not hold the name, but stands before it. */
	check_password(cx, &in, registration, form, input_name(&unheard, STR("name"), form->name));
	*good = (struct registration_form){.user_type = form->user_type, .sex = form->sex};
	good->name = input_name(&in, STR("name"), form->name);
	good->org_name = input_line(
		&in, STR("org_name"), form->org_name, LIMIT_ORG_NAME, type == USER_ORGANIZATION);
	good->phone = input_phone(&in, STR("phone"), form->phone);
	good->postal_code = input_postal(&in, STR("postal_code"), form->postal_code);
	good->address = input_address(&in, STR("address"), form->address);
	if (!str_eq(form->sex, STR("male")) && !str_eq(form->sex, STR("female")))
		input_issue(&in, STR("sex"), MSG_input_choose, NULL, 0);
	int32_t birth_on = input_birth(&in, STR("birth_on"), form->birth_year, form->birth_month,
		form->birth_day, time_date(cx->now));

	good->birth_year = number_text(cx->arena, birth_on / 10000);
	good->birth_month = number_text(cx->arena, birth_on / 100 % 100);
	good->birth_day = number_text(cx->arena, birth_on % 100);
}

struct save {
	int64_t id;
	struct str form, password_hash;
};

static err save_in_tx(struct cx *cx, void *arg)
{
	const struct save *save = arg;
	int64_t changed = 0;

	TRY(q_registration_save(cx_tx(cx), save->id, save->form, save->password_hash, &changed));
	if (changed == 0)
		return fail(ERR_CONFLICT, "registration is done already");
	return ok();
}

err registration_save(struct cx *cx, struct str token, const struct registration_form *form,
	struct issues *issues)
{
	struct q_registration_find_row row;
	struct registration registration;
	struct registration_form good;

	TRY(row_find(cx, token, &row));
	TRY(row_open(cx, &row, &registration));
	TRY(not_registered_elsewhere(cx, &registration));
	if (registration.state == REGISTRATION_DONE)
		return fail(ERR_CONFLICT, "registration is done already");
	form_check_all(cx, &registration, form, &good, issues);
	if (issues->refusals > 0)
		return ok();
	struct save save = {
		.id = row.id,
		.form = form_seal(cx, row.id, &good),
		.password_hash = row.password_hash,
	};

	/* Hashing takes long: no snapshot is held meanwhile. */
	cx_end(cx);
	if (form->password.n > 0)
		TRY(password_hash(cx->arena,
			password_normal(&cx->portal->settings.password, cx->arena, form->password),
			&save.password_hash));
	return cx_write(cx, save_in_tx, &save);
}

/* ---- the account ---- */

struct complete {
	struct str token;
	struct registration registration;
};

static err account_make(struct cx *cx, const struct q_registration_find_row *row,
	const struct registration *registration, int64_t account_id)
{
	const struct registration_form *form = &registration->form;
	struct tx *tx = cx_tx(cx);
	struct q_account_by_email_row other;
	int64_t changed = 0;

	TRY(q_account_insert(tx,
		&(struct q_account_insert_in){
			.id = account_id,
			.user_id = registration->user_id,
			.email = row->email,
			.user_type = form->user_type,
			.name = form->name,
			.phone = form->phone,
			.postal_code = form->postal_code,
			.address = form->address,
			.sex = form->sex,
			.birth_on = registration->birth_on,
			.org_name = form->org_name,
			.lang = row->lang,
			.password_hash = row->password_hash,
			.at = cx->now,
		},
		&changed));
	if (changed == 1)
		return ok();
	if (!failed(q_account_by_email(tx, row->email, &other)))
		return fail(ERR_CONFLICT, "address registered through another link");
	return cx_again(cx, "user ID drawn twice");
}

static err complete_in_tx(struct cx *cx, void *arg)
{
	struct complete *complete = arg;
	struct registration *registration = &complete->registration;
	struct tx *tx = cx_tx(cx);
	struct q_registration_find_row row;
	int64_t account_id = id_new(cx->now);
	int64_t changed = 0;

	TRY(row_find(cx, complete->token, &row));
	TRY(row_open(cx, &row, registration));
	if (registration->state == REGISTRATION_DONE)
		return ok();
	if (registration->state == REGISTRATION_OPEN)
		return fail(ERR_INVALID, "registration form not filled in");
	registration->user_id = user_id_new(cx->arena);
	TRY(q_registration_done(tx, row.id, account_id, registration->user_id, STR(""), &changed));
	if (changed == 0)
		return cx_again(cx, "completed by another press");
	TRY(account_make(cx, &row, registration, account_id));
	struct msg_arg values[] = {
		PAIR("name", registration->form.name),
		PAIR("user_id", registration->user_id),
	};

	TRY(outbox_add(cx, MAIL_REGISTERED, account_id, row.email, row.lang, values,
		sizeof values / sizeof *values));
	TRY(audit_add(
		cx, STR("account_registered"), account_id, STR("account"), account_id, STR("")));
	registration->state = REGISTRATION_DONE;
	registration->has_password = false;
	return ok();
}

err registration_complete(struct cx *cx, struct str token, struct registration *out)
{
	struct complete complete = {.token = token};

	TRY(cx_write(cx, complete_in_tx, &complete));
	*out = complete.registration;
	return ok();
}

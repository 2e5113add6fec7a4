#include "domain/account/reset.h"

#include "crypto/password.h"
#include "crypto/token.h"
#include "domain/account/account.h"
#include "domain/audit.h"
#include "domain/form/input.h"
#include "domain/outbox.h"
#include "domain/portal.h"
#include "domain/account/throttle.h"
#include "base/utf8.h"
#include "i18n/width.h"
#include "store/query.h"

#define PAIR(n, v) ((struct msg_arg){.name = STR(n), .value = (v)})

/* Longer than any user ID, so that a mistyped one is answered like an unknown one. */
#define USER_ID_TYPED_MAX 64

#define PURPOSE_RESET STR("reset")
#define PURPOSE_UNLOCK STR("unlock")

struct request {
	struct str login, source;
};

/* An unknown account is the account 0: every statement is the same, and its mail goes to the
 * address typed, or to nobody. */
static err account_of(
	struct cx *cx, const struct request *request, struct q_account_by_login_row *row)
{
	TRY(throttle_take(cx, THROTTLE_MAIL_SOURCE, throttle_source(cx->arena, request->source)));
	TRY(throttle_take(cx, THROTTLE_MAIL_ADDRESS, request->login));
	*row = (struct q_account_by_login_row){0};
	err found = q_account_by_login(cx_tx(cx), request->login, row);

	if (found.code != ERR_NOT_FOUND)
		return found;
	row->email = str_find_byte(request->login, '@') >= 0 ? request->login : STR("");
	row->lang = cx->locale->tag;
	return ok();
}

static err forgot_id_in_tx(struct cx *cx, void *arg)
{
	struct q_account_by_login_row row;

	TRY(account_of(cx, arg, &row));
	struct msg_arg values[] = {PAIR("name", row.name), PAIR("user_id", row.user_id)};

	TRY(outbox_add(cx, row.id ? MAIL_FORGOT_ID : MAIL_FORGOT_UNKNOWN, row.id, row.email,
		row.lang, values, row.id ? sizeof values / sizeof *values : 0));
	return audit_add(cx, STR("id_asked"), row.id, STR("account"), row.id, STR(""));
}

err forgot_id_request(struct cx *cx, struct str email, struct str source, struct issues *issues)
{
	const struct input in = {.arena = cx->arena, .locale = cx->locale, .issues = issues};
	struct request request = {.login = input_email(&in, STR("email"), email), .source = source};

	return issues->refusals > 0 ? ok() : cx_write(cx, forgot_id_in_tx, &request);
}

static err forgot_password_in_tx(struct cx *cx, void *arg)
{
	struct q_account_by_login_row row;
	struct str token = token_new(cx->arena);
	int64_t expires_at = cx->now + cx->portal->settings.reset_link_ms;

	TRY(account_of(cx, arg, &row));
	TRY(q_link_insert(cx_tx(cx),
		&(struct q_link_insert_in){
			.id = id_new(cx->now),
			.purpose = PURPOSE_RESET,
			.token_digest = token_digest(cx->arena, token),
			.account_id = row.id,
			.created_at = cx->now,
			.expires_at = expires_at,
		},
		NULL));
	struct msg_arg values[] = {
		PAIR("name", row.name),
		PAIR("token", token),
		PAIR("expires_at", str_fmt(cx->arena, "%lld", (long long)expires_at)),
	};

	TRY(outbox_add(cx, row.id ? MAIL_RESET : MAIL_FORGOT_UNKNOWN, row.id, row.email, row.lang,
		values, row.id ? sizeof values / sizeof *values : 0));
	return audit_add(cx, STR("reset_asked"), row.id, STR("account"), row.id, STR(""));
}

err forgot_password_request(
	struct cx *cx, struct str login, struct str source, struct issues *issues)
{
	const struct input in = {.arena = cx->arena, .locale = cx->locale, .issues = issues};
	struct request request = {.source = source};
	bool text = utf8_valid(login) && str_find_byte(login, '\0') < 0;

	request.login = text ? str_trim(width_half(cx->arena, login)) : STR("");
	if (str_find_byte(request.login, '@') >= 0)
		request.login = input_email(&in, STR("login"), request.login);
	else
		request.login = str_upper(cx->arena,
			input_line(&in, STR("login"), request.login, USER_ID_TYPED_MAX, true));
	return issues->refusals > 0 ? ok() : cx_write(cx, forgot_password_in_tx, &request);
}

/* ---- links ---- */

static err link_row(
	struct cx *cx, struct str token, struct str purpose, struct q_link_find_row *row)
{
	if (token.n != TOKEN_CHARS)
		return fail(ERR_NOT_FOUND, "no token of ours");
	TRY(q_link_find(cx_tx(cx), token_digest(cx->arena, token), purpose, row));
	if (row->used_at != 0 || row->expires_at <= cx->now)
		return fail(ERR_CONFLICT, "link used or expired");
	return ok();
}

static err link_get(struct cx *cx, struct str token, struct str purpose, struct reset_link *out)
{
	struct q_link_find_row row;

	TRY(link_row(cx, token, purpose, &row));
	*out = (struct reset_link){.account_id = row.account_id, .expires_at = row.expires_at};
	return ok();
}

/* First the link is used up: of two presses one goes on. */
static err link_take(
	struct cx *cx, struct str token, struct str purpose, struct q_link_find_row *row)
{
	int64_t changed = 0;

	TRY(link_row(cx, token, purpose, row));
	TRY(q_link_use(cx_tx(cx), row->id, cx->now, &changed));
	return changed == 1 ? ok() : fail(ERR_CONFLICT, "link used or expired");
}

err reset_find(struct cx *cx, struct str token, struct reset_link *out)
{
	return link_get(cx, token, PURPOSE_RESET, out);
}

struct reset {
	struct str token, hash;
};

static err reset_in_tx(struct cx *cx, void *arg)
{
	const struct reset *reset = arg;
	struct tx *tx = cx_tx(cx);
	struct q_link_find_row link;
	struct account account;

	TRY(link_take(cx, reset->token, PURPOSE_RESET, &link));
	TRY(account_get(cx, link.account_id, &account));
	TRY(q_account_password(tx, account.id, reset->hash, cx->now, NULL));
	TRY(q_link_use_all(tx, account.id, cx->now, NULL));
	TRY(q_session_delete_all(tx, account.id, NULL));
	struct msg_arg values[] = {
		PAIR("name", account.name),
		PAIR("changed_at", str_fmt(cx->arena, "%lld", (long long)cx->now)),
	};

	TRY(outbox_add(cx, MAIL_PASSWORD_CHANGED, account.id, account.email, account.lang, values,
		sizeof values / sizeof *values));
	return audit_add(
		cx, STR("password_reset"), account.id, STR("account"), account.id, STR(""));
}

err reset_complete(struct cx *cx, struct str token, struct str password, struct str password_again,
	struct issues *issues)
{
	const struct password_profile *profile = &cx->portal->settings.password;
	const struct input in = {.arena = cx->arena, .locale = cx->locale, .issues = issues};
	struct reset reset = {.token = token};
	struct reset_link link;
	struct account account;

	TRY(reset_find(cx, token, &link));
	TRY(account_get(cx, link.account_id, &account));
	struct password_context context = {
		.email = account.email, .name = account.name, .user_id = account.user_id};

	password_rule_check(profile, &in, STR("password"), password, &context);
	if (issues->refusals == 0 && !str_eq(password, password_again))
		input_issue(&in, STR("password_again"), MSG_account_password_differs, NULL, 0);
	if (issues->refusals > 0)
		return ok();
	/* Hashing takes long: no snapshot is held meanwhile. */
	cx_end(cx);
	TRY(password_hash(cx->arena, password_normal(profile, cx->arena, password), &reset.hash));
	return cx_write(cx, reset_in_tx, &reset);
}

err unlock_find(struct cx *cx, struct str token, struct reset_link *out)
{
	return link_get(cx, token, PURPOSE_UNLOCK, out);
}

static err unlock_in_tx(struct cx *cx, void *arg)
{
	const struct str *token = arg;
	struct q_link_find_row link;

	TRY(link_take(cx, *token, PURPOSE_UNLOCK, &link));
	TRY(q_account_unlock(cx_tx(cx), link.account_id, NULL));
	return audit_add(cx, STR("account_unlocked"), link.account_id, STR("account"),
		link.account_id, STR(""));
}

err unlock_complete(struct cx *cx, struct str token)
{
	return cx_write(cx, unlock_in_tx, &token);
}

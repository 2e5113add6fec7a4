#include "domain/account/session.h"

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "crypto/password.h"
#include "crypto/token.h"
#include "domain/account/account.h"
#include "domain/account/throttle.h"
#include "domain/audit.h"
#include "domain/outbox.h"
#include "domain/portal.h"
#include "i18n/width.h"
#include "store/query.h"

/*
 * Logging in: first a transaction that counts the try, then the hash without one, then a
 * transaction that opens the session or notes the failure. Each way through makes the same queries
 * up to the verdict, so neither the answer nor its time tells an unknown ID from a wrong password
 * from a locked account.
 */

const struct login_policy login_policy_manual = {
	.free_tries = 5,
	.first_ms = 24 * TIME_HOUR,
	.longest_ms = 24 * TIME_HOUR,
	.count_restarts = true,
};
const struct login_policy login_policy_delays = {
	.free_tries = 5,
	.first_ms = 30 * TIME_SECOND,
	.longest_ms = TIME_HOUR,
	.most_tries = 100,
};

struct login {
	struct str login, source, agent; /* as looked up; as shown in the list of sessions */
	struct q_account_by_login_row row;
	bool found;
	bool counted;         /* the try was admitted: its password decides */
	int64_t locked_until; /* by this try, should the password be wrong */
	struct session session;
	struct actor before; /* whose session the browser has had */
	struct str new_hash; /* absent: the stored one is good */
};

static int64_t lock_for(const struct login_policy *policy, int64_t tries)
{
	int64_t ms = policy->first_ms;

	for (int64_t i = policy->free_tries; i < tries && ms < policy->longest_ms; i++)
		ms *= 2;
	return ms < policy->longest_ms ? ms : policy->longest_ms;
}

/* When the lock of this try ends; 0: it does not lock. INT64_MAX: only the mailed link ends it. */
static int64_t lock_until(const struct login_policy *policy, int64_t tries, int64_t now)
{
	if (policy->most_tries > 0 && tries >= policy->most_tries)
		return INT64_MAX;
	return tries >= policy->free_tries ? now + lock_for(policy, tries) : 0;
}

static err count_in_tx(struct cx *cx, void *arg)
{
	struct login *login = arg;
	const struct login_policy *policy = &cx->portal->settings.login;
	struct q_account_by_login_row *row = &login->row;
	int64_t changed = 0;

	TRY(throttle_take(cx, THROTTLE_LOGIN_SOURCE, throttle_source(cx->arena, login->source)));
	*row = (struct q_account_by_login_row){0};
	err found = q_account_by_login(cx_tx(cx), login->login, row);

	if (failed(found) && found.code != ERR_NOT_FOUND)
		return found;
	login->found = !failed(found);
	login->counted = login->found && row->locked_until <= cx->now;

	bool forgiven = policy->count_restarts && row->locked_until > 0;
	int64_t tries = (forgiven ? 0 : row->tries) + 1;

	login->locked_until = lock_until(policy, tries, cx->now);
	/* Unknown and locked: the same statement, for the account 0 that does not exist. */
	TRY(q_account_try(cx_tx(cx), login->counted ? row->id : 0, row->tries, row->locked_until,
		tries, login->locked_until, &changed));
	if (login->counted && changed == 0)
		return cx_again(cx, "another try at the same moment");
	return ok();
}

static err refused_in_tx(struct cx *cx, void *arg)
{
	const struct login *login = arg;
	const struct q_account_by_login_row *row = &login->row;
	struct str why = !login->found    ? STR("unknown")
			 : login->counted ? STR("wrong")
					  : STR("locked");

	TRY(audit_add(cx, STR("login_refused"), row->id, STR("account"), row->id, why));
	if (!login->counted || login->locked_until == 0)
		return ok();
	int64_t expires_at = cx->now + cx->portal->settings.unlock_link_ms;
	struct str token = token_new(cx->arena);
	struct msg_arg values[] = {
		{STR("name"), row->name},
		{STR("token"), token},
		{STR("until_at"), str_fmt(cx->arena, "%lld", (long long)login->locked_until)},
		{STR("expires_at"), str_fmt(cx->arena, "%lld", (long long)expires_at)},
	};

	TRY(q_link_insert(cx_tx(cx),
		&(struct q_link_insert_in){
			.id = id_new(cx->now),
			.purpose = STR("unlock"),
			.token_digest = token_digest(cx->arena, token),
			.account_id = row->id,
			.created_at = cx->now,
			.expires_at = expires_at,
		},
		NULL));
	TRY(outbox_add(cx, MAIL_LOCKED, row->id, row->email, row->lang, values,
		sizeof values / sizeof *values));
	return audit_add(cx, STR("account_locked"), row->id, STR("account"), row->id, STR(""));
}

/* A browser has one session: nobody has the cookie of the one before any longer, unless it was
 * stolen. */
static err end_before(struct cx *cx, const struct actor *before)
{
	int64_t changed = 0;

	if (before->kind != ACTOR_ACCOUNT)
		return ok();
	TRY(q_session_delete(cx_tx(cx), before->session_id, before->account_id, &changed));
	if (changed == 0)
		return ok();
	return audit_add(cx, STR("logout"), before->account_id, STR("session"), before->session_id,
		STR("login"));
}

static err admitted_in_tx(struct cx *cx, void *arg)
{
	const struct login *login = arg;
	const struct session *session = &login->session;
	int64_t changed = 0;

	TRY(q_account_login(
		cx_tx(cx), session->account_id, cx->now, login->row.password_at, &changed));
	if (changed == 0)
		return fail(ERR_DENIED, "another password was set meanwhile");
	TRY(end_before(cx, &login->before));
	if (!str_absent(login->new_hash))
		TRY(q_account_rehash(cx_tx(cx), session->account_id, login->row.password_hash,
			login->new_hash, NULL));
	TRY(q_session_insert(cx_tx(cx),
		&(struct q_session_insert_in){
			.id = session->id,
			.token_digest = token_digest(cx->arena, session->token),
			.account_id = session->account_id,
			.created_at = cx->now,
			.last_login_at = session->last_login_at,
			.source = session->source,
			.agent = session->agent,
		},
		NULL));
	return audit_add(
		cx, STR("login"), session->account_id, STR("session"), session->id, STR(""));
}

/* At most LIMIT_AGENT bytes, not in the middle of a character; the log of sessions is no place for
 * broken text. */
static struct str agent_cut(struct str agent)
{
	if (!utf8_valid(agent))
		return (struct str){0};
	for (size_t points = LIMIT_AGENT; agent.n > LIMIT_AGENT; points--)
		agent = utf8_head(agent, points);
	return agent;
}

/* A user ID is upper case, an address lower case; full width and blanks at the ends do not matter.
 */
static struct str login_normal(struct arena *arena, struct str typed)
{
	if (typed.n > LIMIT_FORM_VALUE || !utf8_valid(typed) ||
		memchr(typed.n ? typed.p : "", '\0', typed.n))
		return STR("");
	struct str text = str_trim(width_half(arena, typed));

	return str_find_byte(text, '@') >= 0 ? str_lower(arena, text) : str_upper(arena, text);
}

static void session_make(struct cx *cx, struct login *login)
{
	const struct settings *settings = &cx->portal->settings;

	login->session = (struct session){
		.id = id_new(cx->now),
		.account_id = login->row.id,
		.created_at = cx->now,
		.seen_at = cx->now,
		.idle_until = cx->now + settings->session_idle_ms,
		.total_until = cx->now + settings->session_total_ms,
		.last_login_at = login->row.login_at,
		.source = login->source,
		.agent = login->agent,
		.token = token_new(cx->arena),
	};
}

/* The same password under the present parameters. That it fails changes nothing for this login: it
 * will be tried at the next. */
static void rehash(struct cx *cx, struct login *login, struct str password)
{
	if (password_outdated(login->row.password_hash))
		IGNORE(password_hash(cx->arena, password, &login->new_hash));
}

static err refuse(struct cx *cx, struct login *login)
{
	TRY(cx_write(cx, refused_in_tx, login));
	return fail(ERR_DENIED, "login refused");
}

err session_login(struct cx *cx, struct str login_typed, struct str password, struct str source,
	struct str agent, struct session *out)
{
	struct login login = {
		.login = login_normal(cx->arena, login_typed),
		.source = source,
		.agent = agent_cut(agent),
		.before = cx->actor,
	};
	struct str normal = password_normal(&cx->portal->settings.password, cx->arena, password);
	enum user_type type;

	TRY(cx_write(cx, count_in_tx, &login));
	bool right = login.found ? password_verify(login.row.password_hash, normal)
				 : password_verify_nobody(normal);

	if (!right || !login.counted)
		return refuse(cx, &login);
	if (!user_type_of(login.row.user_type, &type))
		return fail(ERR_INTERNAL, "account of an unknown type");
	rehash(cx, &login, normal);
	session_make(cx, &login);
	cx->actor = (struct actor){
		.kind = ACTOR_ACCOUNT,
		.account_id = login.row.id,
		.session_id = login.session.id,
		.user_type = type,
		.name = login.row.name,
		.user_id = login.row.user_id,
	};
	err result = cx_write(cx, admitted_in_tx, &login);

	if (!failed(result)) {
		*out = login.session;
		return result;
	}
	cx->actor = login.before;
	/* It was wrong when it counted; the new one has lifted what this try would lock. */
	login.locked_until = 0;
	return result.code == ERR_DENIED ? refuse(cx, &login) : result;
}

#include "domain/account/session.h"

#include "base/time.h"
#include "crypto/token.h"
#include "domain/account/account.h"
#include "domain/audit.h"
#include "domain/portal.h"
#include "store/query.h"

#define TOUCH_MS TIME_MINUTE

static void times_fill(const struct cx *cx, struct session *session)
{
	session->idle_until = session->seen_at + cx->portal->settings.session_idle_ms;
	session->total_until = session->created_at + cx->portal->settings.session_total_ms;
}

err session_find(struct cx *cx, struct str token, struct session *out)
{
	struct q_session_find_row row;
	enum user_type type;

	if (token.n != TOKEN_CHARS)
		return (err){ERR_NOT_FOUND};
	TRY(q_session_find(cx_tx(cx), token_digest(cx->arena, token), &row));
	struct session session = {
		.id = row.id,
		.account_id = row.account_id,
		.created_at = row.created_at,
		.seen_at = row.seen_at,
		.last_login_at = row.last_login_at,
		.source = row.source,
		.agent = row.agent,
	};

	times_fill(cx, &session);
	if (cx->now >= session.idle_until || cx->now >= session.total_until)
		return (err){ERR_NOT_FOUND};
	if (!user_type_of(row.user_type, &type))
		return fail(ERR_INTERNAL, "account of an unknown type");
	cx->actor = (struct actor){
		.kind = ACTOR_ACCOUNT,
		.account_id = row.account_id,
		.session_id = row.id,
		.user_type = type,
		.name = row.name,
		.user_id = row.user_id,
	};
	*out = session;
	return ok();
}

bool session_touch_due(const struct cx *cx, const struct session *session)
{
	return session->id != 0 && cx->now >= session->seen_at + TOUCH_MS;
}

struct touched {
	int64_t *ids;
	size_t n;
};

static err touch_in_tx(struct cx *cx, void *arg)
{
	const struct touched *touched = arg;

	for (size_t i = 0; i < touched->n; i++)
		TRY(q_session_touch(cx_tx(cx), touched->ids[i], cx->now, NULL));
	return ok();
}

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

err session_touch_all(struct cx *cx, int64_t *ids, size_t n)
{
	/* In one order, so that two who do this at once do not wait for each other. */
	qsort(ids, n, sizeof *ids, by_number);
	return n == 0 ? ok() : cx_write(cx, touch_in_tx, &(struct touched){ids, n});
}

err session_touch(struct cx *cx, struct session *session)
{
	if (!session_touch_due(cx, session))
		return ok();
	TRY(session_touch_all(cx, &session->id, 1));
	session->seen_at = cx->now;
	times_fill(cx, session);
	return ok();
}

static err end_in_tx(struct cx *cx, void *arg)
{
	const int64_t *session_id = arg;
	int64_t changed = 0;

	TRY(q_session_delete(cx_tx(cx), *session_id, cx->actor.account_id, &changed));
	if (changed == 0)
		return ok();
	return audit_add(
		cx, STR("logout"), cx->actor.account_id, STR("session"), *session_id, STR(""));
}

err session_end(struct cx *cx, int64_t session_id)
{
	if (cx->actor.kind != ACTOR_ACCOUNT)
		return ok();
	return cx_write(cx, end_in_tx, &session_id);
}

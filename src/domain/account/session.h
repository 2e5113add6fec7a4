#ifndef DOMAIN_ACCOUNT_SESSION_H
#define DOMAIN_ACCOUNT_SESSION_H

#include "domain/cx.h"

/*
 * Logging in, and staying so.
 *
 * session_login counts a try before it looks at the password, and forgets the count when the
 * password is right: of many tries at the same moment no more than the policy's number is examined.
 * An unknown ID, a wrong password and a locked account give the same answer by the same queries and
 * the same work. The lock lifts by itself, by the mailed link, and by a new password.
 *
 * A session is a random token in a cookie, of which the store knows the digest only. A new one at
 * each login. It ends at logout, at the next login of its browser, after settings.session_idle_ms
 * without a request, after session_total_ms in any case, and with each change of the password; a
 * login that looked at the old password while the new one was set opens none.
 */

struct session {
	int64_t id; /* 0: none */
	int64_t account_id;
	int64_t created_at;
	int64_t seen_at;
	int64_t idle_until;    /* ends then, unless it is used */
	int64_t total_until;   /* ends then in any case */
	int64_t last_login_at; /* the login before this one; 0: none */
	struct str source;     /* address at login */
	struct str agent;      /* browser at login, cut to 200 bytes */
	struct str token;      /* only from session_login: for the cookie */
};

/*
 * `login` is a user ID or an e-mail address. On success cx->actor is that person, and the session
 * that cx->actor had is over.
 * DENIED: unknown, wrong or locked, one answer for all; LIMIT: too many tries from this source.
 * Writes; hashes outside the transaction (about 30 ms).
 */
err session_login(struct cx *cx, struct str login, struct str password, struct str source,
	struct str agent, struct session *out);

/* The session of a cookie; fills cx->actor. Reads only. NOT_FOUND: none, ended or expired (absent
 * token too). */
err session_find(struct cx *cx, struct str token, struct session *out);

/*
 * Notes that the session is used. Writes at most once a minute (session_touch_due), so the router
 * calls it before it makes the request read-only.
 */
bool session_touch_due(const struct cx *cx, const struct session *session);
err session_touch(struct cx *cx, struct session *session);
/* The same for sessions of anybody that were found due: all in one transaction. *ids comes back in another order. */
err session_touch_all(struct cx *cx, int64_t *ids, size_t n);

/* Logout. No error when it has ended already. */
err session_end(struct cx *cx, int64_t session_id);

#endif

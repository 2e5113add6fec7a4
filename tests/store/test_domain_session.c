#include "domain_support.h"

#include "base/time.h"
#include "domain/account/reset.h"
#include "domain/account/session.h"

#include <sodium.h>

/* Logging in and staying so, on both engines. */

#define SOURCE STR("192.0.2.7")
#define AGENT STR("Mozilla/5.0 (test)")

static err enter_from(struct world *world, struct str login, const char *password,
	struct str source, struct session *out)
{
	return session_login(cx_fresh(world), login, str_of(password), source, AGENT, out);
}

static err enter(struct world *world, struct str login, const char *password, struct session *out)
{
	return enter_from(world, login, password, SOURCE, out);
}

static void wrong_times(struct world *world, struct str login, int times)
{
	struct session session;

	for (int i = 0; i < times; i++)
		assert_err(enter(world, login, "Wrong-Pass-1", &session), ERR_DENIED);
}

static void id_and_address_in_any_form(void **state)
{
	struct world *world = *state;
	struct session session;
	struct str id;
	int64_t account = account_add(world, "mai@example.jp", &id);

	assert_ok(enter(world, id, PASSWORD, &session));
	assert_int_equal(session.account_id, account);
	assert_int_equal(session.last_login_at, 0);
	assert_int_equal(world->cx.actor.kind, ACTOR_ACCOUNT);
	assert_int_equal(world->cx.actor.account_id, account);
	assert_str(world->cx.actor.user_id, id);
	world->now += 1000;
	assert_ok(enter(world, str_lower(world->cx.arena, id), PASSWORD, &session));
	assert_int_equal(session.last_login_at, world->now - 1000);
	assert_ok(enter(world, STR(" Mai@Example.JP "), PASSWORD, &session));
	assert_ok(enter(world, STR("ｍａｉ＠ｅｘａｍｐｌｅ．ｊｐ"), PASSWORD, &session));
}

static void hostile_logins_are_refused(void **state)
{
	static const char *const wrong[] = {
		"", " ", "' OR 1=1 --", "\xff\xfe", "mai@example.jp\xff", "%", "NOBODY"};
	struct world *world = *state;
	struct session session = {0};

	account_add(world, "mai@example.jp", NULL);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_err(enter(world, str_of(wrong[i]), PASSWORD, &session), ERR_DENIED);
	assert_err(enter(world, str_make("a\0b", 3), PASSWORD, &session), ERR_DENIED);
	assert_err(enter(world, STR("mai@example.jp"), "", &session), ERR_DENIED);
	assert_int_equal(session.id, 0);
	assert_int_equal(world->cx.actor.kind, ACTOR_NOBODY);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM session"), 0);
}

static void unknown_wrong_and_locked_look_alike(void **state)
{
	struct world *world = *state;
	struct session session;
	struct str id;
	uint64_t before, cost[3];

	account_add(world, "mai@example.jp", &id);
	before = queries_so_far(world);
	assert_err(enter(world, STR("NOBODY"), "Wrong-Pass-1", &session), ERR_DENIED);
	cost[0] = queries_so_far(world) - before;
	before = queries_so_far(world);
	assert_err(enter(world, id, "Wrong-Pass-1", &session), ERR_DENIED);
	cost[1] = queries_so_far(world) - before;
	wrong_times(world, id, 4);
	before = queries_so_far(world);
	assert_err(enter(world, id, "Wrong-Pass-1", &session), ERR_DENIED);
	cost[2] = queries_so_far(world) - before;
	assert_int_equal(cost[0], cost[1]);
	assert_int_equal(cost[0], cost[2]);
}

static void five_wrong_lock_for_a_day(void **state)
{
	struct world *world = *state;
	struct session session;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	wrong_times(world, id, 5);
	int64_t locked_at = world->now;
	struct outbox_mail mail = mail_take(world, MAIL_LOCKED);

	assert_str(mail.recipient, STR("mai@example.jp"));
	assert_err(enter(world, id, PASSWORD, &session), ERR_DENIED);
	world->now = locked_at + 24 * TIME_HOUR - 1;
	assert_err(enter(world, id, PASSWORD, &session), ERR_DENIED);
	/* tries during the lock do not lengthen it */
	world->now = locked_at + 24 * TIME_HOUR;
	/* and the count starts anew: four more are free */
	wrong_times(world, id, 4);
	assert_ok(enter(world, id, PASSWORD, &session));
	assert_int_equal(mails_waiting(world), 0);
}

static void a_right_password_forgives(void **state)
{
	struct world *world = *state;
	struct session session;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	for (int i = 0; i < 3; i++) {
		wrong_times(world, id, 4);
		assert_ok(enter(world, id, PASSWORD, &session));
	}
	assert_int_equal(db_number(world->db, "SELECT tries FROM account"), 0);
}

static void the_fifth_may_be_right(void **state)
{
	struct world *world = *state;
	struct session session;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	wrong_times(world, id, 4);
	assert_ok(enter(world, id, PASSWORD, &session));
	assert_int_equal(db_number(world->db, "SELECT locked_until FROM account"), 0);
}

static void wrong_in_thread(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	const struct str *id = arg;
	struct session session;

	(void)world;
	(void)number;
	IGNORE(session_login(cx, *id, STR("Wrong-Pass-1"), SOURCE, AGENT, &session));
}

static void at_once_no_more_than_five_are_looked_at(void **state)
{
	struct world *world = *state;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	in_threads(world, 12, wrong_in_thread, &id);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = "
					      "'login_refused' AND detail = 'wrong'"),
		5);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = "
					      "'login_refused' AND detail = 'locked'"),
		7);
	assert_int_equal(db_number(world->db, "SELECT tries FROM account"), 5);
	assert_int_equal(mails_waiting(world), 1);
}

static void the_mailed_link_lifts_the_lock_once(void **state)
{
	struct world *world = *state;
	struct session session;
	struct reset_link link;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	wrong_times(world, id, 5);
	struct outbox_mail mail = mail_take(world, MAIL_LOCKED);
	struct str token = outbox_value(&mail, STR("token"));

	/* it is no link to a new password */
	assert_err(reset_find(cx_fresh(world), token, &link), ERR_NOT_FOUND);
	for (int i = 0; i < 3; i++)
		assert_ok(unlock_find(cx_fresh(world), token, &link));
	assert_err(enter(world, id, PASSWORD, &session), ERR_DENIED);
	assert_ok(unlock_complete(cx_fresh(world), token));
	assert_ok(enter(world, id, PASSWORD, &session));
	assert_err(unlock_complete(cx_fresh(world), token), ERR_CONFLICT);
	assert_err(unlock_find(cx_fresh(world), token, &link), ERR_CONFLICT);
	assert_err(unlock_complete(
			   cx_fresh(world), STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
		ERR_NOT_FOUND);
}

static void the_unlock_link_expires(void **state)
{
	struct world *world = *state;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	wrong_times(world, id, 5);
	struct outbox_mail mail = mail_take(world, MAIL_LOCKED);

	world->now += world->portal.settings.unlock_link_ms;
	assert_err(
		unlock_complete(cx_fresh(world), outbox_value(&mail, STR("token"))), ERR_CONFLICT);
}

static void the_other_policy_delays_ever_longer(void **state)
{
	struct world *world = *state;
	struct session session;
	struct str id;
	int64_t wait = 30 * TIME_SECOND;

	world->portal.settings.login = login_policy_delays;
	world->portal.settings.login.most_tries = 15;
	account_add(world, "mai@example.jp", &id);
	wrong_times(world, id, 5);
	for (int i = 5; i < 15; i++) {
		assert_err(enter(world, id, PASSWORD, &session), ERR_DENIED);
		world->now += wait - 1;
		assert_err(enter_from(world, id, PASSWORD, STR("192.0.2.8"), &session), ERR_DENIED);
		world->now += 1;
		wrong_times(world, id, 1);
		wait = wait * 2 < TIME_HOUR ? wait * 2 : TIME_HOUR;
	}
	/* the end: no waiting helps */
	world->now += 1000 * TIME_DAY;
	assert_err(enter(world, id, PASSWORD, &session), ERR_DENIED);
}

static void a_source_is_limited(void **state)
{
	struct world *world = *state;
	struct session session;
	struct str id;
	err result = {OK};
	int tries = 0;

	account_add(world, "mai@example.jp", &id);
	for (; tries < 200 && result.code != ERR_LIMIT; tries++)
		result = session_login(cx_fresh(world), str_fmt(world->cx.arena, "NOBODY%d", tries),
			(struct str){0}, SOURCE, AGENT, &session);
	assert_int_equal(tries, 101);
	assert_err(enter(world, id, PASSWORD, &session), ERR_LIMIT);
	assert_ok(enter_from(world, id, PASSWORD, STR("192.0.2.9"), &session));
	world->now += 2 * TIME_SECOND;
	assert_ok(enter(world, id, PASSWORD, &session));
}

static void weaken(struct world *world)
{
	char weak[crypto_pwhash_STRBYTES], sql[512];

	assert_int_equal(crypto_pwhash_str_alg(weak, PASSWORD, strlen(PASSWORD), 1, 8192,
				 crypto_pwhash_ALG_ARGON2ID13),
		0);
	snprintf(sql, sizeof sql, "UPDATE account SET password_hash = '%s'", weak);
	db_exec(world->db, sql);
}

static void an_old_hash_is_made_anew(void **state)
{
	struct world *world = *state;
	struct session session;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	weaken(world);
	wrong_times(world, id, 1);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM account WHERE password_hash < "
					      "'$argon2id$v=19$m=19456' "
					      "OR password_hash > '$argon2id$v=19$m=19457'"),
		1);
	assert_ok(enter(world, id, PASSWORD, &session));
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM account WHERE password_hash >= "
					      "'$argon2id$v=19$m=19456' "
					      "AND password_hash < '$argon2id$v=19$m=19457'"),
		1);
	assert_ok(enter(world, id, PASSWORD, &session));
}

static void the_store_holds_no_token(void **state)
{
	struct world *world = *state;
	struct session session, found;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	assert_ok(enter(world, id, PASSWORD, &session));
	struct str row = str_of(db_dump(world->db, "SELECT token_digest FROM session"));

	assert_int_equal(session.token.n, 43);
	assert_true(str_find(row, session.token) < 0);
	assert_ok(session_find(cx_fresh(world), session.token, &found));
	assert_int_equal(found.id, session.id);
	assert_true(str_absent(found.token));
	assert_err(session_find(cx_fresh(world), str_sub(row, 0, 43), &found), ERR_NOT_FOUND);
	assert_err(session_find(cx_fresh(world), STR(""), &found), ERR_NOT_FOUND);
	assert_err(session_find(cx_fresh(world), (struct str){0}, &found), ERR_NOT_FOUND);
	assert_int_equal(world->cx.actor.kind, ACTOR_NOBODY);
}

static void each_login_has_a_token_of_its_own(void **state)
{
	struct world *world = *state;
	struct session a, b;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	assert_ok(enter(world, id, PASSWORD, &a));
	assert_ok(enter(world, id, PASSWORD, &b));
	assert_false(str_eq(a.token, b.token));
	assert_true(a.id != b.id);
}

static void a_login_ends_the_session_before(void **state)
{
	struct world *world = *state;
	struct session before, other, now, found;
	struct str id;

	account_add(world, "an@example.jp", &id);
	assert_ok(enter(world, id, PASSWORD, &other));
	account_add(world, "mai@example.jp", &id);
	assert_ok(enter(world, id, PASSWORD, &before));
	/* the same browser, which still has the cookie of the one before */
	assert_ok(session_find(cx_fresh(world), before.token, &found));
	assert_err(session_login(&world->cx, id, STR("Wrong-Pass-1"), SOURCE, AGENT, &now),
		ERR_DENIED);
	assert_ok(session_find(cx_fresh(world), before.token, &found));
	assert_ok(session_login(
		&world->cx, STR("an@example.jp"), STR(PASSWORD), SOURCE, AGENT, &now));
	assert_err(session_find(cx_fresh(world), before.token, &found), ERR_NOT_FOUND);
	assert_ok(session_find(cx_fresh(world), now.token, &found));
	assert_ok(session_find(cx_fresh(world), other.token, &found));
	assert_int_equal(db_number(world->db,
				 "SELECT count(*) FROM audit_entry WHERE event = 'logout'"),
		1);
}

static void it_ends_when_idle_and_in_any_case(void **state)
{
	struct world *world = *state;
	struct session session;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	assert_ok(enter(world, id, PASSWORD, &session));
	struct str token = session.token;
	int64_t start = world->now;

	world->now = start + 30 * TIME_MINUTE - 1;
	assert_ok(session_find(cx_fresh(world), token, &session));
	assert_int_equal(session.idle_until, start + 30 * TIME_MINUTE);
	world->now = start + 30 * TIME_MINUTE;
	assert_err(session_find(cx_fresh(world), token, &session), ERR_NOT_FOUND);
	/* used all the time: until the total */
	for (world->now = start; world->now < start + 12 * TIME_HOUR;
		world->now += 20 * TIME_MINUTE) {
		assert_ok(session_find(cx_fresh(world), token, &session));
		assert_int_equal(session.total_until, start + 12 * TIME_HOUR);
		assert_ok(session_touch(&world->cx, &session));
	}
	world->now = start + 12 * TIME_HOUR - 1;
	assert_ok(session_find(cx_fresh(world), token, &session));
	world->now += 1;
	assert_err(session_find(cx_fresh(world), token, &session), ERR_NOT_FOUND);
}

static void touching_writes_once_a_minute(void **state)
{
	struct world *world = *state;
	struct session session;
	struct store_stats stats;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	assert_ok(enter(world, id, PASSWORD, &session));
	store_stats(world->db->store, &stats);
	uint64_t writes = stats.writes;

	world->now += TIME_MINUTE - 1;
	cx_fresh(world);
	assert_false(session_touch_due(&world->cx, &session));
	assert_ok(session_touch(&world->cx, &session));
	world->now += 1;
	cx_fresh(world);
	assert_true(session_touch_due(&world->cx, &session));
	world->cx.read_only = true;
	assert_err(session_touch(&world->cx, &session), ERR_INTERNAL);
	world->cx.read_only = false;
	assert_ok(session_touch(&world->cx, &session));
	assert_ok(session_touch(&world->cx, &session));
	assert_int_equal(session.seen_at, world->now);
	store_stats(world->db->store, &stats);
	assert_int_equal(stats.writes, writes + 1);
	/* a request that was slower does not set it back */
	struct session late = session;

	late.seen_at = 0;
	world->cx.now -= 10 * TIME_SECOND;
	assert_ok(session_touch(&world->cx, &late));
	assert_ok(session_find(cx_fresh(world), session.token, &session));
	assert_int_equal(session.seen_at, world->now);
}

static void many_are_touched_in_one_transaction(void **state)
{
	struct world *world = *state;
	static const char *const emails[] = {"mai@example.jp", "bay@example.jp", "ana@example.jp"};
	struct session sessions[3];
	struct store_stats stats;
	int64_t ids[4] = {0};

	for (size_t i = 0; i < 3; i++) {
		struct str id;

		account_add(world, emails[i], &id);
		assert_ok(enter(world, id, PASSWORD, &sessions[i]));
		ids[2 - i] = sessions[i].id;
	}
	store_stats(world->db->store, &stats);
	uint64_t writes = stats.writes;

	world->now += TIME_MINUTE;
	cx_fresh(world);
	assert_ok(session_touch_all(&world->cx, ids, 0));
	ids[3] = 1; /* one that has ended meanwhile is nobody's loss */
	assert_ok(session_touch_all(&world->cx, ids, 4));
	store_stats(world->db->store, &stats);
	assert_int_equal(stats.writes, writes + 1);
	for (size_t i = 0; i < 3; i++) {
		assert_ok(session_find(cx_fresh(world), sessions[i].token, &sessions[i]));
		assert_int_equal(sessions[i].seen_at, world->now);
	}
}

static void logout_ends_ones_own_only(void **state)
{
	struct world *world = *state;
	struct session mine, theirs, found;
	struct str id, other;

	account_add(world, "mai@example.jp", &id);
	account_add(world, "other@example.jp", &other);
	assert_ok(enter(world, other, PASSWORD, &theirs));
	assert_ok(enter(world, id, PASSWORD, &mine));
	assert_ok(session_end(&world->cx, theirs.id));
	assert_ok(session_find(cx_fresh(world), theirs.token, &found));
	assert_ok(session_find(cx_fresh(world), mine.token, &found));
	assert_ok(session_end(&world->cx, mine.id));
	assert_ok(session_end(&world->cx, mine.id));
	assert_err(session_find(cx_fresh(world), mine.token, &found), ERR_NOT_FOUND);
	assert_ok(session_end(cx_fresh(world), theirs.id)); /* of nobody: nothing */
	assert_ok(session_find(cx_fresh(world), theirs.token, &found));
}

static void a_long_browser_name_is_cut(void **state)
{
	struct world *world = *state;
	struct session session;
	struct buf agent;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	buf_init(&agent, world->cx.arena, 4000);
	for (int i = 0; i < 300; i++)
		buf_str(&agent, STR("狐"));
	assert_ok(session_login(
		cx_fresh(world), id, STR(PASSWORD), SOURCE, buf_view(&agent), &session));
	assert_int_equal(session.agent.n, 198);
	assert_ok(session_login(
		cx_fresh(world), id, STR(PASSWORD), SOURCE, STR("\xff\xff"), &session));
	assert_int_equal(session.agent.n, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(id_and_address_in_any_form),
		IN_BOTH(hostile_logins_are_refused),
		IN_BOTH(unknown_wrong_and_locked_look_alike),
		IN_BOTH(five_wrong_lock_for_a_day),
		IN_BOTH(a_right_password_forgives),
		IN_BOTH(the_fifth_may_be_right),
		IN_BOTH(at_once_no_more_than_five_are_looked_at),
		IN_BOTH(the_mailed_link_lifts_the_lock_once),
		IN_BOTH(the_unlock_link_expires),
		IN_BOTH(the_other_policy_delays_ever_longer),
		IN_BOTH(a_source_is_limited),
		IN_BOTH(an_old_hash_is_made_anew),
		IN_BOTH(the_store_holds_no_token),
		IN_BOTH(each_login_has_a_token_of_its_own),
		IN_BOTH(a_login_ends_the_session_before),
		IN_BOTH(it_ends_when_idle_and_in_any_case),
		IN_BOTH(touching_writes_once_a_minute),
		IN_BOTH(many_are_touched_in_one_transaction),
		IN_BOTH(logout_ends_ones_own_only),
		IN_BOTH(a_long_browser_name_is_cut),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "domain_support.h"

#include "base/time.h"
#include "domain/account/reset.h"
#include "domain/account/session.h"

/* Forgotten user ID and password, on both engines. */

#define SOURCE STR("192.0.2.7")

static err forget_id(struct world *world, const char *email)
{
	struct issues issues = {0};
	err result = forgot_id_request(cx_fresh(world), str_of(email), SOURCE, &issues);

	assert_int_equal(issues.n, 0);
	return result;
}

static err forget_password(struct world *world, struct str login)
{
	struct issues issues = {0};
	err result = forgot_password_request(cx_fresh(world), login, SOURCE, &issues);

	assert_int_equal(issues.n, 0);
	return result;
}

static struct str reset_token(struct world *world, struct str login)
{
	assert_ok(forget_password(world, login));
	struct outbox_mail mail = mail_take(world, MAIL_RESET);

	return outbox_value(&mail, STR("token"));
}

static void the_id_goes_to_the_address_only(void **state)
{
	struct world *world = *state;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	assert_ok(forget_id(world, "MAI@example.jp"));
	struct outbox_mail mail = mail_take(world, MAIL_FORGOT_ID);

	assert_str(mail.recipient, STR("mai@example.jp"));
	assert_str(outbox_value(&mail, STR("user_id")), id);
	assert_ok(forget_id(world, "nobody@example.jp"));
	mail = mail_take(world, MAIL_FORGOT_UNKNOWN);
	assert_str(mail.recipient, STR("nobody@example.jp"));
	assert_int_equal(mail.value_count, 0);
}

static void known_and_unknown_cost_the_same(void **state)
{
	struct world *world = *state;
	uint64_t before, cost[6];
	struct str id;

	account_add(world, "mai@example.jp", &id);
	before = queries_so_far(world);
	assert_ok(forget_id(world, "mai@example.jp"));
	cost[0] = queries_so_far(world) - before;
	before = queries_so_far(world);
	assert_ok(forget_id(world, "nobody@example.jp"));
	cost[1] = queries_so_far(world) - before;
	before = queries_so_far(world);
	assert_ok(forget_password(world, id));
	cost[2] = queries_so_far(world) - before;
	before = queries_so_far(world);
	assert_ok(forget_password(world, STR("NOBODY")));
	cost[3] = queries_so_far(world) - before;
	before = queries_so_far(world);
	assert_ok(forget_password(world, STR("mai@example.jp")));
	cost[4] = queries_so_far(world) - before;
	before = queries_so_far(world);
	assert_ok(forget_password(world, STR("nobody2@example.jp")));
	cost[5] = queries_so_far(world) - before;
	assert_int_equal(cost[0], cost[1]);
	for (int i = 3; i < 6; i++)
		assert_int_equal(cost[2], cost[i]);
	/* nobody is written to under a user ID that nobody has */
	assert_int_equal(db_number(world->db,
				 "SELECT count(*) FROM outbox WHERE recipient = '' AND state <> 0"),
		1);
	assert_int_equal(mails_waiting(world), 5);
}

static void empty_and_broken_input(void **state)
{
	struct world *world = *state;
	struct issues issues = {0};

	assert_ok(forgot_id_request(cx_fresh(world), STR(""), SOURCE, &issues));
	assert_issue(&issues, "email", MSG_input_required);
	issues = (struct issues){0};
	assert_ok(forgot_password_request(cx_fresh(world), STR("  "), SOURCE, &issues));
	assert_issue(&issues, "login", MSG_input_required);
	issues = (struct issues){0};
	assert_ok(forgot_password_request(cx_fresh(world), STR("a@"), SOURCE, &issues));
	assert_issue(&issues, "login", MSG_input_email);
	issues = (struct issues){0};
	assert_ok(forgot_password_request(cx_fresh(world), str_make("a\0b", 3), SOURCE, &issues));
	assert_issue(&issues, "login", MSG_input_required);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM outbox"), 0);
}

static void asking_is_limited(void **state)
{
	struct world *world = *state;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	for (int i = 0; i < 4; i++)
		assert_ok(forget_password(world, id));
	assert_err(forget_password(world, id), ERR_LIMIT);
	world->now += 15 * TIME_MINUTE;
	assert_ok(forget_password(world, id));
}

static void a_new_password_changes_everything(void **state)
{
	struct world *world = *state;
	struct session session, found;
	struct issues issues = {0};
	struct reset_link link;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	assert_ok(session_login(cx_fresh(world), id, STR(PASSWORD), SOURCE, STR(""), &session));
	for (int i = 0; i < 5; i++)
		assert_err(session_login(cx_fresh(world), id, STR("Wrong-Pass-1"), SOURCE, STR(""),
				   &found),
			ERR_DENIED);
	struct outbox_mail locked = mail_take(world, MAIL_LOCKED);
	struct str first = reset_token(world, id);
	struct str token = reset_token(world, id);

	for (int i = 0; i < 3; i++)
		assert_ok(reset_find(cx_fresh(world), token, &link));
	assert_ok(reset_complete(
		cx_fresh(world), token, STR("Tanuki+2027"), STR("Tanuki+2027"), &issues));
	assert_int_equal(issues.n, 0);
	mail_take(world, MAIL_PASSWORD_CHANGED);
	/* the lock is lifted, the old password and all sessions are gone */
	assert_err(session_find(cx_fresh(world), session.token, &found), ERR_NOT_FOUND);
	assert_err(session_login(cx_fresh(world), id, STR(PASSWORD), SOURCE, STR(""), &found),
		ERR_DENIED);
	assert_ok(session_login(cx_fresh(world), id, STR("Tanuki+2027"), SOURCE, STR(""), &found));
	/* so are this link, the other one, and the one that lifts the lock */
	assert_err(reset_complete(
			   cx_fresh(world), token, STR("Tanuki+2028"), STR("Tanuki+2028"), &issues),
		ERR_CONFLICT);
	assert_err(reset_find(cx_fresh(world), first, &link), ERR_CONFLICT);
	assert_err(unlock_find(cx_fresh(world), outbox_value(&locked, STR("token")), &link),
		ERR_CONFLICT);
	assert_int_equal(db_number(world->db,
				 "SELECT count(*) FROM audit_entry WHERE event = 'password_reset'"),
		1);
}

static void the_link_lasts_an_hour(void **state)
{
	struct world *world = *state;
	struct issues issues = {0};
	struct reset_link link;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	struct str token = reset_token(world, id);

	world->now += TIME_HOUR - 1;
	assert_ok(reset_find(cx_fresh(world), token, &link));
	assert_int_equal(link.expires_at, world->now + 1);
	world->now += 1;
	assert_err(reset_find(cx_fresh(world), token, &link), ERR_CONFLICT);
	assert_err(reset_complete(
			   cx_fresh(world), token, STR("Tanuki+2027"), STR("Tanuki+2027"), &issues),
		ERR_CONFLICT);
}

static void wrong_links(void **state)
{
	struct world *world = *state;
	struct reset_link link;
	struct issues issues = {0};
	struct str id;

	account_add(world, "mai@example.jp", &id);
	struct str token = reset_token(world, id);
	struct str digest = str_of(db_dump(world->db, "SELECT token_digest FROM link"));

	assert_true(str_find(digest, token) < 0);
	assert_err(reset_find(cx_fresh(world), str_sub(digest, 0, 43), &link), ERR_NOT_FOUND);
	assert_err(reset_find(cx_fresh(world), STR(""), &link), ERR_NOT_FOUND);
	assert_err(unlock_find(cx_fresh(world), token, &link), ERR_NOT_FOUND);
	assert_err(unlock_complete(cx_fresh(world), token), ERR_NOT_FOUND);
	/* a link that was made for nobody opens nothing, even if its token were known */
	db_exec(world->db, "UPDATE link SET account_id = 0");
	assert_err(reset_find(cx_fresh(world), token, &link), ERR_NOT_FOUND);
	assert_err(reset_complete(
			   cx_fresh(world), token, STR("Tanuki+2027"), STR("Tanuki+2027"), &issues),
		ERR_NOT_FOUND);
}

static void the_rules_hold_here_too(void **state)
{
	static const struct {
		const char *password, *again, *path;
		enum msg msg;
	} rows[] = {
		{"", "", "password", MSG_input_required},
		{"short-1A", "short-1A", "password", MSG_account_password_length},
		{"tanuki+2027", "tanuki+2027", "password", MSG_account_password_kinds},
		{"Nguyen+2027", "Nguyen+2027", "password", MSG_account_password_personal},
		{"P@ssw0rd12!", "P@ssw0rd12!", "password", MSG_account_password_easy},
		{"Tanuki+2027", "Tanuki+2028", "password_again", MSG_account_password_differs},
		{"Tanuki+2027", "", "password_again", MSG_account_password_differs},
	};
	struct world *world = *state;
	struct reset_link link;
	struct str id;

	account_add(world, "mai@example.jp", &id);
	struct str token = reset_token(world, id);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct issues issues = {0};

		assert_ok(reset_complete(cx_fresh(world), token, str_of(rows[i].password),
			str_of(rows[i].again), &issues));
		if (issues.n != 1 || issues.v[0].msg != rows[i].msg ||
			!str_eq(issues.v[0].path, str_of(rows[i].path)))
			fail_msg("row %zu: %zu issues", i, issues.n);
	}
	assert_ok(reset_find(cx_fresh(world), token, &link));
}

struct presses {
	struct str token;
	err results[8];
};

static void press(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	struct presses *presses = arg;
	struct issues issues = {0};
	struct str password = str_fmt(cx->arena, "Tanuki+%u", 2000 + number);

	(void)world;
	presses->results[number] = reset_complete(cx, presses->token, password, password, &issues);
}

static void of_many_presses_one_counts(void **state)
{
	struct world *world = *state;
	struct presses presses = {0};
	struct session session;
	struct str id;
	int good = 0;

	account_add(world, "mai@example.jp", &id);
	presses.token = reset_token(world, id);
	in_threads(world, 8, press, &presses);
	for (unsigned i = 0; i < 8; i++) {
		if (failed(presses.results[i])) {
			assert_int_equal(presses.results[i].code, ERR_CONFLICT);
			continue;
		}
		good++;
		assert_ok(session_login(cx_fresh(world), id,
			str_fmt(world->cx.arena, "Tanuki+%u", 2000 + i), SOURCE, STR(""),
			&session));
	}
	assert_int_equal(good, 1);
	assert_int_equal(mails_waiting(world), 1);
}

#define OLD_LOGINS 4

struct contest {
	struct str id, token;
};

/* One sets a new password while the others log in by the old one, over and over. */
static void contend(struct world *world, struct cx *cx, unsigned number, void *arg)
{
	const struct contest *contest = arg;
	struct issues issues = {0};
	struct session session;

	(void)world;
	if (number == 0) {
		assert_ok(reset_complete(cx, contest->token, STR("Tanuki+2027"),
			STR("Tanuki+2027"), &issues));
		return;
	}
	for (int i = 0; i < OLD_LOGINS; i++) {
		IGNORE(session_login(cx, contest->id, STR(PASSWORD), SOURCE, STR(""), &session));
		cx->actor = (struct actor){0};
	}
}

static void the_old_password_is_over_at_once(void **state)
{
	struct world *world = *state;
	struct contest contest = {0};
	struct session session;

	account_add(world, "mai@example.jp", &contest.id);
	world->now += 1000;
	contest.token = reset_token(world, contest.id);
	in_threads(world, 1 + OLD_LOGINS, contend, &contest);
	/* A login that had looked at the old password before is no login any more. */
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM session"), 0);
	world->now += 24 * TIME_HOUR;
	assert_ok(session_login(cx_fresh(world), contest.id, STR("Tanuki+2027"), SOURCE, STR(""),
		&session));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(the_id_goes_to_the_address_only),
		IN_BOTH(known_and_unknown_cost_the_same),
		IN_BOTH(empty_and_broken_input),
		IN_BOTH(asking_is_limited),
		IN_BOTH(a_new_password_changes_everything),
		IN_BOTH(the_link_lasts_an_hour),
		IN_BOTH(wrong_links),
		IN_BOTH(the_rules_hold_here_too),
		IN_BOTH(of_many_presses_one_counts),
		IN_BOTH(the_old_password_is_over_at_once),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

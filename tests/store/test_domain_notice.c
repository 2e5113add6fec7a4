#include "domain_support.h"

#include "base/time.h"
#include "domain/account/registration.h"
#include "domain/account/reset.h"
#include "domain/account/session.h"
#include "domain/notice.h"
#include "domain/retention.h"

/* Notices, maintenance windows, and what is deleted after its time. On both engines. */

static struct cx *operator_cx(struct world *world)
{
	struct cx *cx = cx_fresh(world);

	cx->actor.kind = ACTOR_OPERATOR;
	return cx;
}

static int64_t post(struct world *world, int64_t at, int64_t until, const char *title)
{
	struct notice notice = {
		.published_at = at,
		.until_at = until,
		.title = {[LANG_JA] = STR("お知らせ"), [LANG_EN] = str_of(title)},
		.body = {[LANG_JA] = STR("本文"), [LANG_EN] = STR("Text")},
	};
	int64_t id;

	assert_ok(notice_add(operator_cx(world), &notice, &id));
	return id;
}

static void notices_are_out_in_their_time(void **state)
{
	struct world *world = *state;
	struct notice *notices, one;
	size_t count, total;
	int64_t old = post(world, START - TIME_DAY, 0, "old");
	int64_t over = post(world, START - TIME_DAY, START, "over");
	int64_t fresh = post(world, START, START + 1, "fresh");
	int64_t coming = post(world, START + 1, 0, "coming");

	assert_ok(notice_list(cx_fresh(world), 10, 0, &notices, &count, &total));
	assert_int_equal(count, 2);
	assert_int_equal(total, 2);
	assert_int_equal(notices[0].id, fresh);
	assert_int_equal(notices[1].id, old);
	assert_str(notices[1].title[LANG_EN], STR("old"));
	assert_str(notices[1].title[LANG_JA], STR("お知らせ"));
	assert_ok(notice_list(cx_fresh(world), 1, 1, &notices, &count, &total));
	assert_int_equal(count, 1);
	assert_int_equal(total, 2);
	assert_int_equal(notices[0].id, old);
	assert_ok(notice_require(cx_fresh(world), over, &one));
	assert_err(notice_require(cx_fresh(world), coming, &one), ERR_NOT_FOUND);
	assert_err(notice_require(cx_fresh(world), 1, &one), ERR_NOT_FOUND);
	assert_ok(notice_remove(operator_cx(world), old));
	assert_err(notice_remove(operator_cx(world), old), ERR_NOT_FOUND);
	assert_err(notice_require(cx_fresh(world), old, &one), ERR_NOT_FOUND);
}

static void only_operators_post(void **state)
{
	struct world *world = *state;
	struct notice notice = {.published_at = START};
	struct maintenance window = {
		.announced_at = START, .starts_at = START + 1, .ends_at = START + 2};
	int64_t account = account_add(world, "a@example.jp", NULL), id;

	for (int i = 0; i < 2; i++) {
		struct cx *cx = cx_fresh(world);

		if (i == 1)
			cx_become(cx, account);
		assert_err(notice_add(cx, &notice, &id), ERR_DENIED);
		assert_err(notice_remove(cx, 1), ERR_DENIED);
		assert_err(maintenance_set(cx, &window), ERR_DENIED);
		assert_err(maintenance_clear(cx), ERR_DENIED);
	}
}

static void a_window_is_told_from_its_announcement_to_its_end(void **state)
{
	struct world *world = *state;
	struct maintenance window = {.announced_at = START,
		.starts_at = START + 1000,
		.ends_at = START + 2000,
		.words = {[LANG_EN] = STR("Update")}};
	struct maintenance later = {
		.announced_at = START, .starts_at = START + 5000, .ends_at = START + 6000};
	struct maintenance found;

	assert_err(maintenance_find(cx_fresh(world), &found), ERR_NOT_FOUND);
	assert_ok(maintenance_set(operator_cx(world), &later));
	assert_ok(maintenance_set(operator_cx(world), &window));
	world->now = START - 1;
	assert_err(maintenance_find(cx_fresh(world), &found), ERR_NOT_FOUND);
	world->now = START;
	assert_ok(maintenance_find(cx_fresh(world), &found));
	assert_int_equal(found.starts_at, window.starts_at);
	assert_str(found.words[LANG_EN], STR("Update"));
	world->now = window.ends_at - 1;
	assert_ok(maintenance_find(cx_fresh(world), &found));
	assert_true(found.starts_at <= world->now);
	world->now = window.ends_at;
	assert_ok(maintenance_find(cx_fresh(world), &found));
	assert_int_equal(found.starts_at, later.starts_at);
	assert_ok(maintenance_clear(operator_cx(world)));
	assert_err(maintenance_find(cx_fresh(world), &found), ERR_NOT_FOUND);
	window.starts_at = window.ends_at;
	assert_err(maintenance_set(operator_cx(world), &window), ERR_INVALID);
	window.starts_at = window.announced_at - 1;
	assert_err(maintenance_set(operator_cx(world), &window), ERR_INVALID);
}

static int64_t rows(struct world *world, const char *table)
{
	char sql[100];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	return db_number(world->db, sql);
}

static void what_is_over_is_deleted_and_nothing_else(void **state)
{
	struct world *world = *state;
	int64_t account = account_add(world, "a@example.jp", NULL);
	struct issues issues = {0};
	struct receipt receipt;
	struct session session;
	struct draft draft, other;

	assert_ok(registration_request(
		cx_fresh(world), STR("b@example.jp"), STR("b@example.jp"), STR("x"), &issues));
	assert_ok(forgot_password_request(cx_fresh(world), STR("a@example.jp"), STR("x"), &issues));
	assert_ok(session_login(
		cx_fresh(world), STR("a@example.jp"), STR(PASSWORD), STR("x"), STR(""), &session));
	cx_become(cx_fresh(world), account);
	draft_fill(world, &world->cx, &draft);
	draft_fill(world, &world->cx, &other);
	assert_ok(application_submit(
		&world->cx, draft.id, draft.submission_token, &issues, &receipt));
	while (mails_waiting(world) > 0) {
		struct outbox_mail mail;

		assert_ok(outbox_claim(cx_fresh(world), STR("t"), 1000, &mail));
		assert_ok(outbox_sent(cx_fresh(world), mail.id, STR("t")));
	}
	assert_ok(retention_run(cx_fresh(world)));
	assert_int_equal(rows(world, "registration"), 1);
	assert_int_equal(rows(world, "link"), 1);
	assert_int_equal(rows(world, "session"), 1);
	assert_int_equal(rows(world, "draft"), 1);
	world->now += TIME_DAY;
	assert_ok(retention_run(cx_fresh(world)));
	assert_int_equal(rows(world, "session"), 0);
	assert_int_equal(rows(world, "throttle"), 0);
	assert_int_equal(rows(world, "registration"), 1); /* who comes late is told "expired" */
	world->now += 29 * TIME_DAY;
	assert_ok(retention_run(cx_fresh(world)));
	assert_int_equal(rows(world, "registration"), 0);
	assert_int_equal(rows(world, "link"), 0);
	assert_true(rows(world, "outbox") > 0);
	world->now += TIME_DAY;
	assert_ok(retention_run(cx_fresh(world)));
	assert_int_equal(rows(world, "outbox"), 0);
	world->now = START + 90 * TIME_DAY;
	assert_ok(retention_run(cx_fresh(world)));
	assert_int_equal(rows(world, "draft"), 1);
	world->now += TIME_DAY;
	assert_ok(retention_run(cx_fresh(world)));
	assert_int_equal(rows(world, "draft"), 0);
	assert_int_equal(rows(world, "account"), 1);
	assert_int_equal(rows(world, "application"), 1);
	assert_int_equal(rows(world, "number"), 2);
	assert_int_equal(db_number(world->db,
				 "SELECT count(*) FROM audit_entry WHERE event = 'drafts_expired'"),
		1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(notices_are_out_in_their_time),
		IN_BOTH(only_operators_post),
		IN_BOTH(a_window_is_told_from_its_announcement_to_its_end),
		IN_BOTH(what_is_over_is_deleted_and_nothing_else),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "domain_support.h"

#include "base/limits.h"
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
	world->now = START - TIME_DAY;
	int64_t old = post(world, START - TIME_DAY, 0, "old");
	int64_t over = post(world, START - TIME_DAY, START, "over");
	world->now = START;
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

static void the_operator_sees_all_of_them(void **state)
{
	struct world *world = *state;
	struct notice *notices;
	size_t count;

	assert_ok(notice_all(operator_cx(world), 10, &notices, &count));
	assert_int_equal(count, 0);
	world->now = START - TIME_DAY;
	int64_t over = post(world, START - TIME_DAY, START, "over");

	world->now = START;
	int64_t coming = post(world, START + TIME_DAY, START + 2 * TIME_DAY, "coming");

	assert_ok(notice_all(operator_cx(world), 10, &notices, &count));
	assert_int_equal(count, 2);
	assert_int_equal(notices[0].id, coming);
	assert_int_equal(notices[0].until_at, START + 2 * TIME_DAY);
	assert_str(notices[0].title[LANG_EN], STR("coming"));
	assert_str(notices[0].title[LANG_JA], STR("お知らせ"));
	assert_int_equal(notices[1].id, over);
	assert_ok(notice_all(operator_cx(world), 1, &notices, &count));
	assert_int_equal(count, 1);
	assert_ok(notice_remove(operator_cx(world), over));
	assert_ok(notice_remove(operator_cx(world), coming));
	assert_ok(notice_all(operator_cx(world), 10, &notices, &count));
	assert_int_equal(count, 0);
}

/* So many full-width characters. */
static struct str long_text(struct world *world, size_t characters)
{
	struct buf out;

	buf_init(&out, &world->arena, characters * 3 + 1);
	for (size_t i = 0; i < characters; i++)
		buf_lit(&out, "あ");
	return buf_view(&out);
}

static const struct notice *good(void)
{
	static struct notice notice;

	notice = (struct notice){
		.published_at = START,
		.title = {[LANG_JA] = STR("在留《ざいりゅう》のお知らせ"), [LANG_EN] = STR("Notice")},
		.body = {[LANG_JA] = STR("一\r\n二\t三\n\n四"), [LANG_EN] = STR("One\n\nTwo")},
	};
	return &notice;
}

static void a_notice_is_whole_or_refused(void **state)
{
	static const struct {
		const char *text;
		const char *says; /* of a title, and of a body unless it has lines */
	} wrong[] = {
		{"", "is missing"}, {" \n ", "is missing"}, {"a\nb", "cannot be shown, or a second line"}, {"a\x01", "cannot be shown"},
		{"a\xE2\x80\xAE" "b", "cannot be shown"}, {"\xff", "cannot be shown"}, {"a\xE2\x80\x8B", "cannot be shown"},
	};
	struct world *world = *state;
	struct notice notice = *good();
	int64_t id;

	assert_ok(notice_add(operator_cx(world), &notice, &id));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			notice = *good();
			notice.title[lang] = str_of(wrong[i].text);
			assert_err(notice_add(operator_cx(world), &notice, &id), ERR_INVALID);
			if (!strstr(err_detail(), wrong[i].says) || !strstr(err_detail(), lang == LANG_JA ? "the title in Japanese" : "the title in English"))
				fail_msg("%s", err_detail());
			notice = *good();
			notice.body[lang] = str_of(wrong[i].text);
			if (i == 2) {
				assert_ok(notice_add(operator_cx(world), &notice, &id));
				continue;
			}
			assert_err(notice_add(operator_cx(world), &notice, &id), ERR_INVALID);
			if (!strstr(err_detail(), lang == LANG_JA ? "the text in Japanese" : "the text in English"))
				fail_msg("%s", err_detail());
		}
	for (int past = 0; past <= 1; past++) {
		notice = *good();
		notice.title[LANG_JA] = long_text(world, LIMIT_NOTICE_TITLE - 1 + (size_t)past);
		notice.body[LANG_EN] = long_text(world, LIMIT_NOTICE_TEXT - 1 + (size_t)past);
		assert_ok(notice_add(operator_cx(world), &notice, &id));
	}
	notice.title[LANG_JA] = long_text(world, LIMIT_NOTICE_TITLE + 1);
	assert_err(notice_add(operator_cx(world), &notice, &id), ERR_LIMIT);
	assert_string_equal(err_detail(), "the title in Japanese has 101 characters; 100 are the most");
	notice.title[LANG_JA] = STR("題");
	notice.body[LANG_EN] = long_text(world, LIMIT_NOTICE_TEXT + 1);
	assert_err(notice_add(operator_cx(world), &notice, &id), ERR_LIMIT);
	/* Times. */
	notice = *good();
	notice.published_at = START + TIME_DAY;
	notice.until_at = START + TIME_DAY;
	assert_err(notice_add(operator_cx(world), &notice, &id), ERR_INVALID);
	notice.until_at++;
	assert_ok(notice_add(operator_cx(world), &notice, &id));
	notice.published_at = START - TIME_DAY;
	notice.until_at = START;
	assert_err(notice_add(operator_cx(world), &notice, &id), ERR_INVALID);
	notice.until_at++;
	assert_ok(notice_add(operator_cx(world), &notice, &id));
}

static void only_operators_post(void **state)
{
	struct world *world = *state;
	struct notice notice = {.published_at = START};
	struct maintenance window = {
		.announced_at = START, .starts_at = START + 1, .ends_at = START + 2};
	int64_t account = account_add(world, "a@example.jp", NULL), id;
	struct maintenance *windows;
	struct notice *notices;
	size_t count;

	for (int i = 0; i < 2; i++) {
		struct cx *cx = cx_fresh(world);

		if (i == 1)
			cx_become(cx, account);
		assert_err(notice_add(cx, &notice, &id), ERR_DENIED);
		assert_err(notice_remove(cx, 1), ERR_DENIED);
		assert_err(notice_all(cx, 10, &notices, &count), ERR_DENIED);
		assert_err(maintenance_list(cx, 10, &windows, &count), ERR_DENIED);
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
		.words = {[LANG_JA] = STR("更新"), [LANG_EN] = STR("Update")}};
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
}

static void windows_lie_ahead_in_their_order(void **state)
{
	struct world *world = *state;
	struct maintenance first = {.announced_at = START, .starts_at = START + 1000, .ends_at = START + 2000};
	struct maintenance second = {.announced_at = START + 500, .starts_at = START + 5000, .ends_at = START + 6000,
		.words = {[LANG_JA] = STR("様式のため"), [LANG_EN] = STR("For the form")}};
	struct maintenance *windows;
	size_t count;

	assert_err(maintenance_clear(operator_cx(world)), ERR_NOT_FOUND);
	assert_ok(maintenance_set(operator_cx(world), &second));
	assert_ok(maintenance_set(operator_cx(world), &first));
	assert_ok(maintenance_list(operator_cx(world), 10, &windows, &count));
	assert_int_equal(count, 2);
	assert_int_equal(windows[0].starts_at, first.starts_at);
	assert_true(str_empty(windows[0].words[LANG_JA]));
	assert_int_equal(windows[1].announced_at, second.announced_at);
	assert_str(windows[1].words[LANG_JA], STR("様式のため"));
	assert_str(windows[1].words[LANG_EN], STR("For the form"));
	assert_ok(maintenance_list(operator_cx(world), 1, &windows, &count));
	assert_int_equal(count, 1);
	world->now = first.ends_at;
	assert_ok(maintenance_list(operator_cx(world), 10, &windows, &count));
	assert_int_equal(count, 1);
	assert_int_equal(windows[0].starts_at, second.starts_at);
	assert_ok(maintenance_clear(operator_cx(world)));
	assert_ok(maintenance_list(operator_cx(world), 10, &windows, &count));
	assert_int_equal(count, 0);
	assert_err(maintenance_clear(operator_cx(world)), ERR_NOT_FOUND);
	/* Each step once in the chain, and none of what was refused. */
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = 'maintenance_set'"), 2);
	assert_int_equal(db_number(world->db, "SELECT count(*) FROM audit_entry WHERE event = 'maintenance_cleared'"), 1);
}

static void a_window_is_whole_or_refused(void **state)
{
	static const struct {
		int64_t announced, starts, ends;
		enum err_code code;
	} times[] = {
		{0, 0, 1, OK}, {-9, -5, 1, OK}, {0, 5, 5, ERR_INVALID}, {0, 5, 4, ERR_INVALID}, {6, 5, 9, ERR_INVALID}, {-9, -5, 0, ERR_INVALID},
		{-9, -5, -1, ERR_INVALID},
	};
	static const struct {
		const char *ja, *en;
		enum err_code code;
	} words[] = {
		{"", "", OK}, {"様式", "Form", OK}, {"様式", "", ERR_INVALID}, {"", "Form", ERR_INVALID}, {"様式", " ", ERR_INVALID}, {"様\n式", "Form", ERR_INVALID},
		{"様式", "Fo\xE2\x80\x8Frm", ERR_INVALID}, {"\xff", "Form", ERR_INVALID},
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct maintenance window = {
			.announced_at = START + times[i].announced, .starts_at = START + times[i].starts, .ends_at = START + times[i].ends};
		err e = maintenance_set(operator_cx(world), &window);

		if (e.code != times[i].code)
			fail_msg("times %zu: %s", i, err_name(e.code));
	}
	struct maintenance window = {.announced_at = START, .starts_at = START, .ends_at = START + 1};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		window.words[LANG_JA] = str_of(words[i].ja);
		window.words[LANG_EN] = str_of(words[i].en);
		err e = maintenance_set(operator_cx(world), &window);

		if (e.code != words[i].code)
			fail_msg("words %zu: %s", i, err_name(e.code));
	}
	for (size_t n = LIMIT_MAINTENANCE_WORDS - 1; n <= LIMIT_MAINTENANCE_WORDS + 1; n++) {
		window.words[LANG_JA] = long_text(world, n);
		window.words[LANG_EN] = STR("Form");
		err e = maintenance_set(operator_cx(world), &window);

		assert_int_equal(e.code, n <= LIMIT_MAINTENANCE_WORDS ? OK : ERR_LIMIT);
	}
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
	/* a session may last so long, if it is used; not longer */
	world->now += world->portal.settings.session_total_ms;
	assert_ok(retention_run(cx_fresh(world)));
	assert_int_equal(rows(world, "session"), 1);
	world->now += 1;
	assert_ok(retention_run(cx_fresh(world)));
	assert_int_equal(rows(world, "session"), 0);
	world->now = START + TIME_DAY;
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
		IN_BOTH(the_operator_sees_all_of_them),
		IN_BOTH(a_notice_is_whole_or_refused),
		IN_BOTH(only_operators_post),
		IN_BOTH(a_window_is_told_from_its_announcement_to_its_end),
		IN_BOTH(windows_lie_ahead_in_their_order),
		IN_BOTH(a_window_is_whole_or_refused),
		IN_BOTH(what_is_over_is_deleted_and_nothing_else),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What pages say is so: numbers are those of the settings, and a ceiling that a person meets tells the way on. */
#include "ways.h"

#include "base/limits.h"
#include "base/time.h"
#include "domain/application/amend.h"
#include "domain/application/draft.h"
#include "store/query.h"

static struct reply see(struct site *site, const char *path, const char *lang)
{
	struct reply reply = ASK(site, .path = path, .lang = lang);

	assert_status(&reply, 200);
	return reply;
}

/* ---- settings ---- */

static struct settings *settings_of(struct site *site)
{
	return &site->world->portal.settings;
}

static void wrong_passwords_by_the_settings(void **state)
{
	struct site *site = *state;
	struct login_policy *policy = &settings_of(site)->login;
	const struct ask wrong = {.path = "/login", .form = "login=nobody%40example.jp&password=wrong"};
	struct reply reply = site_ask(site, &wrong);

	assert_status(&reply, 403);
	assert_holds(reply.body, STR("After 5 wrong passwords in a row, an account is locked for 24 hours."));
	policy->free_tries = 1;
	policy->first_ms = policy->longest_ms = TIME_HOUR;
	reply = site_ask(site, &wrong);
	assert_holds(reply.body, STR("After 1 wrong password, an account is locked for 1 hour."));
	reply = ASK(site, .path = "/login", .form = "login=nobody%40example.jp&password=wrong", .lang = "ja");
	assert_holds(reply.body, STR("続けて1回間違えると、1時間ロックされます"));
	reply = see(site, "/help", "en");
	assert_holds(reply.body, STR("After 1 wrong password, your account is locked for 1 hour."));
	*policy = login_policy_delays;
	policy->free_tries = 3;
	reply = site_ask(site, &wrong);
	assert_holds(reply.body, STR("After 3 wrong passwords in a row, you have to wait before each further try: 30 seconds at first, then twice as "
				     "long each time, up to 1 hour."));
	assert_true(str_find(reply.body, STR("locked")) < 0);
	reply = see(site, "/help", "en");
	assert_holds(reply.body, STR("30 seconds at first, then twice as long each time, up to 1 hour."));
	assert_holds(reply.body, STR("After 100 wrong passwords in a row, only that link or a new password helps."));
	reply = see(site, "/help", "ja");
	assert_holds(reply.body, STR("はじめは30秒、次から2倍ずつ、長くて1時間"));
}

static void times_by_the_settings(void **state)
{
	struct site *site = *state;
	struct settings *settings = settings_of(site);
	struct reply reply = see(site, "/register", "en");

	assert_holds(reply.body, STR("a link that works for 24 hours."));
	reply = see(site, "/forgot-password", "en");
	assert_holds(reply.body, STR("It works for 1 hour."));
	reply = see(site, "/help", "en");
	assert_holds(reply.body, STR("30 minutes without opening a page, and 12 hours at most."));

	settings->registration_link_ms = 48 * TIME_HOUR;
	settings->reset_link_ms = 3 * TIME_HOUR;
	settings->session_idle_ms = 15 * TIME_MINUTE;
	settings->session_total_ms = 90 * TIME_MINUTE;
	reply = see(site, "/register", "en");
	assert_holds(reply.body, STR("a link that works for 48 hours."));
	reply = see(site, "/register/sent", "en");
	assert_holds(reply.body, STR("Open the link in it within 48 hours."));
	reply = ASK(site, .path = "/register/link/unknown");
	assert_status(&reply, 410);
	assert_holds(reply.body, STR("The link is older than 48 hours"));
	reply = see(site, "/forgot-password", "en");
	assert_holds(reply.body, STR("It works for 3 hours."));
	reply = see(site, "/help", "en");
	assert_holds(reply.body, STR("15 minutes without opening a page, and 90 minutes at most."));
	reply = see(site, "/register", "ja");
	assert_holds(reply.body, STR("48時間有効なリンク"));
}

/* Units keep their readings inside a sentence. */
static void times_with_readings(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .path = "/help", .lang = "ja", .cookies = "__Host-visitor={visitor}; language=ja+furigana");

	assert_holds(reply.body, STR("30<ruby>分<rt>ぷん</rt></ruby>"));
	assert_holds(reply.body, STR("12<ruby>時間<rt>じかん</rt></ruby>"));
	assert_holds(reply.body, STR("5<ruby>回<rt>かい</rt></ruby>"));
}

/* One minute is not "1 minutes", and 分 is read as time is, not as a part. */
static void how_long_a_form_takes(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/sections/concurrent");

	assert_holds(reply.body, STR("about 1 minute</p>"));
	reply = ASK(site, .path = "/procedures/usage", .lang = "ja", .cookies = "__Host-visitor={visitor}; language=ja+furigana");
	assert_holds(reply.body, STR("<ruby>約<rt>やく</rt></ruby>3<ruby>分<rt>ぷん</rt></ruby>"));
	reply = see(site, "/procedures/extension", "en");
	assert_holds(reply.body, STR(" minutes, depending on your answers"));
}

/* The help desk's hours are the operator's; where no number is given, none are told. */
static void hours_of_the_help_desk(void **state)
{
	struct site *site = *state;
	struct reply reply = see(site, "/help", "en");

	assert_holds(reply.body, STR("0570-000-000 weekdays 10:00–15:00"));
	assert_holds(reply.body, STR("0570-000-000<br>weekdays 10:00–15:00"));
	reply = see(site, "/", "ja");
	assert_holds(reply.body, STR("0570-000-000 平日 10時から15時まで"));
	site->web.conf.help_phone = STR("");
	reply = see(site, "/help", "en");
	assert_true(str_find(reply.body, STR("weekdays")) < 0);
}

/* ---- limits ---- */

static void hints_by_the_limits(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .path = "/register/link/{open}");
	struct password_profile *profile = &settings_of(site)->password;

	assert_status(&reply, 200);
	assert_holds(reply.body, str_fmt(&site->arena, "Up to %d characters. Add the number", LIMIT_ADDRESS));
	assert_holds(reply.body, str_fmt(&site->arena, "Digits, up to %d.", LIMIT_PHONE));
	assert_holds(reply.body, str_fmt(&site->arena, "%u to %u characters, with at least", profile->min, profile->max));
	profile->min = 12;
	reply = ASK(site, .path = "/register/link/{open}");
	assert_holds(reply.body, str_fmt(&site->arena, "12 to %u characters, with at least", profile->max));
	reply = see(site, "/register/email", "en");
	assert_holds(reply.body, str_fmt(&site->arena, "Up to %d letters", LIMIT_EMAIL));
	reply = see(site, "/procedures?q=a+b+c+d+e+f+g+h+i+j", "en");
	assert_holds(reply.body, STR("We only looked for the first 8."));
}

static size_t begin_until_refused(struct site *site, struct reply *last)
{
	for (size_t n = 0;; n++) {
		*last = ASK(site, .who = MAI, .path = "/procedures/extension", .form = "");
		if (last->status != 303)
			return n;
		assert_true(n < 2 * LIMIT_DRAFTS_PER_ACCOUNT);
	}
}

/* A scrivener with many clients: nothing was too long, and the way on is among the drafts. */
static void one_draft_too_many(void **state)
{
	struct site *site = *state;
	struct reply reply;

	begin_until_refused(site, &reply);
	assert_status(&reply, 409);
	assert_holds(reply.body, STR("<h1>You have begun 50 applications</h1>"));
	assert_holds(reply.body, STR("Submit one of them, or delete one"));
	assert_holds(reply.body, STR("href=\"/my-page\""));
	assert_true(str_find(reply.body, STR("too much to send")) < 0);
	reply = ASK(site, .who = MAI, .path = "/procedures/extension", .form = "", .lang = "ja");
	assert_status(&reply, 409);
	assert_holds(reply.body, STR("書きかけの申請が50件あります"));
	/* That is where they are, each with the way to delete it. */
	reply = ASK(site, .who = MAI, .path = "/my-page");
	struct str rest = reply.body;
	size_t deletes = 0;

	for (ptrdiff_t at; (at = str_find(rest, STR("/delete\">"))) >= 0; deletes++)
		rest = str_skip(rest, (size_t)at + 1);
	assert_int_equal(deletes, LIMIT_DRAFTS_PER_ACCOUNT);
	/* With one less it goes on. */
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/delete", .form = "");
	assert_status(&reply, 303);
	assert_int_equal(begin_until_refused(site, &reply), 1);
}

struct filler {
	int64_t id;
};

static err fill_in_tx(struct cx *cx, void *arg)
{
	const struct filler *filler = arg;

	return q_draft_insert(cx_tx(cx),
		&(struct q_draft_insert_in){
			.account_id = cx->actor.account_id,
			.id = filler->id,
			.procedure = STR("extension"),
			.version = STR("x"),
			.token = str_fmt(cx->arena, "filler %lld", (long long)filler->id),
			.at = cx->now,
			.keep_until = time_date(cx->now + TIME_DAY),
			.answers = STR("x"),
			.most = LIMIT_DRAFTS_WITH_RETURNED,
		},
		NULL);
}

/* Those who have many begun can still answer what the office sends back, up to another ceiling. */
static void one_returned_too_many(void **state)
{
	struct site *site = *state;
	struct str item = STR("photo");
	struct reply reply;

	begin_until_refused(site, &reply);
	struct cx *cx = cx_fresh(site->world);

	cx->actor.kind = ACTOR_OPERATOR;
	assert_ok(amend_return(cx, site_value(site, "reference"), &(struct amend_items){&item, 1}, STR("A newer photo, please.")));
	for (size_t i = LIMIT_DRAFTS_PER_ACCOUNT; i < LIMIT_DRAFTS_WITH_RETURNED; i++) {
		struct filler filler = {id_new(site->world->now)};

		assert_ok(cx_write(site_cx_of(site, MAI), fill_in_tx, &filler));
	}
	reply = ASK(site, .who = MAI, .path = "/applications/{reference}/modify", .form = "");
	assert_status(&reply, 409);
	assert_holds(reply.body, STR("<h1>You have begun 100 applications</h1>"));
	assert_holds(reply.body, STR("href=\"/my-page\""));
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/delete", .form = "");
	assert_status(&reply, 303);
	reply = ASK(site, .who = MAI, .path = "/applications/{reference}/modify", .form = "");
	assert_status(&reply, 303);
	assert_true(str_starts(reply_location(&reply), STR("/drafts/")));
}

/* ---- languages and errors for those who listen ---- */

static void the_office_is_told_in_its_language(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/applications/{reference}/receipt");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("Regional Immigration"));
	assert_true(str_find(reply.body, STR("<span lang=\"ja\">Tokyo")) < 0);
	assert_true(str_find(reply.body, STR("<span lang=\"ja\">Fukuoka")) < 0);
	assert_true(str_find(reply.body, STR("· <span lang=\"ja\">")) < 0);
}

/* More rows than a group has: the words stand at the group, and who comes to it hears them. */
static void the_error_of_a_group_is_connected(void **state)
{
	struct site *site = *state;
	struct cx *cx = site_cx_of(site, MAI);
	int64_t id;
	struct draft draft;
	struct draft_saved saved;

	assert_true(str_to_i64(site_value(site, "draft"), &id));
	assert_ok(draft_require(cx, id, &draft));
	const struct section *section = procedure_section(draft.procedure, STR("family"));
	const struct field *group = procedure_field(draft.procedure, STR("family"));

	for (int row = 0; row <= group->max; row++)
		answers_set(&draft.answers, str_fmt(cx->arena, "family.%d.name", row), STR("ＬＥＥ"));
	answers_set(&draft.answers, STR("has_family"), STR("yes"));
	assert_ok(draft_save(cx,
		&(struct draft_save){
			.id = id,
			.revision = draft.revision,
			.overwrite = true,
			.section = section->id,
			.fields = section->fields,
			.field_count = section->field_count,
			.answers = &draft.answers,
		},
		&saved));
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/sections/family?check=1");

	assert_status(&reply, 200);
	assert_holds(reply.body, STR("id=\"family\" tabindex=\"-1\" aria-describedby=\"family-hint family-error\""));
	assert_holds(reply.body, STR("<p class=\"error\" id=\"family-error\">"));
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_SQLITE(wrong_passwords_by_the_settings),
		AT_SQLITE(times_by_the_settings),
		AT_SQLITE(times_with_readings),
		AT_SQLITE(how_long_a_form_takes),
		AT_SQLITE(hours_of_the_help_desk),
		AT_SQLITE(hints_by_the_limits),
		AT_BOTH(one_draft_too_many),
		AT_BOTH(one_returned_too_many),
		AT_SQLITE(the_office_is_told_in_its_language),
		AT_SQLITE(the_error_of_a_group_is_connected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

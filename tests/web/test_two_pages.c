#include "site.h"

/* One section open twice, on two devices or in two tabs: neither undoes the other. */

#define ABOUT "/drafts/{draft}/sections/about"

/* A field of full width. */
#define HANOI "%E3%83%8F%E3%83%8E%E3%82%A4"
#define HUE "%E3%83%95%E3%82%A8"

/* Opens the section once more; what the page has seen goes by that name. */
static void page_open(struct site *site, const char *name)
{
	struct reply reply = ASK(site, .who = MAI, .path = ABOUT);

	assert_status(&reply, 200);
	site_name(site, name, reply_hidden(&reply, "_seen"));
}

static struct reply page_sends(struct site *site, const char *form)
{
	return ASK(site, .who = MAI, .path = ABOUT, .form = form);
}

static struct reply page_types(struct site *site, const char *form)
{
	return ASK(site, .who = MAI, .path = ABOUT "/saved", .form = form);
}

static void expect_stored(struct site *site, const char *occupation, const char *town)
{
	struct draft draft;
	int64_t id;

	assert_true(str_to_i64(site_value(site, "draft"), &id));
	assert_ok(draft_require(site_cx_of(site, MAI), id, &draft));
	assert_true(str_eq(answers_get(&draft.answers, STR("occupation")), str_of(occupation)));
	assert_true(str_eq(answers_get(&draft.answers, STR("home_town")), str_of(town)));
}

static void begin(struct site *site)
{
	struct reply reply = page_sends(site, "occupation=Student&home_town=" HANOI "&_leave=1");

	assert_status(&reply, 303);
	expect_stored(site, "Student", "ハノイ");
	page_open(site, "a");
	page_open(site, "b");
}

static void each_keeps_what_it_changed(void **state)
{
	struct site *site = *state;

	begin(site);
	struct reply reply = page_sends(site, "occupation=Cook&home_town=" HANOI "&_leave=1&_seen={a}");

	assert_status(&reply, 303);
	reply = page_sends(site, "occupation=Student&home_town=" HUE "&_leave=1&_seen={b}");
	assert_status(&reply, 303);
	expect_stored(site, "Cook", "フエ");
	/* A page that is open still, and sent again, with nothing new on it. */
	reply = page_sends(site, "occupation=Cook&home_town=" HANOI "&_leave=1&_seen={a}");
	assert_status(&reply, 303);
	expect_stored(site, "Cook", "フエ");
}

static void both_changed_one_answer(void **state)
{
	struct site *site = *state;

	begin(site);
	struct reply reply = page_sends(site, "occupation=Nurse&home_town=" HANOI "&_leave=1&_seen={a}");

	assert_status(&reply, 303);
	reply = page_sends(site, "occupation=Driver&home_town=" HUE "&_leave=1&_seen={b}");
	assert_status(&reply, 409);
	assert_holds(reply.body, STR("There it says “Nurse”."));
	assert_holds(reply.body, STR("value=\"Driver\""));
	assert_holds(reply.body, STR("href=\"#occupation\""));
	/* What nobody argues about is kept. */
	expect_stored(site, "Nurse", "フエ");
	site_name(site, "b2", reply_hidden(&reply, "_seen"));
	reply = page_sends(site, "occupation=Driver&home_town=" HUE "&_leave=1&_seen={b2}");
	assert_status(&reply, 303);
	expect_stored(site, "Driver", "フエ");
	/* Cleared there. */
	page_open(site, "a");
	page_open(site, "b");
	reply = page_sends(site, "occupation=&home_town=" HUE "&_leave=1&_seen={a}");
	assert_status(&reply, 303);
	reply = ASK(site, .who = MAI, .path = ABOUT, .form = "occupation=Pilot&home_town=" HUE "&_leave=1&_seen={b}", .lang = "ja");
	assert_status(&reply, 409);
	assert_holds(reply.body, STR("消"));
	expect_stored(site, "", "フエ");
}

static void while_typing(void **state)
{
	struct site *site = *state;

	begin(site);
	struct reply reply = page_types(site, "occupation=S&home_town=" HUE "&_seen={b}");

	assert_status(&reply, 200);
	reply = page_types(site, "occupation=Cook&home_town=" HANOI "&_seen={a}");
	assert_status(&reply, 409);
	assert_holds(reply_header(&reply, "Content-Type", 0), STR("text/plain"));
	assert_holds(reply.body, STR("Occupation"));
	expect_stored(site, "S", "フエ");
	/* It goes on being asked, until the page itself is sent. */
	site_name(site, "a2", str_skip(reply.body, (size_t)str_find_byte(reply.body, '\n') + 1));
	reply = page_types(site, "occupation=Cook+and+baker&home_town=" HANOI "&_seen={a2}");
	assert_status(&reply, 409);
	reply = page_sends(site, "occupation=Cook+and+baker&home_town=" HANOI "&_leave=1&_seen={a2}");
	assert_status(&reply, 409);
	expect_stored(site, "S", "フエ");
}

/* Letter by letter, also where an answer never came, and the other page speaks in between. */
static void letter_by_letter(void **state)
{
	struct site *site = *state;

	begin(site);
	struct reply reply = page_types(site, "occupation=C&home_town=" HANOI "&_seen={a}");

	assert_status(&reply, 200);
	reply = page_types(site, "occupation=Co&home_town=" HANOI "&_seen={a}");
	assert_status(&reply, 200);
	site_name(site, "a2", str_skip(reply.body, (size_t)str_find_byte(reply.body, '\n') + 1));
	reply = page_types(site, "occupation=Student&home_town=" HUE "&_seen={b}");
	assert_status(&reply, 200);
	expect_stored(site, "Co", "フエ");
	reply = page_types(site, "occupation=Cook&home_town=" HANOI "&_seen={a2}");
	assert_status(&reply, 200);
	expect_stored(site, "Cook", "フエ");
}

static void what_a_page_says_of_itself_may_be_anything(void **state)
{
	static const char *const seen[] = {"", "short", "a=b*c%20d", "%E3%81%82%E3%81%82%E3%81%82", "AAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"x*%20y%3d9*zzzz"};
	struct site *site = *state;
	char form[300];

	begin(site);
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
		snprintf(form, sizeof form, "occupation=Cook+%zu&_leave=1&_seen=%s", i, seen[i]);
		struct reply reply = page_sends(site, form);

		assert_status(&reply, 303);
		snprintf(form, sizeof form, "Cook %zu", i);
		expect_stored(site, form, "ハノイ");
		reply = ASK(site, .who = MAI, .path = "/drafts/{draft}");
		assert_status(&reply, 200);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_BOTH(each_keeps_what_it_changed),
		AT_BOTH(both_changed_one_answer),
		AT_SQLITE(while_typing),
		AT_SQLITE(letter_by_letter),
		AT_SQLITE(what_a_page_says_of_itself_may_be_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

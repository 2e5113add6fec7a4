/* Behind a proof the session has a new token: what becomes of who never got it. */
#include "site.h"

#include "../store/card_support.h"

/* The first reading of MAI's card is done; her browser has not gone on yet. */
static void proven(struct site *site)
{
	cards_on(site->world);
	site_name(site, "tx", site_begin(site, MAI, "op=auth&purpose=usage_request&draft={draft}"));
	assert_int_equal(phone_ends(site->world, site_value(site, "tx"), "card of mai", NULL), IDV_DONE);
}

/* The answer with the session's new name was lost, or a second press was faster than it: the way on is told again. */
static void the_way_on_is_told_again(void **state)
{
	static const struct ask again[] = {
		{.who = MAI, .path = "/id/tx/{tx}/next", .form = ""},
		{.who = MAI, .path = "/id/tx/{tx}/code", .form = "code=1234"},
		{.who = MAI, .path = "/id/tx/{tx}/cancel", .form = ""},
		{.who = MAI, .path = "/id/tx/{tx}"},
		{.who = MAI, .path = "/id/tx/{tx}/status?seq=3"},
	};
	struct site *site = *state;

	proven(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/next", .form = "");
	struct str cookie = str_dup(&site->arena, reply_header(&reply, "Set-Cookie", 0));

	assert_true(str_starts(cookie, STR("__Host-session=")));
	for (size_t i = 0; i < sizeof again / sizeof *again; i++) {
		reply = site_ask(site, &again[i]);
		assert_status(&reply, 303);
		assert_str(reply_location(&reply), site_fill(site, again[i].form ? "/drafts/{draft}/card" : again[i].path));
		assert_true(str_find(reply.headers, cookie) >= 0);
		assert_int_equal(reply.writes, 0);
	}
	site_name(site, "fresh", str_sub(cookie, 15, 43));
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/next", .form = "", .cookies = "__Host-session={fresh}", .token = TOKEN_NONE);
	assert_status(&reply, 403);
	reply = ASK(site, .who = MAI, .path = "/my-page", .cookies = "__Host-session={fresh}");
	assert_status(&reply, 200);
}

/* To nobody else, for nothing else, and not for long. */
static void the_new_name_is_told_to_nobody_else(void **state)
{
	static const struct ask others[] = {
		{.who = MAI, .path = "/my-page"},
		{.who = MAI, .path = "/id/tx/00000000000000000000000000/next", .form = ""},
		{.who = MAI, .path = "/id/tx/{tx}/next", .form = "", .headers = "Sec-Fetch-Site: cross-site\r\n"},
		{.who = LEE, .path = "/id/tx/{tx}/next", .form = ""},
		{.path = "/id/tx/{tx}/next", .form = ""},
		{.path = "/id/tx/{tx}", .cookies = "__Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
	};
	struct site *site = *state;

	proven(site);
	struct reply reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/next", .form = "");

	site_name(site, "fresh", str_sub(reply_header(&reply, "Set-Cookie", 0), 15, 43));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		reply = site_ask(site, &others[i]);
		assert_true(str_find(reply.headers, STR("__Host-session=")) < 0);
		assert_false(str_eq(reply_location(&reply), site_fill(site, "/drafts/{draft}/card")));
	}
	site->world->now += IDV_AGAIN_MS;
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}/next", .form = "");
	assert_status(&reply, 401);
	site->world->now -= IDV_AGAIN_MS;
	struct str before = site->people[MAI].session;

	site->people[MAI].session = site_value(site, "fresh");
	reply = ASK(site, .who = MAI, .path = "/logout", .form = "");
	assert_status(&reply, 303);
	site->people[MAI].session = before;
	reply = ASK(site, .who = MAI, .path = "/id/tx/{tx}");
	assert_true(str_starts(reply_location(&reply), STR("/login")));
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_BOTH(the_way_on_is_told_again),
		AT_BOTH(the_new_name_is_told_to_nobody_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

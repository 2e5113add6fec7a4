/* Forms that were not sent from our pages: refused with 403, and nothing has changed (ASVS 3.5). */
#include "ways.h"

#include "crypto/token.h"

static const struct {
	const char *what;
	enum form_token token;
	const char *headers;
} forged[] = {
	{"no token", TOKEN_NONE, NULL},
	{"an empty token", TOKEN_EMPTY, NULL},
	{"the token of another session", TOKEN_OTHER, NULL},
	{"a token with another byte", TOKEN_BROKEN, NULL},
	{"from another site", TOKEN_OWN, "Sec-Fetch-Site: cross-site\r\n"},
	{"from a neighbour", TOKEN_OWN, "Sec-Fetch-Site: same-site\r\n"},
	{"from nobody knows where", TOKEN_OWN, "Sec-Fetch-Site: same-origin, cross-site\r\n"},
	{"from another origin", TOKEN_OWN, "Origin: https://evil.example\r\n"},
	{"from a name that begins like ours", TOKEN_OWN, "Origin: https://portal.example.evil.example\r\n"},
	{"from a name that ends like ours", TOKEN_OWN, "Origin: https://evil-portal.example\r\n"},
	{"from another port", TOKEN_OWN, "Origin: https://portal.example:8443\r\n"},
	{"from a sandbox or a data: page", TOKEN_OWN, "Origin: null\r\n"},
	{"from an extension", TOKEN_OWN, "Origin: chrome-extension://portal.example\r\n"},
	{"from a page without TLS", TOKEN_OWN, "Origin: http://portal.example\r\n"},
	{"the browser's word before our origin", TOKEN_OWN, "Sec-Fetch-Site: cross-site\r\nOrigin: https://portal.example\r\n"},
	{"two origins", TOKEN_OWN, "Origin: https://portal.example\r\nOrigin: https://evil.example\r\n"},
	{"two words of the browser", TOKEN_OWN, "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int64_t rows(struct site *site)
{
	return db_number(site->world->db,
		"SELECT (SELECT count(*) FROM account) + (SELECT count(*) FROM draft) + (SELECT count(*) FROM application) + "
		"(SELECT count(*) FROM outbox) + (SELECT count(*) FROM session) + (SELECT count(*) FROM audit_entry) + "
		"(SELECT sum(revision) FROM draft)");
}

static void every_form_refuses_what_is_forged(void **state)
{
	struct site *site = *state;
	int64_t before = rows(site);
	size_t asked = 0;

	/* Messages of programs are no forms: they have no cookies to be forged with, and their own types (test_messages.c). */
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		if (!http_writes(routes[i].method) || routes[i].flags & ROUTE_MESSAGE)
			continue;
		for (size_t f = 0; f < COUNT(forged); f++) {
			struct ask ask = ways[i].ask;

			ask.token = forged[f].token;
			ask.headers = forged[f].headers;
			struct reply reply = site_ask(site, &ask);

			if (reply.status != 403 || reply.writes != 0 || !str_absent(reply_location(&reply)))
				fail_msg("%s, %s: %d, %d writes", routes[i].name, forged[f].what, reply.status, (int)reply.writes);
			assert_holds(reply.log, STR("\"event\":\"request_failed\""));
			assert_holds(reply.log, STR("\"status\":403"));
			asked++;
		}
	}
	assert_int_equal(rows(site), before);
	assert_true(asked > 200);
}

/* A token that the browser held before the login, or of a session that has ended, is not that of the session. */
static void a_token_belongs_to_one_session(void **state)
{
	struct site *site = *state;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		if (!http_writes(routes[i].method) || routes[i].access != ACCESS_ACCOUNT)
			continue;
		struct ask ask = ways[i].ask;

		ask.token = TOKEN_VISITOR;
		struct reply reply = site_ask(site, &ask);

		assert_status(&reply, 403);
		assert_int_equal(reply.writes, 0);
	}
	/* And nobody's form is not taken with the token of a person. */
	struct reply reply = ASK(site, .path = "/login", .form = "login=mai%40example.jp&password=" PASSWORD, .token = TOKEN_OTHER);

	assert_status(&reply, 403);
}

/* In the address, beside the form: the token is read from the form alone. */
static void a_token_in_the_address_is_none(void **state)
{
	struct site *site = *state;

	site_name(site, "good", site_token(site, site->people[MAI].session));
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{drop_draft}/delete?_csrf={good}", .form = "x=1", .token = TOKEN_NONE);

	assert_status(&reply, 403);
	reply = ASK(site, .who = MAI, .path = "/drafts/{drop_draft}/delete", .form = "x=1", .token = TOKEN_NONE, .headers = "X-CSRF-Token: x\r\n");
	assert_status(&reply, 403);
}

/* Bodies that a foreign page can send without asking: no form of ours, and nothing is carried out. */
static void other_types_are_refused(void **state)
{
	static const char *const types[] = {
		"text/plain", "multipart/form-data; boundary=x", "application/json", "application/x-www-form-urlencodedx",
		"text/plain; application/x-www-form-urlencoded", "application/csp-report", "", "application/x-www-form-urlencoded,text/plain",
	};
	struct site *site = *state;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		/* What else is taken stands in test_files.c. */
		if (routes[i].method != HTTP_POST || routes[i].flags & (ROUTE_MESSAGE | ROUTE_UPLOAD | ROUTE_TUS))
			continue;
		for (size_t t = 0; t < COUNT(types); t++) {
			struct ask ask = ways[i].ask;

			ask.type = types[t];
			struct reply reply = site_ask(site, &ask);

			if (reply.status != 415 || reply.writes != 0)
				fail_msg("%s as %s: %d", routes[i].name, types[t], reply.status);
		}
	}
	struct reply reply = ASK(site, .path = "/language", .form = "set=ja", .type = "Application/X-WWW-Form-Urlencoded; charset=UTF-8");

	assert_status(&reply, 303);
}

static void what_browsers_send_is_taken(void **state)
{
	static const char *const headers[] = {
		NULL,
		"Sec-Fetch-Site: same-origin\r\n",
		"Sec-Fetch-Site: none\r\n", /* typed by the person, as after a restart of the browser */
		"Origin: https://portal.example\r\n",
		"Origin: https://PORTAL.example\r\nSec-Fetch-Site: same-origin\r\n",
	};
	struct site *site = *state;

	for (size_t h = 0; h < COUNT(headers); h++) {
		struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/sections/money", .form = "_leave=1", .headers = headers[h]);

		assert_status(&reply, 303);
		assert_int_equal(reply.writes, 1);
	}
}

/* What was typed stands on the page that refuses, with a token that is good; nothing of the secrets. */
static void the_page_keeps_what_was_typed(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/sections/money",
		.form = "f_expense_1=%3Cb%3E%22typed%22&password=hidden-word", .token = TOKEN_OTHER);

	assert_status(&reply, 403);
	assert_holds(reply.body, STR("&lt;b&gt;&quot;typed&quot;"));
	assert_holds(reply.body, STR("name=\"_csrf\""));
	assert_true(str_find(reply.body, STR("hidden-word")) < 0);
	assert_true(str_find(reply.log, STR("typed")) < 0);
}

/* Two tokens: which of them counts must not be a question of taste. Doubled fields: the first. */
static void a_token_twice(void **state)
{
	struct site *site = *state;

	site_name(site, "good", site_token(site, site->people[MAI].session));
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{drop_draft}/delete", .form = "_csrf=wrong&_csrf={good}", .token = TOKEN_RAW);

	assert_status(&reply, 403);
}

/* S-04: a new session at each login, and what has ended is dead at once. */
static void sessions_are_new_and_end(void **state)
{
	struct site *site = *state;
	struct reply first = ASK(site, .path = "/login", .form = "login=mai%40example.jp&password=" PASSWORD,
		.cookies = "__Host-visitor={visitor}; __Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

	assert_status(&first, 303);
	struct str cookie = reply_header(&first, "Set-Cookie", 0);

	assert_true(str_starts(cookie, STR("__Host-session=")));
	struct str token = str_sub(cookie, 15, TOKEN_CHARS);

	assert_false(str_eq(token, STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")));
	assert_false(str_eq(token, site->people[MAI].session));
	site->people[LEE].session = token; /* another browser of hers */
	struct reply reply = ASK(site, .who = LEE, .path = "/my-page");

	assert_status(&reply, 200);
	reply = ASK(site, .who = LEE, .path = "/logout", .form = "");
	assert_status(&reply, 303);
	assert_holds(reply.headers, STR("Clear-Site-Data: \"cache\", \"storage\"\r\n"));
	assert_holds(reply.headers, STR("__Host-session=; "));
	reply = ASK(site, .who = LEE, .path = "/my-page");
	assert_status(&reply, 303);
	/* The form of the page that was open then: logged out, not carried out. */
	reply = ASK(site, .who = LEE, .path = "/drafts/{draft}/delete", .form = "");
	assert_status(&reply, 401);
	reply = ASK(site, .who = MAI, .path = "/my-page");
	assert_status(&reply, 200);
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_BOTH(every_form_refuses_what_is_forged),
		AT_SQLITE(a_token_belongs_to_one_session),
		AT_SQLITE(a_token_in_the_address_is_none),
		AT_SQLITE(other_types_are_refused),
		AT_SQLITE(what_browsers_send_is_taken),
		AT_SQLITE(the_page_keeps_what_was_typed),
		AT_SQLITE(a_token_twice),
		AT_BOTH(sessions_are_new_and_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

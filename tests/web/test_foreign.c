/* S-05: what belongs to another person is not there. The answer is that of what never was: same status, same page, same headers. */
#include "ways.h"

/* What differs between two answers by chance or by the asked address: tokens, the number of the message, ids. */
static struct str same_for_all(struct site *site, struct str text, struct str id)
{
	static const struct {
		const char *before;
		size_t n; /* bytes that follow; 0: up to what ends a value */
	} chance[] = {{"name=\"_csrf\" value=\"", 86}, {"<code>", 0}, {"\"id\":\"", 0}, {"&amp;id=", 0}};
	struct buf out;

	buf_init(&out, &site->arena, 4u << 20);
	while (text.n > 0) {
		size_t skip = 0;

		for (size_t i = 0; i < sizeof chance / sizeof *chance; i++) {
			if (!str_starts(text, str_of(chance[i].before)))
				continue;
			skip = strlen(chance[i].before) + chance[i].n;
			for (; chance[i].n == 0 && skip < text.n && !strchr("<,\"", text.p[skip]); skip++)
				;
		}
		if (skip == 0 && str_starts(text, id)) {
			buf_lit(&out, "ID");
			skip = id.n;
		} else if (skip == 0) {
			buf_byte(&out, text.p[0]);
			skip = 1;
		}
		text = str_skip(text, skip);
	}
	return buf_view(&out);
}

static struct reply ask_for(struct site *site, size_t route, const char *pattern, const char *id, const struct ask *like)
{
	static const char *const methods[HTTP_METHOD_COUNT] = {"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"};
	struct ask ask = *like;
	struct str path = str_of(pattern), rest;
	ptrdiff_t colon = str_find_byte(path, ':');

	rest = str_skip(path, (size_t)colon);
	ptrdiff_t slash = str_find_byte(rest, '/');

	rest = slash < 0 ? STR("") : str_skip(rest, (size_t)slash);
	if (str_starts(rest, STR("/sections/:section")))
		rest = route == ROUTE_section_autosave ? STR("/sections/money/saved") : STR("/sections/money");
	ask.path = str_c(&site->arena,
		str_fmt(&site->arena, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(path, 0, (size_t)colon)), id, STR_ARG(rest)));
	ask.method = methods[routes[route].method];
	ask.tus = routes[route].flags & ROUTE_TUS;
	return site_ask(site, &ask);
}

/* A number with the right check digit that nobody has. */
static struct str unused_reference(struct site *site, struct str like)
{
	struct str number;

	for (int last = 0;; last++) {
		struct str tried = str_fmt(&site->arena, "%c" STR_FMT "%d", like.p[0] == '9' ? '8' : '9',
			STR_ARG(str_sub(like, 1, like.n - 2)), last);

		if (!failed(number_reference_read(&site->arena, tried, &number)))
			return tried;
		assert_true(last < 9);
	}
}

/* Every route that names a draft or an application, with what is another person's and with what never was. */
static void of_others_is_as_of_nobody(void **state)
{
	struct site *site = *state;
	size_t asked = 0;
	struct str before = str_of(db_dump(site->world->db, "SELECT id, revision, account_id FROM draft ORDER BY id"));

	/* The same number of digits as theirs. */
	struct str draft = site_value(site, "their_draft"), reference = site_value(site, "their_reference");

	site_name(site, "no_draft", str_fmt(&site->arena, STR_FMT "%c", STR_ARG(str_sub(draft, 0, draft.n - 1)), draft.p[draft.n - 1] == '9' ? '8' : '9'));
	site_name(site, "no_reference", unused_reference(site, reference));
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		const char *pattern = str_c(&site->arena, routes[i].pattern);
		bool drafts = strstr(pattern, ":draft") != NULL;

		if (!drafts && !strstr(pattern, ":reference"))
			continue;
		struct ask like = {.who = MAI, .form = routes[i].method == HTTP_POST ? "token={their_token}&x=1" : NULL};
		struct reply theirs = ask_for(site, i, pattern, drafts ? "{their_draft}" : "{their_reference}", &like);
		struct reply none = ask_for(site, i, pattern, drafts ? "{no_draft}" : "{no_reference}", &like);

		if (theirs.status != 404 || none.status != 404)
			fail_msg("%s: %d for theirs, %d for none", routes[i].name, theirs.status, none.status);
		assert_int_equal(theirs.writes, 0);
		assert_str(theirs.headers, none.headers);
		assert_str(same_for_all(site, theirs.body, site_value(site, drafts ? "their_draft" : "their_reference")),
			same_for_all(site, none.body, site_value(site, drafts ? "no_draft" : "no_reference")));
		assert_int_equal(theirs.queries, none.queries);
		assert_true(str_find(theirs.body, STR("lee@example.jp")) < 0);
		asked++;
	}
	assert_true(asked >= 12);
	assert_str(str_of(db_dump(site->world->db, "SELECT id, revision, account_id FROM draft ORDER BY id")), before);
}

/* The token of their draft, on one's own draft: no receipt of theirs. */
static void their_token_is_worth_nothing(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/apply", .form = "token={their_token}");

	assert_true(reply.status == 303 || reply.status == 404);
	assert_false(str_starts(reply_location(&reply), STR("/applications/")));
	reply = ASK(site, .who = LEE, .path = "/drafts/{their_draft}/apply", .form = "token={their_token}");
	assert_status(&reply, 303);
	struct str receipt = reply_location(&reply);

	assert_true(str_starts(receipt, STR("/applications/")));
	/* Now that it is an application: still nothing, by any draft. */
	reply = ASK(site, .who = MAI, .path = "/drafts/{their_draft}/apply", .form = "token={their_token}");
	assert_status(&reply, 404);
	reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/apply", .form = "token={their_token}");
	assert_true(str_find(reply.headers, receipt) < 0);
	/* And the person again: the same receipt. */
	reply = ASK(site, .who = LEE, .path = "/drafts/{their_draft}/apply", .form = "token={their_token}");
	assert_str(reply_location(&reply), receipt);
}

/* Lists and pages of one's own hold nothing of others. */
static void lists_are_ones_own(void **state)
{
	static const char *const pages[] = {"/", "/my-page", "/applications", "/applications?q=NGUYEN", "/procedures/extension"};
	struct site *site = *state;

	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		struct reply reply = ASK(site, .who = MAI, .path = pages[i]);

		assert_status(&reply, 200);
		assert_true(str_find(reply.body, site_value(site, "their_draft")) < 0);
		assert_true(str_find(reply.body, site_value(site, "their_reference")) < 0);
	}
}

/* D2, S-10 in small: the same press again, and what comes after. */
static void one_press_one_application(void **state)
{
	struct site *site = *state;
	struct ask press = {.who = MAI, .path = "/drafts/{press_draft}/apply", .form = "token={press_token}"};
	struct reply first = site_ask(site, &press);

	assert_status(&first, 303);
	for (int i = 0; i < 5; i++) {
		struct reply again = site_ask(site, &press);

		assert_status(&again, 303);
		assert_str(reply_location(&again), reply_location(&first));
	}
	assert_int_equal(db_number(site->world->db, "SELECT count(*) FROM application"), 5);
	assert_int_equal(db_number(site->world->db, "SELECT count(*) FROM draft"), 4);
	struct reply gone = ASK(site, .who = MAI, .path = "/drafts/{press_draft}");

	assert_status(&gone, 404);
	/* The token names the application, whichever draft the address names. That draft stays. */
	struct reply other = ASK(site, .who = MAI, .path = "/drafts/{draft}/apply", .form = "token={press_token}");

	assert_str(reply_location(&other), reply_location(&first));
	gone = ASK(site, .who = MAI, .path = "/drafts/{draft}");
	assert_status(&gone, 200);
	assert_int_equal(db_number(site->world->db, "SELECT count(*) FROM application"), 5);
}

/* S-09: fields that no page of ours has change nothing. */
static void fields_that_are_not_asked(void **state)
{
	static const char extra[] = "id=1&account_id={their_draft}&status=accepted&role=officer&submitted_at=0&revision=999&version=0&user_type=attorney"
				    "&expires_at=99999999999999&email=x%40evil.example&submission_token=abc&__proto__=x&f%5B%5D=1&f.0.0.0=1&check.agree=yes"
				    "&period_desired=other&_shown=period_desired+reason&reason=&_remove=family.0&_add=family";
	struct site *site = *state;
	const char *draft = "SELECT account_id, procedure, version, token, created_at, keep_until FROM draft ORDER BY id";
	const char *account = "SELECT * FROM account ORDER BY id";
	const char *state_of_all = "SELECT DISTINCT status, user_type, version FROM application";
	struct str states_before = str_of(db_dump(site->world->db, state_of_all));
	struct str drafts_before = str_of(db_dump(site->world->db, draft)), accounts_before = str_of(db_dump(site->world->db, account));
	struct reply confirm = ASK(site, .who = MAI, .path = "/drafts/{draft}/confirm");

	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{draft}/sections/money/saved", .form = extra);
	assert_status(&reply, 200);
	assert_str(str_of(db_dump(site->world->db, draft)), drafts_before);
	assert_str(str_of(db_dump(site->world->db, account)), accounts_before);
	/* Questions of other sections are not answered by this one's form. */
	struct reply after = ASK(site, .who = MAI, .path = "/drafts/{draft}/confirm");

	assert_str(same_for_all(site, after.body, STR("-")), same_for_all(site, confirm.body, STR("-")));
	site_name(site, "extra", site_fill(site, extra));
	reply = ASK(site, .who = MAI, .path = "/drafts/{press_draft}/apply", .form = "token={press_token}&{extra}");
	assert_status(&reply, 303);
	assert_str(str_of(db_dump(site->world->db, state_of_all)), states_before);
	reply = ASK(site, .path = "/register/link/{filled2}/confirm", .form = extra);
	assert_status(&reply, 303);
	assert_int_equal(db_number(site->world->db, "SELECT count(*) FROM account WHERE user_type <> 'foreign_national' OR email LIKE '%evil%'"), 0);
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_BOTH(of_others_is_as_of_nobody),
		AT_BOTH(their_token_is_worth_nothing),
		AT_SQLITE(lists_are_ones_own),
		AT_BOTH(one_press_one_application),
		AT_SQLITE(fields_that_are_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

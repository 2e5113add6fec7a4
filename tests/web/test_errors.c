/* What a page that says no gives back: what was typed, a press that sends it again where that is right, the reader's own language and session. */
#include "form.h"
#include "ways.h"

#include "base/limits.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ENDED "__Host-visitor={visitor}; __Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define STAY "/drafts/{draft}/sections/stay"

/* A form of another site, to somebody who has a session: nothing to press. */
static void no_form_of_another_site_is_sent_again(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{drop_draft}/delete", .form = "x=planted", .headers = "Sec-Fetch-Site: same-site\r\n");

	assert_status(&reply, 403);
	assert_false(reply_has(&reply, "Try again"));
	assert_true(str_absent(form_hidden(site, &reply, "x")));
	reply = ASK(site, .who = MAI, .path = "/drafts/{drop_draft}/delete", .form = "x=planted", .headers = "Sec-Fetch-Site: same-site\r\n", .busy = true);
	assert_status(&reply, 503);
	assert_false(reply_has(&reply, "Try again"));
	assert_true(str_absent(form_hidden(site, &reply, "x")));
}

/* ---- a switch of the language ---- */

static void a_switch_of_the_language_keeps_the_form(void **state)
{
	static const char *const paths[] = {STAY, "/drafts/{drop_draft}/delete", "/procedures/extension"};
	struct site *site = *state;

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct ask ask = {.who = MAI, .path = paths[i], .form = "reason=%3Ctyped%3E%22&set=en&a=1&a=2", .token = TOKEN_OTHER};
		struct str path = site_fill(site, paths[i]);
		struct reply refused = site_ask(site, &ask);

		assert_status(&refused, 403);
		assert_str(form_retry(site, &refused), path);
		struct reply reply = form_press(site, &refused, &ask, form_language(site, &refused), "&set=ja");

		assert_status(&reply, 200);
		assert_int_equal(reply.writes, 0);
		assert_holds(reply.body, STR("<html lang=\"ja\">"));
		assert_holds(reply.headers, STR("language=ja"));
		assert_holds(reply.body, STR("もう一度送信する"));
		assert_holds(reply.body, STR("&lt;typed&gt;\""));
		assert_str(form_retry(site, &reply), path);
		/* All of it, in its order, and nothing of the switch. */
		struct str fields = form_fields(site, &reply, "again");

		assert_true(str_ends(fields, STR("&reason=%3Ctyped%3E%22&set=en&a=1&a=2")));
		/* The number is that of the first page: the log knows it. */
		assert_holds(reply.body, str_fmt(&site->arena, "<code>" STR_FMT "</code>", STR_ARG(form_value(site, refused.body, "&amp;id="))));
		/* And back. */
		reply = form_press(site, &reply, &ask, form_language(site, &reply), "&set=en");
		assert_status(&reply, 200);
		assert_holds(reply.body, STR("Try again"));
		assert_true(str_ends(form_fields(site, &reply, "again"), STR("&reason=%3Ctyped%3E%22&set=en&a=1&a=2")));
	}
	/* The press itself still works. */
	struct ask ask = {.who = MAI, .path = STAY, .form = "reason=typed", .token = TOKEN_OTHER};
	struct reply reply = site_ask(site, &ask);

	reply = form_press(site, &reply, &ask, form_language(site, &reply), "&set=ja");
	reply = form_press(site, &reply, &ask, form_retry(site, &reply), "&_leave=1");
	assert_status(&reply, 303);
	assert_int_equal(reply.writes, 1);
}

/* Nothing but pages that there are; and without a token none. */
static void only_our_pages_are_given_again(void **state)
{
	static const char *const none[] = {"?page=", "?page=x", "?page=200", "?page=99999999999", "?page=-1"};
	struct site *site = *state;

	for (size_t i = 0; i < COUNT(none); i++) {
		struct reply reply = ASK(site, .who = MAI, .path = str_c(&site->arena, str_fmt(&site->arena, "/language%s", none[i])), .form = "set=ja");

		assert_status(&reply, 404);
	}
	struct reply reply = ASK(site, .who = MAI, .path = "/language?page=403&to=//evil.example/&id=%22%3E%3Cb%3E&name=%3Cb%3E", .form = "x=1&set=ja");

	assert_status(&reply, 200);
	assert_false(reply_has(&reply, "evil.example\""));
	assert_false(reply_has(&reply, "<b>"));
	reply = ASK(site, .who = MAI, .path = "/language?page=resume&to=https://evil.example/", .form = "x=1&set=ja");
	assert_status(&reply, 200);
	assert_false(reply_has(&reply, "action=\"https:"));
	reply = ASK(site, .who = MAI, .path = "/language?page=403&to=/my-page", .form = "x=1&set=ja", .token = TOKEN_OTHER);
	assert_status(&reply, 403);
}

/* ---- too long ---- */

static void what_is_too_long_is_named(void **state)
{
	struct site *site = *state;
	const char *form = form_of(site, "occupation=student+%26+more&reason", "x", LIMIT_FORM_VALUE + 1);
	struct reply reply = ASK(site, .who = MAI, .path = STAY, .form = form);

	assert_status(&reply, 413);
	assert_holds(reply.body, STR("“Reason for extension” is too long."));
	assert_holds(reply.body, STR("student &amp; more"));
	assert_false(reply_has(&reply, "Try again"));
	assert_holds(reply.body, site_fill(site, "href=\"" STAY "\""));
	/* It is not whole, so it is not carried: a part sent again would be taken for all. */
	assert_true(str_absent(form_hidden(site, &reply, "occupation")));
	reply = ASK(site, .path = "/register/link/{open}", .form = form_of(site, "address=Chiyoda&name", "x", LIMIT_FORM_VALUE + 1));
	assert_status(&reply, 413);
	assert_holds(reply.body, STR("is too long."));
	assert_holds(reply.body, STR("Chiyoda"));
	/* Up to that the check of the form says it, at its question, and the draft holds it. */
	reply = ASK(site, .who = MAI, .path = STAY, .form = form_of(site, "_shown=reason&reason", "y", LIMIT_FORM_VALUE));
	assert_status(&reply, 400);
	assert_holds(reply.body, STR("600"));
	assert_holds(reply.body, repeated(site, "y", LIMIT_FORM_VALUE));
	/* More fields than there may be: what there is room for. */
	reply = ASK(site, .who = MAI, .path = STAY, .form = str_c(&site->arena, str_fmt(&site->arena, "reason=typed&" STR_FMT, STR_ARG(repeated(site, "b=1&", LIMIT_FORM_PARAMS)))));
	assert_status(&reply, 413);
	assert_holds(reply.body, STR("typed"));
}

/* What cannot stand on a page is not the end of the page. */
static void what_is_shown_has_a_ceiling(void **state)
{
	struct site *site = *state;
	static const struct {
		const char *piece;
		size_t times, count;
		bool again, cut;
	} bodies[] = {{"<", 16000, 65, false, true}, {"a", 16000, 64, true, true}, {"\"", 65000, 4, true, false}, {"%26", 21000, 15, false, true}};

	for (size_t b = 0; b < COUNT(bodies); b++) {
		struct buf form;

		buf_init(&form, &site->arena, 2u << 20);
		for (size_t i = 0; i < bodies[b].count; i++)
			buf_fmt(&form, "a=" STR_FMT "&", STR_ARG(repeated(site, bodies[b].piece, bodies[b].times)));
		struct reply reply = ASK(site, .who = MAI, .path = "/language", .form = str_c(&site->arena, buf_view(&form)), .token = TOKEN_NONE);

		assert_status(&reply, 403);
		assert_true(reply.body.n > 4000 && reply.body.n < LIMIT_PAGE);
		assert_int_equal(reply_has(&reply, "This is only the beginning"), bodies[b].cut);
		assert_int_equal(reply_has(&reply, "Try again"), bodies[b].again);
	}
	/* A thousand fields are shown, and one more is not. */
	for (size_t n = LIMIT_SHOWN_ROWS - 1; n <= LIMIT_SHOWN_ROWS + 1; n++) {
		struct buf form;

		buf_init(&form, &site->arena, 1u << 20);
		for (size_t i = 0; i < n; i++)
			buf_fmt(&form, "a%zu.49.x=b&", i);
		struct reply reply = ASK(site, .who = MAI, .path = STAY, .form = str_c(&site->arena, buf_view(&form)), .token = TOKEN_OTHER);

		assert_status(&reply, 403);
		assert_int_equal(reply_has(&reply, "This is only the beginning"), n > LIMIT_SHOWN_ROWS);
		assert_holds(reply.body, STR("Try again"));
	}
}

/* Labels are those of the questions, of rows too, and the boxes of one date are one line. */
static void what_is_shown_has_its_labels(void **state)
{
	struct site *site = *state;
	const struct procedure *procedure = site->world->portal.catalogue->v[0];
	const struct field *row = NULL;

	for (size_t p = 0; p < site->world->portal.catalogue->n && !row; p++) {
		procedure = site->world->portal.catalogue->v[p];
		for (size_t i = 0; i < procedure->field_count && !row; i++) {
			if (procedure->fields[i]->group && procedure->fields[i]->type == FIELD_TEXT)
				row = procedure->fields[i];
		}
	}
	assert_non_null(row);
	site_name(site, "row", path_in_row(&site->arena, row, 1));
	site_name(site, "beyond", path_in_row(&site->arena, row, 49));
	struct reply reply = ASK(site, .who = MAI, .path = STAY, .form = "birth_date=2000&birth_date=1&birth_date=2&reason=why&{row}=one&{beyond}=two&{row}x=three",
		.token = TOKEN_OTHER);

	assert_status(&reply, 403);
	assert_holds(reply.body, STR("<dd>2000 / 1 / 2</dd>"));
	assert_holds(reply.body, STR("<dt>Reason for extension</dt><dd>why</dd>"));
	assert_holds(reply.body, STR("</dt><dd>one</dd>"));
	assert_false(reply_has(&reply, str_c(&site->arena, str_fmt(&site->arena, "<dt>" STR_FMT "</dt><dd>two", STR_ARG(site_value(site, "beyond"))))));
	assert_holds(reply.body, str_fmt(&site->arena, "<dt>" STR_FMT "x</dt><dd>three</dd>", STR_ARG(site_value(site, "row"))));
}

/* ---- before there is a session ---- */

/* Whatever step fails, the page is the reader's own, and its buttons work. */
static void the_page_is_the_readers_own(void **state)
{
	struct site *site = *state;
	const struct {
		struct ask ask;
		int status;
	} asked[] = {
		{{.path = "/nothing"}, 404},
		{{.path = "/static/nothing.css"}, 404},
		{{.path = "/logout"}, 405},
		{{.path = "/my-page", .form = "x=1"}, 405},
		{{.path = STAY, .form = "x=1", .type = "text/plain"}, 415},
		{{.path = STAY, .form = "x=%zz"}, 400},
		{{.path = STAY, .form = form_of(site, "x", "x", LIMIT_FORM_VALUE + 1)}, 413},
		{{.path = "/register/link/unknown", .peer = "198.51.100.200"}, 429},
	};
	struct reply reply;

	do
		reply = ASK(site, .path = "/register/link/unknown", .peer = "198.51.100.200");
	while (reply.status != 429);
	for (size_t i = 0; i < COUNT(asked); i++) {
		struct ask ask = asked[i].ask;

		ask.who = MAI;
		reply = site_ask(site, &ask);
		assert_status(&reply, asked[i].status);
		assert_holds(reply.body, STR("NGUYEN THI MAI"));
		site_name(site, "page_token", form_hidden(site, &reply, "_csrf"));
		reply = ASK(site, .who = MAI, .path = "/language", .form = "set=ja&back=/help&_csrf={page_token}", .token = TOKEN_RAW);
		assert_status(&reply, 303);

		/* Before any login: a visitor gets a cookie for it. */
		ask.who = NOBODY;
		ask.cookies = "";
		reply = site_ask(site, &ask);
		assert_status(&reply, asked[i].status);
		site_name(site, "page_token", form_hidden(site, &reply, "_csrf"));
		struct str cookie = reply_header(&reply, "Set-Cookie", 0);

		assert_true(str_starts(cookie, STR("__Host-visitor=")));
		site_name(site, "new_visitor", str_sub(cookie, 15, 43));
		reply = ASK(site, .path = "/language", .form = "set=ja&back=/help&_csrf={page_token}", .token = TOKEN_RAW, .cookies = "__Host-visitor={new_visitor}");
		assert_status(&reply, 303);
	}
}

/* ---- files ---- */

/* The file is gone with the form: a press that sent the rest would be refused for ever. */
static void a_file_is_chosen_again(void **state)
{
	static const struct {
		const char *path, *back;
	} forms[] = {
		{"/drafts/{files_draft}/documents/translation", "href=\"/drafts/{files_draft}/files\""},
		{"/drafts/{files_draft}/documents/photo", "href=\"/drafts/{files_draft}/photo\""},
		{"/drafts/{files_draft}/documents/translation/pages", "href=\"/drafts/{files_draft}/documents/translation/pages\""},
	};
	struct site *site = *state;

	for (size_t i = 0; i < COUNT(forms); i++) {
		struct reply reply = ASK(site, .who = MAI, .path = forms[i].path, .file = "words", .token = TOKEN_OTHER);

		assert_status(&reply, 403);
		assert_false(reply_has(&reply, "Try again"));
		assert_holds(reply.body, STR("Choose the file again"));
		assert_holds(reply.body, site_fill(site, forms[i].back));
		reply = ASK(site, .who = MAI, .path = forms[i].path, .file = "words", .busy = true);
		assert_status(&reply, 503);
		assert_false(reply_has(&reply, "Try again"));
		assert_holds(reply.body, site_fill(site, forms[i].back));
	}
}

/* A row of the script has no such button: it says what there is. */
static void the_script_is_told_what_to_do(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = MAI, .path = "/drafts/{files_draft}/files", .form = "", .token = TOKEN_OTHER, .tus = true,
		.headers = "Upload-Length: 100\r\nUpload-Metadata: document dHJhbnNsYXRpb24=\r\n");

	assert_status(&reply, 403);
	assert_false(reply_has(&reply, "Try again"));
	assert_holds(reply.body, STR("Load this page again"));
}

/* ---- no worker has time ---- */

static void a_full_queue_loses_nothing(void **state)
{
	struct site *site = *state;
	struct ask ask = {.who = MAI, .path = STAY, .form = "reason=%3Ctyped%3E&password=hidden-word", .busy = true};
	struct reply reply = site_ask(site, &ask);

	assert_status(&reply, 503);
	assert_int_equal(reply.queries, 0);
	assert_holds(reply.body, STR("<html lang=\"en\">"));
	assert_holds(reply.body, STR("<dt>Reason for"));
	assert_holds(reply.body, STR("&lt;typed&gt;"));
	assert_false(reply_has(&reply, "hidden-word"));
	struct reply other = form_press(site, &reply, &ask, form_language(site, &reply), "&set=ja");

	assert_status(&other, 200);
	assert_holds(other.body, STR("&lt;typed&gt;"));
	reply = form_press(site, &reply, &ask, form_retry(site, &reply), "&_leave=1");
	assert_status(&reply, 303);
	assert_int_equal(reply.writes, 1);

	/* Before a login, and without any cookie yet. */
	reply = ASK(site, .path = "/login", .cookies = "", .form = "login=mai%40example.jp&password=" PASSWORD, .busy = true);
	assert_status(&reply, 503);
	assert_holds(reply.body, STR("mai@example.jp"));
	assert_false(reply_has(&reply, PASSWORD));
	struct str cookie = reply_header(&reply, "Set-Cookie", 0);

	site_name(site, "new_visitor", str_sub(cookie, 15, 43));
	ask = (struct ask){.cookies = "__Host-visitor={new_visitor}"};
	reply = form_press(site, &reply, &ask, form_retry(site, &reply), "&password=" PASSWORD);
	assert_status(&reply, 303);

	/* A session that is over meanwhile: the form goes on to the login. */
	ask = (struct ask){.cookies = ENDED, .path = STAY, .form = "reason=typed", .busy = true};
	reply = site_ask(site, &ask);
	assert_status(&reply, 503);
	reply = form_press(site, &reply, &ask, form_retry(site, &reply), "");
	assert_status(&reply, 401);
	assert_false(str_absent(form_hidden(site, &reply, "_kept")));
}

/* Each in its form: a page, JSON for our script, a problem for programs; and nothing of it touches the store. */
static void a_full_queue_has_an_answer_for_all(void **state)
{
	struct site *site = *state;

	for (size_t r = 0; r < ROUTE_COUNT; r++) {
		struct ask ask = ways[r].ask;

		ask.busy = true;
		struct reply reply = site_ask(site, &ask);
		const char *type = routes[r].flags & ROUTE_MESSAGE ? "application/problem+json"
			: routes[r].flags & ROUTE_TUS		   ? "application/json"
								   : "text/html; charset=utf-8";

		assert_status(&reply, 503);
		assert_int_equal(reply.queries, 0);
		assert_str(reply_header(&reply, "Content-Type", 0), str_of(type));
		assert_true(reply.body.n > 0);
		ask.host = "evil.example";
		if (r != ROUTE_health_show) {
			reply = site_ask(site, &ask);
			assert_status(&reply, 421);
			assert_true(str_absent(reply_header(&reply, "Set-Cookie", 0)));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_SQLITE(no_form_of_another_site_is_sent_again),
		AT_SQLITE(a_switch_of_the_language_keeps_the_form),
		AT_SQLITE(only_our_pages_are_given_again),
		AT_SQLITE(what_is_too_long_is_named),
		AT_SQLITE(what_is_shown_has_a_ceiling),
		AT_SQLITE(what_is_shown_has_its_labels),
		AT_SQLITE(the_page_is_the_readers_own),
		AT_SQLITE(a_file_is_chosen_again),
		AT_SQLITE(the_script_is_told_what_to_do),
		AT_SQLITE(a_full_queue_loses_nothing),
		AT_SQLITE(a_full_queue_has_an_answer_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

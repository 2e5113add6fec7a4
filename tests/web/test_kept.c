/* A form whose session has ended: it goes over the login, as long as it may be, and only if it is one of ours. */
#include "form.h"
#include "ways.h"

#include "base/encode.h"
#include "base/limits.h"
#include "crypto/seal.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ENDED "__Host-visitor={visitor}; __Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define STAY "/drafts/{draft}/sections/stay"

static struct reply log_in(struct site *site, struct str kept)
{
	return ASK(site, .path = "/login",
		.form = str_c(&site->arena, str_fmt(&site->arena, "login=mai%%40example.jp&password=" PASSWORD "&next=/help&_kept=" STR_FMT, STR_ARG(kept))));
}

/* The longest answer there is, in Japanese: three bytes a letter, nine as it is sent. */
static void four_thousand_letters_outlive_a_session(void **state)
{
	struct site *site = *state;
	struct str text = repeated(site, "窓", LIMIT_TEXT_LENGTH);
	struct reply reply = ASK(site, .cookies = ENDED, .path = STAY, .token = TOKEN_NONE,
		.form = form_of(site, "_shown=reason&reason", "%E7%AA%93", LIMIT_TEXT_LENGTH));

	assert_status(&reply, 401);
	assert_holds(reply.body, STR("What you entered has been saved"));
	reply = log_in(site, form_hidden(site, &reply, "_kept"));
	assert_status(&reply, 200);
	assert_str(form_hidden(site, &reply, "reason"), text);
	struct str cookie = reply_header(&reply, "Set-Cookie", 0);

	site_name(site, "fresh", str_sub(cookie, 15, 43));
	struct ask as = {.cookies = "__Host-session={fresh}"};

	reply = form_press(site, &reply, &as, form_retry(site, &reply), "&_leave=1");
	assert_status(&reply, 303);
	reply = ASK(site, .who = MAI, .path = STAY);
	assert_status(&reply, 200);
	assert_holds(reply.body, text);
}

/* A form of five values; the last has `last` bytes. */
static struct reply long_form(struct site *site, const char *piece, size_t times, size_t last)
{
	struct buf form;

	buf_init(&form, &site->arena, 2u << 20);
	for (int i = 0; i < 4; i++)
		buf_fmt(&form, "v%d=" STR_FMT "&", i, STR_ARG(repeated(site, piece, times)));
	buf_fmt(&form, "v4=" STR_FMT, STR_ARG(repeated(site, "z", last)));
	return ASK(site, .cookies = ENDED, .path = STAY, .token = TOKEN_NONE, .form = str_c(&site->arena, buf_view(&form)));
}

/* How many bytes are sealed in the field. */
static size_t sealed_bytes(struct site *site, struct str kept)
{
	struct str bytes;

	assert_ok(base64url_read(&site->arena, kept, &bytes));
	return bytes.n - SEAL_OVERHEAD;
}

/* Below, at and above what is kept; above it the page says so, and shows what there was. */
static void what_is_kept_has_a_ceiling(void **state)
{
	struct site *site = *state;
	size_t last = 40000;
	struct reply reply = long_form(site, "a", 60000, last);

	assert_status(&reply, 401);
	last += LIMIT_KEPT - sealed_bytes(site, form_hidden(site, &reply, "_kept"));
	assert_true(last < LIMIT_FORM_VALUE);
	reply = long_form(site, "a", 60000, last);
	assert_status(&reply, 401);
	struct str kept = form_hidden(site, &reply, "_kept");

	assert_int_equal(sealed_bytes(site, kept), LIMIT_KEPT);
	assert_true(kept.n <= LIMIT_KEPT_FIELD);
	reply = log_in(site, kept);
	assert_status(&reply, 200);
	assert_int_equal(form_hidden(site, &reply, "v0").n, 60000);
	assert_int_equal(form_hidden(site, &reply, "v4").n, last);

	reply = long_form(site, "a", 60000, last + 1);
	assert_status(&reply, 401);
	assert_true(str_absent(form_hidden(site, &reply, "_kept")));
	assert_true(str_absent(form_hidden(site, &reply, "v0")));
	assert_holds(reply.body, STR("is too long to be kept"));
	assert_holds(reply.body, STR("Copy what you still need"));
	assert_holds(reply.body, repeated(site, "a", 60000));
	assert_holds(reply.body, STR("This is only the beginning"));
	assert_holds(reply.body, STR("name=\"password\""));
}

/* Six times as long in HTML: kept only when the page behind the login can hold it. */
static void what_is_kept_can_be_given_back(void **state)
{
	struct site *site = *state;
	struct reply reply = long_form(site, "\"", 65000, 100);

	assert_status(&reply, 401);
	reply = log_in(site, form_hidden(site, &reply, "_kept"));
	assert_status(&reply, 200);
	assert_str(form_hidden(site, &reply, "v3"), repeated(site, "\"", 65000));
	reply = long_form(site, "\"", 65536, 100);
	assert_status(&reply, 401);
	assert_true(str_absent(form_hidden(site, &reply, "_kept")));
	assert_holds(reply.body, STR("is too long to be kept"));
}

/* More than any form of ours: no crash, and a login page. */
static void any_body_gets_a_login_page(void **state)
{
	struct site *site = *state;
	static const struct {
		const char *piece;
		size_t times, count;
	} bodies[] = {{"!", 16000, 40}, {"\xE7\xAA\x93", 5460, 32}, {"\"", 65000, 15}, {"%22", 21000, 15}};

	for (size_t b = 0; b < COUNT(bodies); b++) {
		struct buf form;

		buf_init(&form, &site->arena, 2u << 20);
		for (size_t i = 0; i < bodies[b].count; i++)
			buf_fmt(&form, "&v%zu=" STR_FMT, i, STR_ARG(repeated(site, bodies[b].piece, bodies[b].times)));
		struct reply reply = ASK(site, .path = "/drafts/1/sections/x", .cookies = "", .token = TOKEN_NONE,
			.form = str_c(&site->arena, buf_view(&form)));

		assert_status(&reply, 401);
		assert_holds(reply.body, STR("is too long to be kept"));
		assert_holds(reply.body, STR("name=\"password\""));
		assert_true(reply.memory < LIMIT_REQUEST_ARENA / 2);
	}
}

/* A login must not carry out what another site has sent: it would be the press of whoever logs in. */
static void no_form_of_another_site_is_kept(void **state)
{
	static const char *const elsewhere[] = {"Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n", "Origin: https://evil.example\r\n",
		"Origin: null\r\n"};
	struct site *site = *state;

	for (size_t i = 0; i < COUNT(elsewhere); i++) {
		struct reply reply = ASK(site, .cookies = "", .path = "/drafts/{drop_draft}/delete", .form = "x=planted", .token = TOKEN_NONE,
			.headers = elsewhere[i]);

		assert_status(&reply, 401);
		assert_true(str_absent(form_hidden(site, &reply, "_kept")));
		assert_false(reply_has(&reply, "planted"));
		assert_holds(reply.body, STR("Please log in to continue."));
		assert_holds(reply.body, STR("name=\"password\""));
	}
	struct reply reply = ASK(site, .cookies = "", .path = "/drafts/{drop_draft}/delete", .form = "x=y", .token = TOKEN_NONE,
		.headers = "Origin: https://portal.example\r\n");

	assert_false(str_absent(form_hidden(site, &reply, "_kept")));
}

static void a_switch_after_a_login_keeps_the_form(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .cookies = ENDED, .path = "/drafts/{drop_draft}/delete", .form = "x=typed", .token = TOKEN_NONE);

	reply = log_in(site, form_hidden(site, &reply, "_kept"));
	assert_status(&reply, 200);
	struct str cookie = reply_header(&reply, "Set-Cookie", 0);

	site_name(site, "fresh", str_sub(cookie, 15, 43));
	struct ask as = {.cookies = "__Host-session={fresh}"};

	reply = form_press(site, &reply, &as, form_language(site, &reply), "&set=ja");
	assert_status(&reply, 200);
	assert_int_equal(reply.writes, 0);
	assert_holds(reply.body, STR("<html lang=\"ja\">"));
	assert_str(form_retry(site, &reply), site_fill(site, "/drafts/{drop_draft}/delete"));
	assert_str(form_hidden(site, &reply, "x"), STR("typed"));
	reply = form_press(site, &reply, &as, form_retry(site, &reply), "");
	assert_status(&reply, 303);
}

/* The second press of two, or one on a page that was open too long: there is nobody left to log out, and the page says so. */
static void logged_out_already(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .who = LEE, .path = "/logout", .form = "");

	assert_status(&reply, 303);
	reply = ASK(site, .who = LEE, .path = "/logout", .form = "");
	assert_status(&reply, 303);
	assert_str(reply_location(&reply), STR("/logout/done"));
	assert_holds(reply.headers, STR("__Host-session=;"));
	site->world->now += site->world->portal.settings.session_idle_ms;
	reply = ASK(site, .who = MAI, .path = "/logout", .form = "");
	assert_status(&reply, 303);
	/* Not for another site, and nobody's cookie is taken away who has sent none. */
	reply = ASK(site, .who = MAI, .path = "/logout", .form = "", .headers = "Sec-Fetch-Site: cross-site\r\n");
	assert_status(&reply, 403);
	reply = ASK(site, .path = "/logout", .form = "", .token = TOKEN_NONE);
	assert_status(&reply, 403);
}

/* The link runs out while its form is filled in: what was typed is shown, without the passwords. */
static void a_link_that_runs_out_gives_back_what_was_typed(void **state)
{
	struct site *site = *state;

	site->world->now += site->world->portal.settings.registration_link_ms;
	struct reply reply = ASK(site, .path = "/register/link/{open}",
		.form = "user_type=foreign_national&password=Kitsune-2026&password_again=Kitsune-2026&name=NGUYEN+THI+LAN&address=%E5%A4%A7%E5%88%86%E7%9C%8C");

	assert_status(&reply, 410);
	assert_holds(reply.body, STR("NGUYEN THI LAN"));
	assert_holds(reply.body, STR("大分県"));
	assert_true(str_find(reply.body, STR("Kitsune")) < 0);
	reply = ASK(site, .path = "/register/link/{open}");
	assert_status(&reply, 410);
	assert_true(str_find(reply.body, STR("<dt")) < 0);
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_SQLITE(four_thousand_letters_outlive_a_session),
		AT_SQLITE(what_is_kept_has_a_ceiling),
		AT_SQLITE(what_is_kept_can_be_given_back),
		AT_SQLITE(any_body_gets_a_login_page),
		AT_SQLITE(no_form_of_another_site_is_kept),
		AT_SQLITE(a_switch_after_a_login_keeps_the_form),
		AT_BOTH(logged_out_already),
		AT_BOTH(a_link_that_runs_out_gives_back_what_was_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

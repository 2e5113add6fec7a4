/* What the steps before a handler do with what they stop: a form is kept over a login, and what comes too often has to wait. */
#include "ways.h"

#include "base/time.h"

#define TYPED "reason=I+study+%26+work%22%3Cb%3E&_shown=reason"

static struct reply ended(struct site *site, const char *path, const char *form)
{
	return ASK(site, .path = path, .form = form,
		.cookies = "__Host-visitor={visitor}; __Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

static struct reply log_in(struct site *site, struct str kept)
{
	site_name(site, "kept", kept);
	return ASK(site, .path = "/login", .form = "login=mai%40example.jp&password=" PASSWORD "&next=/help&_kept={kept}");
}

/* The session ended while a person typed: nothing is lost, and nothing is carried out before she presses again. */
static void a_form_is_kept_over_a_login(void **state)
{
	struct site *site = *state;
	struct reply reply = ended(site, "/drafts/{draft}/sections/stay", TYPED "&password=hidden-word&_csrf=old");

	assert_status(&reply, 401);
	assert_int_equal(reply.writes, 0);
	struct str kept = reply_hidden(&reply, "_kept");

	assert_true(str_find(reply.log, STR("study")) < 0);
	reply = log_in(site, kept);
	assert_status(&reply, 200);
	assert_holds(reply.body, site_fill(site, "action=\"/drafts/{draft}/sections/stay\""));
	assert_holds(reply.body, STR("name=\"reason\" value=\"I study &amp; work&quot;&lt;b&gt;\""));
	assert_true(str_find(reply.body, STR("hidden-word")) < 0);
	assert_true(str_find(reply.body, STR("value=\"old\"")) < 0);
	/* The page is the new session's: its token is good with the new cookie. */
	struct str cookie = reply_header(&reply, "Set-Cookie", 0);

	site_name(site, "fresh", str_sub(cookie, 15, 43));
	site_name(site, "form_token", reply_hidden(&reply, "_csrf"));
	reply = ASK(site, .path = "/drafts/{draft}/sections/stay", .form = TYPED "&_leave=1&_csrf={form_token}", .token = TOKEN_RAW,
		.cookies = "__Host-session={fresh}");
	assert_status(&reply, 303);
}

static void what_is_kept_cannot_be_forged(void **state)
{
	struct site *site = *state;
	struct reply reply = ended(site, "/drafts/{draft}/sections/stay", TYPED);
	struct str kept = reply_hidden(&reply, "_kept");
	const struct str forged[] = {
		str_fmt(&site->arena, "%c" STR_FMT, kept.p[0] == 'A' ? 'B' : 'A', STR_ARG(str_skip(kept, 1))),
		str_fmt(&site->arena, STR_FMT "%c", STR_ARG(str_sub(kept, 0, kept.n - 2)), kept.p[kept.n - 2] == 'A' ? 'B' : 'A'),
		str_sub(kept, 0, kept.n / 2),
		str_fmt(&site->arena, STR_FMT "A", STR_ARG(kept)),
		STR("AAAA"),
		STR("%00"),
		STR("//evil.example"),
	};

	for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
		reply = log_in(site, forged[i]);
		/* A NUL is no form at all; the others are as if nothing had been kept. */
		assert_true(reply.status == 303 || reply.status == 400);
		if (reply.status == 303)
			assert_str(reply_location(&reply), STR("/help"));
	}
	/* After a day it is as if there were nothing. */
	site->world->now += TIME_DAY + 1000;
	reply = log_in(site, kept);
	assert_status(&reply, 303);
}

/* GET of what needs a person: the login leads back there, and only there. */
static void a_page_is_asked_again_after_the_login(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .path = "/applications?q=%E3%81%82%20b&page=2");

	assert_status(&reply, 303);
	assert_str(reply_location(&reply), STR("/login?why=needed&next=%2Fapplications%3Fq%3D%25E3%2581%2582%2520b%26page%3D2"));
	reply = ASK(site, .path = str_c(&site->arena, reply_location(&reply)));
	assert_status(&reply, 200);
	assert_str(reply_hidden(&reply, "next"), STR("/applications?q=%E3%81%82%20b&amp;page=2"));
}

static size_t until_refused(struct site *site, const struct ask *ask, struct reply *last)
{
	for (size_t n = 0;; n++) {
		*last = site_ask(site, ask);
		if (last->status == 429)
			return n;
		assert_true(n < 5000);
	}
}

/* Two addresses may share a place of the table by chance; three do not. */
static bool another_passes(struct site *site, const struct ask *ask)
{
	static const char *const peers[] = {"198.51.100.77", "198.51.100.78", "2001:db8::1"};
	struct ask other = *ask;
	bool passes = false;

	for (size_t i = 0; i < sizeof peers / sizeof *peers && !passes; i++) {
		other.peer = peers[i];
		passes = site_ask(site, &other).status != 429;
	}
	return passes;
}

/* Counted by address, before the store is asked; others are not touched by it. */
static void what_comes_too_often_waits(void **state)
{
	struct site *site = *state;
	static const struct {
		struct ask ask;
		size_t least; /* a lecture hall behind one address passes */
	} counted[] = {
		{{.path = "/register/link/unknown", .peer = "198.51.100.1"}, 300},
		{{.path = "/login", .form = "login=&password=", .peer = "198.51.100.2"}, 300},
		{{.path = "/forgot-id", .form = "email=nothing", .peer = "198.51.100.3"}, 100},
	};

	for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
		struct reply reply;
		size_t passed = until_refused(site, &counted[i].ask, &reply);

		assert_true(passed >= counted[i].least);
		assert_true(reply.queries <= 1); /* the banner of maintenance */
		assert_holds(reply.body, STR("Too many requests"));
		assert_true(another_passes(site, &counted[i].ask));
	}
	struct reply reply = ASK(site, .path = "/help", .peer = "198.51.100.1");

	assert_status(&reply, 200);
}

/* What all pages tell of is read once for all of them; who reads this page sees whether a window is told. */
static bool tells(struct site *site, uint64_t *queries)
{
	struct reply reply = ASK(site, .path = "/help");

	assert_status(&reply, 200);
	*queries = reply.queries;
	return str_find(reply.body, STR("For the new form.")) >= 0;
}

static void maintenance_is_looked_for_now_and_then(void **state)
{
	struct site *site = *state;
	int64_t now = site->world->now;
	struct maintenance window = {
		.announced_at = now - TIME_HOUR,
		.starts_at = now + TIME_HOUR,
		.ends_at = now + 2 * TIME_HOUR,
		.words = {[LANG_JA] = STR("新しい様式のため。"), [LANG_EN] = STR("For the new form.")},
	};
	struct cx *cx = cx_fresh(site->world);
	uint64_t queries;

	cx->actor.kind = ACTOR_OPERATOR;
	site->web.banner.every_ms = TIME_DAY;
	site->web.banner.read_at = 0;
	assert_false(tells(site, &queries));
	assert_int_equal(queries, 1);
	assert_ok(maintenance_set(cx, &window));
	assert_false(tells(site, &queries));
	assert_int_equal(queries, 0);
	site->web.banner.read_at = 0;
	assert_true(tells(site, &queries));
	assert_int_equal(queries, 1);
	/* It is over when it is over, and not when that is noticed. */
	site->world->now = window.ends_at;
	assert_false(tells(site, &queries));
	assert_int_equal(queries, 0);
	site->world->now = now;
	assert_true(tells(site, &queries));
	assert_ok(maintenance_clear(cx));
	site->web.banner.read_at = 0;
	assert_false(tells(site, &queries));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_SQLITE(a_form_is_kept_over_a_login),
		AT_SQLITE(what_is_kept_cannot_be_forged),
		AT_SQLITE(a_page_is_asked_again_after_the_login),
		AT_SQLITE(what_comes_too_often_waits),
		AT_SQLITE(maintenance_is_looked_for_now_and_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

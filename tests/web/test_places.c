/* Where a request may come to and where an answer may lead: S-07, S-08. */
#include "ways.h"

#include "web/exchange.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- hosts ---- */

static const char *const our_hosts[] = {
	"portal.example", "PORTAL.Example", "portal.example:443", "portal.example:8443", "localhost", "localhost:8080", "127.0.0.1:8080", "127.0.0.1",
	"[::1]:8080", "[::1]",
};
static const char *const other_hosts[] = {
	"evil.example", "portal.example.evil.example", "evilportal.example", "portal.exampl", "portal.example.", "www.portal.example", "127.0.0.2", "10.0.0.1",
	"0.0.0.0", "[::]", "[::ffff:127.0.0.1]", "localhost.evil.example", "127.0.0.1.evil.example", "localhost.", "evil.example:443", "portal",
};

static void other_hosts_get_nothing(void **state)
{
	struct site *site = *state;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		if (i == ROUTE_health_show)
			continue;
		struct ask ask = ways[i].ask;

		ask.host = other_hosts[i % COUNT(other_hosts)];
		struct reply reply = site_ask(site, &ask);

		if (reply.status != 421)
			fail_msg("%s at %s: %d", routes[i].name, ask.host, reply.status);
		assert_int_equal(reply.writes, 0);
		assert_int_equal(reply.queries, 0);
		assert_true(str_find(reply.body, str_of(ask.host)) < 0);
		assert_true(str_absent(reply_header(&reply, "Set-Cookie", 0)));
		assert_true(str_absent(reply_location(&reply)));
	}
	for (size_t h = 0; h < COUNT(other_hosts); h++) {
		struct reply reply = ASK(site, .path = "/help", .host = other_hosts[h]);

		assert_status(&reply, 421);
		assert_holds(reply.log, STR("\"status\":421"));
		/* Lines that a proxy of somebody's adds change nothing. */
		reply = ASK(site, .path = "/help", .host = other_hosts[h],
			.headers = "X-Forwarded-Host: portal.example\r\nForwarded: host=portal.example\r\nX-Forwarded-Server: portal.example\r\n");
		assert_status(&reply, 421);
		/* Those who ask whether we live know addresses only. */
		reply = ASK(site, .path = "/healthz", .host = other_hosts[h]);
		assert_status(&reply, 200);
	}
	for (size_t h = 0; h < COUNT(our_hosts); h++) {
		struct reply reply = ASK(site, .path = "/help", .host = our_hosts[h]);

		assert_status(&reply, 200);
	}
	/* Without a name at all, as HTTP/1.0 allows; and in the long form. */
	struct reply reply = site_bytes(site, STR("GET /help HTTP/1.0\r\n\r\n"), "192.0.2.1");

	assert_status(&reply, 421);
	reply = site_bytes(site, STR("GET http://evil.example/help HTTP/1.1\r\nHost: evil.example\r\n\r\n"), "192.0.2.1");
	assert_status(&reply, 421);
	reply = site_bytes(site, STR("GET http://portal.example/help HTTP/1.1\r\nHost: portal.example\r\n\r\n"), "192.0.2.1");
	assert_status(&reply, 200);
}

/* On this machine, without TLS, any name will do: base_url is then http://127.0.0.1. */
static void without_tls_any_host(void **state)
{
	struct site *site = *state;

	site->web.conf.secure = false;
	headers_release(&site->web.headers);
	headers_init(&site->web.headers, &site->web.conf);
	site->world->portal.settings.base_url = STR("http://127.0.0.1:8080");
	struct reply reply = ASK(site, .path = "/help", .host = "counter.local:8080");

	assert_status(&reply, 200);
	assert_true(str_absent(reply_header(&reply, "Strict-Transport-Security", 0)));
	struct str cookie = reply_header(&reply, "Set-Cookie", 0);

	assert_true(str_starts(cookie, STR("visitor=")));
	assert_true(str_find(cookie, STR("Secure")) < 0);
}

/* What is asked under any name: mails lead to base_url and nowhere else. */
static void mails_lead_to_base_url(void **state)
{
	struct site *site = *state;
	struct reply reply = ASK(site, .path = "/register/email", .form = "email=z%40example.jp&email_again=z%40example.jp", .host = "localhost",
		.headers = "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: http\r\n");

	assert_status(&reply, 303);
	assert_str(reply_location(&reply), STR("/register/sent"));
	assert_true(str_find(str_of(db_dump(site->world->db, "SELECT * FROM outbox")), STR("evil")) < 0);
}

/* ---- redirects ---- */

static const char *const elsewhere[] = {
	"//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example",
	"https://evil.example", "http:evil.example", "https:/evil.example", "https:evil.example", "HTTPS://evil.example", "ftp://evil.example",
	"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "evil.example", "www.evil.example", "@evil.example", ":@evil.example",
	".evil.example", "?evil", "#evil", "", " //evil.example", " /help", "\t//evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example",
	"/help\r\nSet-Cookie: a=b", "/help\nLocation: https://evil.example", "/\x01/evil.example", "/\x7f", "/%0d%0aSet-Cookie:x\r", "\x00b\x01",
	"/\xe3\x80\x80", "/\xef\xbc\x8f\xef\xbc\x8fwww.evil.example", "https://portal.example@evil.example/", "https://portal.example.evil.example/",
	"//portal.example@evil.example", "//[::1]/", "//127.1", "//%65vil.example", "/\\\\evil.example/%2e%2e",
};
static const char *const within[] = {
	"/", "/help", "/drafts/1/sections/money?back=confirm", "/applications?q=%E3%81%82&page=2", "/%2f%2fevil.example", "/%5cevil.example", "/help?x=//evil.example",
	"/help?next=https://evil.example", "/a:b", "/@evil.example", "/.//evil.example",
};

static struct str coded(struct site *site, const char *text)
{
	struct buf out;

	buf_init(&out, &site->arena, 4096);
	for (; *text; text++)
		buf_fmt(&out, "%%%02x", (unsigned)(unsigned char)*text);
	return buf_view(&out);
}

/* What a browser makes of it stays here: one '/', and nothing that browsers cut out or take for one. */
static bool is_own(struct str location)
{
	if (location.n == 0 || location.p[0] != '/' || (location.n > 1 && (location.p[1] == '/' || location.p[1] == '\\')))
		return false;
	for (size_t i = 0; i < location.n; i++) {
		unsigned char c = (unsigned char)location.p[i];

		if (c <= ' ' || c >= 0x7f || c == '\\')
			return false;
	}
	return true;
}

static struct str led_to(struct site *site, const char *where, struct str value)
{
	struct reply reply;

	site_name(site, "value", value);
	if (strcmp(where, "language") == 0)
		reply = ASK(site, .path = "/language", .form = "set=en&back={value}");
	else if (strcmp(where, "session") == 0)
		reply = ASK(site, .who = MAI, .path = "/session/extend", .form = "back={value}");
	else
		reply = ASK(site, .path = "/login", .form = "login=mai%40example.jp&password=" PASSWORD "&next={value}");
	if (reply.status == 200 && strcmp(where, "session") == 0)
		return STR("/"); /* the script's own way: no redirect */
	assert_status(&reply, 303);
	assert_true(str_absent(reply_header(&reply, "Location", 1)));
	return reply_location(&reply);
}

static void no_answer_leads_elsewhere(void **state)
{
	static const char *const fields[] = {"language", "session", "login"};
	struct site *site = *state;

	for (size_t f = 0; f < COUNT(fields); f++) {
		for (size_t i = 0; i < COUNT(elsewhere); i++) {
			struct str to = led_to(site, fields[f], coded(site, elsewhere[i]));

			if (!str_eq(to, STR("/")))
				fail_msg("%s %s leads to " STR_FMT, fields[f], elsewhere[i], STR_ARG(to));
			site->world->now += 1000; /* logins are counted */
		}
		for (size_t i = 0; i < COUNT(within); i++) {
			struct str to = led_to(site, fields[f], coded(site, within[i]));

			assert_str(to, str_of(within[i]));
			assert_true(is_own(to));
			site->world->now += 1000;
		}
	}
}

/* The login page carries the place in a field and the list's pages in links. */
static void no_page_carries_elsewhere(void **state)
{
	struct site *site = *state;

	for (size_t i = 0; i < COUNT(elsewhere); i++) {
		struct str value = coded(site, elsewhere[i]);

		site_name(site, "value", value);
		struct reply reply = ASK(site, .path = "/login?why=needed&next={value}");

		if (reply.status == 200)
			assert_holds(reply.body, STR("name=\"next\" value=\"/\""));
		reply = ASK(site, .path = "/login", .form = "login=&password=&next={value}");
		assert_status(&reply, 400);
		assert_holds(reply.body, STR("name=\"next\" value=\"/\""));
		reply = ASK(site, .who = MAI, .path = "/applications?q={value}&from={value}");
		assert_true(str_find(reply.body, STR("href=\"//")) < 0);
		assert_true(str_find(reply.body, STR("href=\"javascript")) < 0);
		/* Through the login and back: what is asked for is a path of ours at every step. */
		reply = ASK(site, .path = "/my-page?x={value}");
		assert_status(&reply, 303);
		assert_true(is_own(reply_location(&reply)));
		reply = ASK(site, .path = "/drafts/1/delete?x={value}", .form = "y={value}");
		assert_status(&reply, 401);
		assert_true(str_find(reply.body, STR("href=\"//evil")) < 0);
	}
}

static void safe_next_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(elsewhere); i++)
		assert_str(safe_next(str_of(elsewhere[i])), STR("/"));
	for (size_t i = 0; i < COUNT(within); i++)
		assert_str(safe_next(str_of(within[i])), str_of(within[i]));
	assert_str(safe_next(STR("/a\0b")), STR("/"));
	assert_str(safe_next((struct str){0}), STR("/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_SQLITE(other_hosts_get_nothing),
		AT_SQLITE(without_tls_any_host),
		AT_SQLITE(mails_lead_to_base_url),
		AT_SQLITE(no_answer_leads_elsewhere),
		AT_SQLITE(no_page_carries_elsewhere),
		cmocka_unit_test(safe_next_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

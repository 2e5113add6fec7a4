/* Every route: one request that is carried out and one that is not; what it costs the store; what every answer has. */
#include "ways.h"

#include "base/time.h"
#include "web/section_seen.h"

static struct reply go(struct site *site, const struct ask *ask)
{
	return site_ask(site, ask);
}

static void expect(struct site *site, size_t route, const struct reply *answer, int status, const char *location)
{
	if (answer->status != status)
		print_error("%s: ", routes[route].name);
	reply_expect(answer, status, __FILE__, __LINE__);
	struct str to = reply_location(answer);

	if (location && !str_starts(to, site_fill(site, location)))
		fail_msg("%s leads to " STR_FMT " instead of %s", routes[route].name, STR_ARG(to), location);
	if (!location && !str_absent(to) && status >= 400)
		fail_msg("%s leads to " STR_FMT, routes[route].name, STR_ARG(to));
}

static void every_route_is_allowed_and_denied(void **state)
{
	struct site *site = *state;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		const struct way *way = &ways[i];

		if (!way->ask.path || !way->denied.path)
			fail_msg("%s has no line in ways.c", routes[i].name);
		struct reply denied = go(site, &way->denied);

		expect(site, i, &denied, way->denied_status, way->denied_location);
		struct reply allowed = go(site, &way->ask);

		expect(site, i, &allowed, way->status, way->location);
		assert_holds(allowed.log, str_fmt(&site->arena, "\"route\":\"%s\"", routes[i].name));
	}
}

/* A page leads to the login and so does a form with a file, which cannot be kept; other forms are kept; scripts are told. */
static int without_session(const struct route *route)
{
	if (route->flags & ROUTE_TUS)
		return 401;
	return route->method == HTTP_POST && !(route->flags & ROUTE_UPLOAD) ? 401 : 303;
}

/* Nobody who is not logged in comes to a route that wants an account, whatever the method. */
static void nobody_without_session(void **state)
{
	struct site *site = *state;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		if (routes[i].access != ACCESS_ACCOUNT)
			continue;
		struct ask ask = ways[i].ask;

		ask.who = NOBODY;
		struct reply answer = go(site, &ask);

		assert_int_equal(answer.status, without_session(&routes[i]));
		assert_int_equal(answer.writes, 0);
		if (routes[i].method == HTTP_GET && !(routes[i].flags & ROUTE_TUS))
			assert_true(str_starts(reply_location(&answer), STR("/login?why=needed&next=")));
		/* A cookie that is no session's is the same as none. */
		ask.cookies = "__Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; __Host-visitor={visitor}";
		answer = go(site, &ask);
		assert_int_equal(answer.status, without_session(&routes[i]));
		assert_int_equal(answer.writes, 0);
	}
}

static void other_methods(void **state)
{
	struct site *site = *state;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		static const char *const names[HTTP_METHOD_COUNT] = {"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"};
		unsigned there = 0;
		struct buf wanted;

		for (size_t j = 0; j < ROUTE_COUNT; j++)
			if (str_eq(routes[i].pattern, routes[j].pattern))
				there |= 1u << routes[j].method | (routes[j].method == HTTP_GET ? 1u << HTTP_HEAD : 0);
		enum http_method other = there & 1u << HTTP_GET ? HTTP_POST : HTTP_GET;

		if (there & 1u << other)
			continue;
		buf_init(&wanted, &site->arena, 100);
		for (int m = 0; m < HTTP_METHOD_COUNT; m++)
			if (there & 1u << m)
				buf_fmt(&wanted, "%s%s", wanted.n ? ", " : "", names[m]);
		struct ask ask = {.path = ways[i].ask.path, .method = names[other], .who = MAI};
		struct reply answer = go(site, &ask);

		assert_status(&answer, 405);
		struct str allow = reply_header(&answer, "Allow", 0);

		if (!str_eq(allow, buf_view(&wanted)))
			fail_msg("%s: Allow: " STR_FMT, routes[i].name, STR_ARG(allow));
		assert_int_equal(answer.writes, 0);
	}
}

/* The same statement texts and the same number for a person with much and one with little (a list of 50, not of 1). */
static void a_page_costs_few_queries(void **state)
{
	struct site *site = *state;
	struct receipt receipt;
	struct issues issues = {0};

	for (int i = 0; i < 12; i++) {
		struct str token;
		int64_t id = site_draft(site, MAI, &token);

		assert_ok(application_submit(&site->world->cx, id, token, &issues, &receipt));
		site_draft(site, MAI, &token);
	}
	size_t over = 0;

	printf("queries a request\n");
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		struct reply answer = go(site, &ways[i].ask);

		expect(site, i, &answer, ways[i].status, ways[i].location);
		printf("  %-22s %2llu of at most %llu\n", routes[i].name, (unsigned long long)answer.queries,
			(unsigned long long)ways[i].queries);
		if (answer.queries <= ways[i].queries)
			continue;
		print_error("%s makes %llu queries\n", routes[i].name, (unsigned long long)answer.queries);
		over++;
	}
	assert_int_equal(over, 0);
}

static void looking_never_writes(void **state)
{
	struct site *site = *state;

	/* Late enough for the session to be noted as used: the note goes to a worker, not into this request. */
	site->world->now += 10 * TIME_MINUTE;
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		static const char *const methods[] = {"GET", "HEAD"};

		if (routes[i].method != HTTP_GET)
			continue;
		for (size_t m = 0; m < 2; m++) {
			for (enum who who = NOBODY; who < WHO_COUNT; who++) {
				struct ask ask = ways[i].ask;

				ask.method = methods[m];
				ask.who = who;
				struct reply answer = go(site, &ask);

				if (answer.writes != 0 || answer.status >= 500)
					fail_msg("%s %s: %llu writes, status %d", methods[m], routes[i].name,
						(unsigned long long)answer.writes, answer.status);
			}
		}
	}
}

static void check_cookies(const char *route, const struct reply *answer)
{
	for (size_t n = 0;; n++) {
		struct str cookie = reply_header(answer, "Set-Cookie", n);

		if (str_absent(cookie))
			return;
		bool ours = str_starts(cookie, STR("__Host-session=")) || str_starts(cookie, STR("__Host-visitor=")) ||
			    str_starts(cookie, STR("language="));

		if (!ours || str_find(cookie, STR("; Path=/")) < 0 || str_find(cookie, STR("; HttpOnly")) < 0 ||
			str_find(cookie, STR("; SameSite=Lax")) < 0 || str_find(cookie, STR("; Secure")) < 0 ||
			str_find(cookie, STR("omain=")) >= 0)
			fail_msg("%s: Set-Cookie: " STR_FMT, route, STR_ARG(cookie));
	}
}

/* ASVS 3.4: on every answer, whatever it is. */
#define FILE_POLICY "default-src 'none'; sandbox; base-uri 'none'; frame-ancestors 'none'"

static void check_headers(const char *route, const struct reply *answer, bool keep)
{
	static const char *const files[] = {"file_get", "application_file", "file_picture", "photo_whole", "application_picture"};
	bool file = false;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		file |= answer->status == 200 && strcmp(route, files[i]) == 0;
	static const struct {
		const char *name, *value;
	} always[] = {
		{"Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
					    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "same-origin"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Strict-Transport-Security", "max-age=31536000; includeSubDomains"},
	};

	for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
		struct str value = reply_header(answer, always[i].name, 0);

		if (!str_eq(value, str_of(file && i == 0 ? FILE_POLICY : always[i].value)) || !str_absent(reply_header(answer, always[i].name, 1)))
			fail_msg("%s %d: %s: " STR_FMT, route, answer->status, always[i].name, STR_ARG(value));
	}
	assert_str(reply_header(answer, "Cache-Control", 0), keep ? STR("public, max-age=31536000, immutable") : file ? STR("private, no-store") : STR("no-store"));
	assert_true(str_absent(reply_header(answer, "Access-Control-Allow-Origin", 0)));
	if (keep)
		assert_true(str_absent(reply_header(answer, "Set-Cookie", 0)));
	if (answer->body.n > 0)
		assert_false(str_absent(reply_header(answer, "Content-Type", 0)));
	check_cookies(route, answer);
}

static void every_answer_has_its_headers(void **state)
{
	struct site *site = *state;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		struct reply denied = go(site, &ways[i].denied);
		struct reply allowed = go(site, &ways[i].ask);

		check_headers(routes[i].name, &denied, false);
		check_headers(routes[i].name, &allowed, i == ROUTE_static_show);
	}
	struct reply answer = site_bytes(site, STR("GET /%zz HTTP/1.1\r\nHost: portal.example\r\n\r\n"), "192.0.2.1");

	assert_status(&answer, 400);
	check_headers("refused", &answer, false);
	answer = ASK(site, .path = "/nowhere");
	check_headers("unknown", &answer, false);
	answer = ASK(site, .path = "/", .host = "evil.example");
	check_headers("other host", &answer, false);
}

/* What differs on each page by chance: the masked form token, and what an open page of a section is called. */
#define CSRF "name=\"_csrf\" value=\""
#define SEEN "name=\"_seen\" value=\""
static struct str without_tokens(struct site *site, struct str body)
{
	struct buf out;

	buf_init(&out, &site->arena, 4u << 20);
	for (;;) {
		ptrdiff_t csrf = str_find(body, STR(CSRF)), seen = str_find(body, STR(SEEN));

		if (csrf < 0 && seen < 0)
			break;
		bool next_is_csrf = csrf >= 0 && (seen < 0 || csrf < seen);
		size_t at = (size_t)(next_is_csrf ? csrf : seen);

		buf_str(&out, str_sub(body, 0, at));
		body = str_skip(body, at + (next_is_csrf ? sizeof CSRF - 1 + 86 : sizeof SEEN - 1 + SEEN_PAGE));
	}
	buf_str(&out, body);
	return buf_view(&out);
}

/* The body of HEAD is made and left out by the server, so that its length is told (http/answer.c). */
static void head_is_get(void **state)
{
	struct site *site = *state;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		struct ask get = ways[i].ask, head = ways[i].ask;

		if (routes[i].method != HTTP_GET || i == ROUTE_upload_state) /* that has a HEAD of its own */
			continue;
		head.method = "HEAD";
		struct reply a = go(site, &get), b = go(site, &head);

		assert_int_equal(a.status, b.status);
		assert_str(b.headers, a.headers);
		if (i != ROUTE_application_pdf)
			assert_str(without_tokens(site, b.body), without_tokens(site, a.body));
		assert_int_equal(a.body.n, b.body.n);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	need_cluster(argv);
	const struct CMUnitTest tests[] = {
		AT_BOTH(every_route_is_allowed_and_denied),
		AT_BOTH(nobody_without_session),
		AT_SQLITE(other_methods),
		AT_BOTH(a_page_costs_few_queries),
		AT_BOTH(looking_never_writes),
		AT_SQLITE(every_answer_has_its_headers),
		AT_SQLITE(head_is_get),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Requests that no browser of ours would send: the right status, in the reader's language, with a line in the log, and nothing has changed. */
#include "ways.h"

#include "base/limits.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void expect(struct site *site, const struct ask *given, int status, const char *what)
{
	static const struct {
		const char *lang, *sign;
	} readers[] = {{"en-GB,en;q=0.9", "<html lang=\"en\">"}, {"ja", "<html lang=\"ja\">"}, {"xx", "<html lang=\"ja\">"}};

	for (size_t r = 0; r < COUNT(readers); r++) {
		struct ask ask = *given;

		ask.lang = readers[r].lang;
		struct reply reply = site_ask(site, &ask);

		if (reply.status != status)
			print_error("%s: ", what);
		assert_status(&reply, status);
		assert_int_equal(reply.writes, 0);
		assert_str(reply_header(&reply, "Content-Type", 0), STR("text/html; charset=utf-8"));
		assert_true(str_absent(reply_header(&reply, "Content-Type", 1)));
		if (str_find(reply.body, str_of(readers[r].sign)) < 0)
			fail_msg("%s for %s: " STR_FMT, what, readers[r].lang, STR_ARG(str_sub(reply.body, 0, 200)));
		assert_holds(reply.log, str_fmt(&site->arena, "\"status\":%d", status));
		/* The number on the page is the number in the log. */
		ptrdiff_t at = str_find(reply.body, STR("<code>"));

		assert_true(at > 0);
		struct str id = str_skip(reply.body, (size_t)at + 6);

		assert_holds(reply.log, str_sub(id, 0, (size_t)str_find_byte(id, '<')));
	}
}

static void broken_forms(void **state)
{
	static const struct {
		const char *what, *form;
		int status;
	} forms[] = {
		{"a broken escape", "login=%zz", 400},
		{"an escape cut off", "login=%4", 400},
		{"an escape that is only its sign", "login=%", 400},
		{"a NUL", "login=a%00b", 400},
		{"a NUL in a name", "lo%00gin=a", 400},
		{"overlong UTF-8", "login=%c0%af", 400},
		{"half a surrogate", "login=%ed%a0%80", 400},
		{"beyond Unicode", "login=%f4%90%80%80", 400},
		{"a lone continuation", "login=%80", 400},
		{"UTF-8 cut off", "login=%e6%9d", 400},
		{"raw bytes that are not UTF-8", "login=\xff\xfe", 400},
		{"a name that is not UTF-8", "%ff=1", 400},
	};
	struct site *site = *state;

	for (size_t i = 0; i < COUNT(forms); i++) {
		expect(site, &(struct ask){.path = "/login", .form = forms[i].form}, forms[i].status, forms[i].what);
		expect(site, &(struct ask){.who = MAI, .path = "/drafts/{draft}/sections/money", .form = forms[i].form}, forms[i].status,
			forms[i].what);
		struct str path = str_fmt(&site->arena, "/login?%s", forms[i].form);

		if (!strchr(forms[i].form, '\xff'))
			expect(site, &(struct ask){.path = str_c(&site->arena, path)}, forms[i].status, forms[i].what);
	}
}

/* `count` pairs "a=1". */
static const char *pairs(struct site *site, size_t count)
{
	struct buf out;

	buf_init(&out, &site->arena, 1u << 20);
	for (size_t i = 0; i < count; i++)
		buf_lit(&out, "a=1&");
	return str_c(&site->arena, buf_view(&out));
}

static const char *long_pair(struct site *site, const char *name, size_t name_bytes, size_t value_bytes)
{
	struct buf out;

	buf_init(&out, &site->arena, 1u << 20);
	buf_fmt(&out, "%s", name);
	for (size_t i = out.n; i < name_bytes; i++)
		buf_lit(&out, "n");
	buf_lit(&out, "=");
	for (size_t i = 0; i < value_bytes; i++)
		buf_lit(&out, "v");
	return str_c(&site->arena, buf_view(&out));
}

/* At the limit and above it; the token is one more pair. */
static void too_much(void **state)
{
	struct site *site = *state;
	const char *section = "/drafts/{draft}/sections/money/saved";
	const struct {
		const char *form;
		bool good;
	} forms[] = {
		{pairs(site, LIMIT_FORM_PARAMS - 1), true},
		{pairs(site, LIMIT_FORM_PARAMS), false},
		{long_pair(site, "x", LIMIT_FORM_NAME, 1), true},
		{long_pair(site, "x", LIMIT_FORM_NAME + 1, 1), false},
		{long_pair(site, "x", 1, LIMIT_FORM_VALUE), true},
		{long_pair(site, "x", 1, LIMIT_FORM_VALUE + 1), false},
	};

	for (size_t i = 0; i < COUNT(forms); i++) {
		if (forms[i].good) {
			struct reply reply = ASK(site, .who = MAI, .path = section, .form = forms[i].form);

			assert_status(&reply, 200);
			reply = ASK(site, .path = "/login", .form = forms[i].form);
			assert_status(&reply, 400);
		} else {
			expect(site, &(struct ask){.who = MAI, .path = section, .form = forms[i].form}, 413, "too much");
			/* Also where requests are counted: it is not their number that is wrong. */
			expect(site, &(struct ask){.path = "/login", .form = forms[i].form}, 413, "too much");
			expect(site, &(struct ask){.path = "/forgot-id", .form = forms[i].form}, 413, "too much");
		}
	}
}

static void cookies(void **state)
{
	struct site *site = *state;
	struct buf many;

	buf_init(&many, &site->arena, 1u << 16);
	for (int i = 0; i < LIMIT_COOKIES; i++)
		buf_fmt(&many, "c%d=1; ", i);
	const struct {
		const char *what, *cookies;
		int status;
	} sent[] = {
		{"two sessions", "__Host-session={session}; __Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 400},
		{"the same session twice", "__Host-session={session}; __Host-session={session}", 400},
		{"two visitors", "__Host-visitor={visitor}; __Host-visitor={visitor}", 400},
		{"a session in quotes", "__Host-session=\"{session}\"", 400},
		{"a blank before the sign", "__Host-session ={session}", 400},
		{"too many", str_c(&site->arena, str_fmt(&site->arena, STR_FMT "x=1", STR_ARG(buf_view(&many)))), 431},
	};

	for (size_t i = 0; i < COUNT(sent); i++)
		expect(site, &(struct ask){.path = "/login", .cookies = sent[i].cookies}, sent[i].status, sent[i].what);
	/* Not ours: left alone. */
	struct reply reply = ASK(site, .who = MAI, .path = "/my-page", .cookies = "session=x; session=y; __Host-session={session}; \"; =; ;;a");

	assert_status(&reply, 200);
	/* Two languages: neither, but no reason to refuse. */
	reply = ASK(site, .path = "/help", .cookies = "language=ja; language=en");
	assert_status(&reply, 200);
	assert_holds(reply.body, STR("<html lang=\"en\">"));
	reply = ASK(site, .path = "/help", .cookies = "language=%3Cscript%3E");
	assert_status(&reply, 200);
	/* Pages that need no person are not the worse for it. */
	reply = ASK(site, .path = "/static/{css}", .cookies = "__Host-session=a; __Host-session=b");
	assert_status(&reply, 200);
	reply = ASK(site, .path = "/healthz", .cookies = "__Host-session=a; __Host-session=b");
	assert_status(&reply, 200);
}

/* Ids and names in paths that are none: there is no such page, and nothing else. */
static void paths(void **state)
{
	static const struct {
		const char *before, *after;
	} places[] = {
		{"/drafts/", ""}, {"/drafts/", "/confirm"}, {"/drafts/", "/sections/money"}, {"/drafts/{draft}/sections/", ""}, {"/applications/", ""},
		{"/applications/", "/receipt"}, {"/applications/", "/copy.pdf"}, {"/notices/", ""}, {"/procedures/", ""}, {"/development/mail/", ""},
	};
	static const char *const values[] = {
		"0", "-1", "+1", "01", "1e3", "0x10", "1.0", "%20{draft}", "{draft}%20", "{draft}x", "9223372036854775807", "9223372036854775808",
		"99999999999999999999999999", "%EF%BC%91", "'%20OR%201=1--", "%22", "%3Cscript%3E", "..%2e", "%25%30%30", "null", "NaN", "[]", "money;x",
		"0{draft}", "+{draft}", "{draft}.0", "0{reference}", "{reference}%EF%BC%91", "00{notice}",
		"*", ":draft", "%E2%80%AE", "con", "{their_draft}.", "a.b.c", "%ED%95%9C",
	};
	struct site *site = *state;

	for (size_t p = 0; p < COUNT(places); p++) {
		for (size_t v = 0; v < COUNT(values); v++) {
			const char *path = str_c(&site->arena, str_fmt(&site->arena, "%s%s%s", places[p].before, values[v], places[p].after));

			expect(site, &(struct ask){.who = MAI, .path = path}, 404, path);
		}
	}
}

/* What the parser refuses before there is a request: in every language. */
static void what_is_no_request(void **state)
{
	static const struct {
		const char *bytes;
		int status;
	} given[] = {
		{"GET /%zz HTTP/1.1\r\nHost: portal.example\r\n\r\n", 400},
		{"GET /a%00b HTTP/1.1\r\nHost: portal.example\r\n\r\n", 400},
		{"GET /%ff HTTP/1.1\r\nHost: portal.example\r\n\r\n", 400},
		{"GET /static/../my-page HTTP/1.1\r\nHost: portal.example\r\n\r\n", 400},
		{"GET /static/%2e%2e/my-page HTTP/1.1\r\nHost: portal.example\r\n\r\n", 400},
		{"GET /drafts%2f1 HTTP/1.1\r\nHost: portal.example\r\n\r\n", 400},
		{"GET //evil.example/ HTTP/1.1\r\nHost: portal.example\r\n\r\n", 400},
		{"GET /my-page\\ HTTP/1.1\r\nHost: portal.example\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: portal.example\r\nHost: evil.example\r\n\r\n", 400},
		{"GET http://evil.example/ HTTP/1.1\r\nHost: portal.example\r\n\r\n", 400},
		{"POST /login HTTP/1.1\r\nHost: portal.example\r\n\r\n", 411},
		{"PUT /drafts/1 HTTP/1.1\r\nHost: portal.example\r\n\r\n", 501},
		{"TRACE / HTTP/1.1\r\nHost: portal.example\r\n\r\n", 501},
		{"GET / HTTP/2.0\r\nHost: portal.example\r\n\r\n", 505},
		{"POST /login HTTP/1.1\r\nHost: portal.example\r\nContent-Length: 1048577\r\n\r\n", 413},
		{"POST /login HTTP/1.1\r\nHost: portal.example\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
	};
	struct site *site = *state;

	for (size_t i = 0; i < COUNT(given); i++) {
		struct reply reply = site_bytes(site, str_of(given[i].bytes), "192.0.2.1");

		if (reply.status != given[i].status)
			fail_msg("%s: %d", given[i].bytes, reply.status);
		assert_holds(reply.body, STR("<span lang=\"ja\">"));
		assert_holds(reply.body, STR("<span lang=\"en\">"));
		assert_holds(reply.log, str_fmt(&site->arena, "\"status\":%d", given[i].status));
		assert_int_equal(reply.writes, 0);
		assert_int_equal(reply.queries, 0);
		assert_true(str_absent(reply_header(&reply, "Set-Cookie", 0)));
	}
}

/* S-14: nothing that was sent becomes a line of a header or of the log. */
static void nothing_sent_becomes_a_line(void **state)
{
	static const char *const values[] = {"%0d%0aSet-Cookie:%20a=b", "%0aevil", "x%0d%0a%0d%0a<script>", "%1b[2J", "%E2%80%A8", "%C2%85x"};
	struct site *site = *state;

	for (size_t i = 0; i < COUNT(values); i++) {
		for (size_t r = 0; r < ROUTE_COUNT; r++) {
			struct ask ask = ways[r].ask;
			struct str extra = str_fmt(&site->arena, "next=%s&back=%s&set=%s&login=%s&token=%s&q=%s&email=%s", values[i], values[i],
				values[i], values[i], values[i], values[i], values[i]);

			if (routes[r].method == HTTP_POST)
				ask.form = str_c(&site->arena, extra);
			else
				ask.path = str_c(&site->arena, str_fmt(&site->arena, "%s%c" STR_FMT, ask.path,
					strchr(ask.path, '?') ? '&' : '?', STR_ARG(extra)));
			struct reply reply = site_ask(site, &ask);
			struct str rest = reply.headers, line;

			assert_true(reply.status < 500);
			while (str_next(&rest, '\n', &line)) {
				assert_true(str_empty(line) || line.p[line.n - 1] == '\r');
				assert_false(str_starts(line, STR("Set-Cookie: a=b")));
				assert_false(str_starts(line, STR("evil")));
			}
			assert_true(str_find(reply.body, STR("<script>")) < 0);
			rest = reply.log;
			while (str_next(&rest, '\n', &line))
				assert_true(str_empty(line) || (line.p[0] == '{' && line.p[line.n - 1] == '}'));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_SQLITE(broken_forms),
		AT_SQLITE(too_much),
		AT_SQLITE(cookies),
		AT_SQLITE(paths),
		AT_SQLITE(what_is_no_request),
		AT_SQLITE(nothing_sent_becomes_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

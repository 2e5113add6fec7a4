#include "site.h"

/*
 * Messages of apps at the router: another type of body, no cookies, no form token, refusals that programs can read. What the messages say is tested in
 * tests/identity.
 */

static const char *const paths[] = {"/m/v1/claim", "/m/v1/submit", "/m/v1/report", "/m/v1/wait"};
#define PATHS (sizeof paths / sizeof *paths)

static struct reply message(struct site *site, const char *path, const char *type, const char *body)
{
	return ASK(site, .who = NOBODY, .method = "POST", .path = path, .type = type, .form = body, .token = TOKEN_RAW);
}

static bool has(struct str text, const char *part)
{
	return str_find(text, str_of(part)) >= 0;
}

static void assert_problem(const struct reply *reply, int status, const char *code)
{
	assert_int_equal(reply->status, status);
	assert_true(has(reply->headers, "Content-Type: application/problem+json\r\n"));
	if (!has(reply->body, code))
		fail_msg("%.*s", STR_ARG(reply->body));
	assert_false(has(reply->headers, "Set-Cookie"));
	assert_true(has(reply->headers, "Cache-Control: no-store"));
}

static void read_as_messages(void **state)
{
	static const char *const types[] = {"application/jose", "application/json", "Application/JOSE; charset=utf-8"};
	struct site *site = *state;

	for (size_t i = 0; i < PATHS; i++)
		for (size_t t = 0; t < 3; t++) {
			struct reply reply = message(site, paths[i], types[t], "x");

			assert_problem(&reply, 400, "\"code\":\"bad_request\"");
		}
}

static void other_types(void **state)
{
	static const char *const types[] = {"application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", ""};
	struct site *site = *state;

	for (size_t i = 0; i < PATHS; i++)
		for (size_t t = 0; t < 4; t++) {
			struct reply reply = message(site, paths[i], types[t], "a.b.c");

			assert_problem(&reply, 415, "\"code\":\"bad_request\"");
		}
}

/* A session's cookie is worth nothing here, and none is given. */
static void without_cookies(void **state)
{
	struct site *site = *state;

	for (size_t i = 0; i < PATHS; i++) {
		struct reply reply = ASK(site, .who = MAI, .method = "POST", .path = paths[i], .type = "application/jose", .form = "a.b.c", .token = TOKEN_RAW);

		assert_problem(&reply, 401, "\"code\":\"bad_proof\"");
		assert_true(has(reply.log, "\"account\":0"));
	}
}

static void switched_off(void **state)
{
	struct site *site = *state;

	site->web.conf.cardlink = NULL;
	for (size_t i = 0; i < PATHS; i++) {
		struct reply reply = message(site, paths[i], "application/jose", "a.b.c");

		assert_problem(&reply, 404, "\"code\":\"not_found\"");
	}
	struct reply keys = ASK(site, .path = "/.well-known/cardlink-jwks.json");

	assert_problem(&keys, 404, "\"code\":\"not_found\"");
}

static void the_keys(void **state)
{
	struct site *site = *state;

	struct reply keys = ASK(site, .path = "/.well-known/cardlink-jwks.json");

	assert_int_equal(keys.status, 200);
	assert_true(has(keys.headers, "Content-Type: application/json\r\n"));
	assert_false(has(keys.headers, "Set-Cookie"));
	assert_true(has(keys.body, "\"crv\":\"P-256\""));
	assert_false(has(keys.body, "\"d\":"));
	assert_int_equal(keys.queries, 0);
}

/* Many from one address: told to wait, in words for programs. */
static void too_many(void **state)
{
	struct site *site = *state;
	struct reply reply = {0};
	int count = 0;

	for (; count < 2000 && reply.status != 429; count++)
		reply = message(site, "/m/v1/wait", "application/jose", "x");
	assert_problem(&reply, 429, "\"code\":\"slow_down\"");
	assert_true(has(reply.headers, "Retry-After: 2\r\n"));
	assert_true(count > 500 && count < 1900);
	struct reply other = ASK(site, .method = "POST", .path = "/m/v1/wait", .type = "application/jose", .form = "x", .token = TOKEN_RAW, .peer = "203.0.113.9");

	assert_int_equal(other.status, 400);
}

static void too_long(void **state)
{
	struct site *site = *state;
	char *body = arena_alloc(&site->arena, CARDLINK_BODY + 2);

	memset(body, 'A', CARDLINK_BODY + 1);
	struct reply reply = message(site, "/m/v1/submit", "application/jose", body);

	assert_problem(&reply, 413, "\"code\":\"too_large\"");
	assert_false(has(reply.log, "AAAA"));
}

static void other_methods(void **state)
{
	struct site *site = *state;

	for (size_t i = 0; i < PATHS; i++) {
		struct reply reply = ASK(site, .path = paths[i]);

		assert_int_equal(reply.status, 405);
		assert_true(has(reply.headers, "Allow: POST\r\n"));
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		AT_SQLITE(read_as_messages), AT_SQLITE(other_types), AT_SQLITE(without_cookies), AT_BOTH(switched_off), AT_BOTH(the_keys), AT_SQLITE(too_many),
		AT_SQLITE(too_long), AT_SQLITE(other_methods),
	};

	(void)argc;
	need_cluster(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

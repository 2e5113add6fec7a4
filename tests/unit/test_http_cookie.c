/* http/cookie: the named one, or a refusal when it is not certain which that is. */
#include "http/http.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static err get(const char *first, const char *second, struct str *out)
{
	const struct http_header headers[] = {
		{STR_INIT("Host"), STR_INIT("sid=host")},
		{STR_INIT("cookie"), str_of(first)},
		{STR_INIT("X-Cookie"), STR_INIT("sid=x")},
		{STR_INIT("Cookie"), str_of(second)},
	};
	struct request req = {.headers = headers, .header_count = second ? 4 : 3};
	return cookie_get(&req, STR("sid"), out);
}

static void test_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"sid=a; sid=b",
		"sid=a; sid=a",
		"sid=; sid=",
		"x=y; sid=a; z; sid=b",
		"sid =a",
		"sid\t=a",
		"sid= a",
		"sid=\"a\"",
		"sid=a b",
		"sid=a,b",
		"sid=a\\b",
		"sid=\xe3\x81\x82",
		"sid=a\x7f",
		"sid=a; sid =b",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct str out = STR("untouched");
		if (get(bad[i], NULL, &out).code != ERR_INVALID)
			fail_msg("%s was taken", bad[i]);
		assert_true(str_eq(out, STR("untouched")));
	}
	struct str out;
	assert_int_equal(get("sid=a", "sid=b", &out).code, ERR_INVALID); /* in two header lines */
}

static void test_found(void **state)
{
	(void)state;
	static const struct {
		const char *first, *second, *value; /* NULL: absent */
	} cases[] = {
		{"sid=a", NULL, "a"},
		{"sid=", NULL, ""},
		{"sid=a=b=", NULL, "a=b="},
		{"x=y;sid=a;z=", NULL, "a"},
		{";; sid=a ;;", NULL, "a"},
		{"x=y", "sid=a", "a"},
		{"\xff\x01=\"; sid=a; =; ==; nothing", NULL, "a"}, /* of others anything */
		{"Sid=a; sid2=b; xsid=c; sid.=d", NULL, NULL},
		{"sid", NULL, NULL},
		{"=sid", NULL, NULL},
		{"", NULL, NULL},
		{";", NULL, NULL},
		{"x=sid=a", NULL, NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct str out = STR("untouched");
		assert_int_equal(get(cases[i].first, cases[i].second, &out).code, OK);
		if (str_absent(out) != (cases[i].value == NULL) ||
			!str_eq(out, str_of(cases[i].value)))
			fail_msg("%s gives " STR_FMT, cases[i].first, STR_ARG(out));
	}
	struct request none = {0};
	struct str out;
	assert_int_equal(cookie_get(&none, STR("sid"), &out).code, OK);
	assert_true(str_absent(out));
}

static void test_limit(void **state)
{
	(void)state;
	char text[(LIMIT_COOKIES + 1) * 4 + 10] = "";
	struct str out;
	for (int i = 0; i < LIMIT_COOKIES - 1; i++)
		memcpy(text + 4 * i, "a=b;", 5);
	memcpy(text + 4 * (LIMIT_COOKIES - 1), "sid=c", 6);
	assert_int_equal(get(text, NULL, &out).code, OK);
	assert_true(str_eq(out, STR("c")));
	memcpy(text + 4 * (LIMIT_COOKIES - 1), "a=b;sid=c", 10);
	assert_int_equal(get(text, NULL, &out).code, ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

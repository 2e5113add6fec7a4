/* http/params: urlencoded pairs, hostile ones first. */
#include "http/http.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

static enum err_code code_of(struct str text)
{
	struct params params = {0};
	enum err_code code = params_read(&arena, text, &params).code;
	if (code != OK)
		assert_null(params.v); /* untouched */
	return code;
}

static void test_refused(void **state)
{
	(void)state;
	static const struct str bad[] = {
		STR_INIT("a=%"),
		STR_INIT("a=%4"),
		STR_INIT("a=%4g"),
		STR_INIT("a=%%41"),
		STR_INIT("a=%u3042"),
		STR_INIT("a=%-1"),
		STR_INIT("%=a"),
		STR_INIT("a=b&c=%zz&d=e"),
		STR_INIT("a=%00"),
		STR_INIT("a%00b=c"),
		STR_INIT("a=b\0c"),
		STR_INIT("a=\xff"),
		STR_INIT("a=%ff"),
		STR_INIT("a=%c0%80"), /* overlong NUL */
		STR_INIT("a=%c0%af"), /* overlong slash */
		STR_INIT("a=%e0%80%af"),
		STR_INIT("a=%f0%80%80%af"),
		STR_INIT("a=%ed%a0%80"), /* surrogates */
		STR_INIT("a=%ed%b0%80"),
		STR_INIT("a=%f4%90%80%80"), /* beyond Unicode */
		STR_INIT("a=%e3%81"),       /* cut off */
		STR_INIT("a=%e3%81&b=%82"), /* no character over two values */
		STR_INIT("%e3%81=a"),
		STR_INIT("a=%82%e3%81"),
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (code_of(bad[i]) != ERR_INVALID)
			fail_msg("%s was taken", bad[i].p);
	}
}

static struct str repeated(const char *piece, size_t times)
{
	size_t n = strlen(piece);
	char *p = arena_alloc(&arena, n * times);
	for (size_t i = 0; i < times; i++)
		memcpy(p + i * n, piece, n);
	return str_make(p, n * times);
}

static struct str pair_of(size_t name, const char *value, size_t times)
{
	struct str parts[] = {repeated("n", name), STR("="), repeated(value, times)};
	return str_join(&arena, parts, 3, STR(""));
}

static void test_limits(void **state)
{
	(void)state;
	assert_int_equal(code_of(repeated("a&", LIMIT_FORM_PARAMS - 1)), OK);
	assert_int_equal(code_of(repeated("a&", LIMIT_FORM_PARAMS)), OK);
	assert_int_equal(code_of(repeated("a&", LIMIT_FORM_PARAMS + 1)), ERR_LIMIT);
	assert_int_equal(code_of(repeated("a=b&", 100000)), ERR_LIMIT);
	assert_int_equal(code_of(repeated("&", 100000)), OK); /* no pairs at all */
	assert_int_equal(code_of(pair_of(LIMIT_FORM_NAME, "v", 1)), OK);
	assert_int_equal(code_of(pair_of(LIMIT_FORM_NAME + 1, "v", 1)), ERR_LIMIT);
	/* Bytes as they are after decoding. */
	assert_int_equal(code_of(pair_of(1, "%41", LIMIT_FORM_VALUE - 1)), OK);
	assert_int_equal(code_of(pair_of(1, "%41", LIMIT_FORM_VALUE)), OK);
	assert_int_equal(code_of(pair_of(1, "%41", LIMIT_FORM_VALUE + 1)), ERR_LIMIT);
}

static enum err_code code_of_but(struct str text, const char *name, size_t most)
{
	struct params params;
	return params_read_but(&arena, text, str_of(name), most, &params).code;
}

/* What we sealed ourselves may be longer, and nothing else of the same form. */
static void test_one_long(void **state)
{
	size_t most = LIMIT_FORM_VALUE * 3;
	(void)state;
	assert_int_equal(code_of_but(pair_of(1, "v", most), "n", most), OK);
	assert_int_equal(code_of_but(pair_of(1, "v", most + 1), "n", most), ERR_LIMIT);
	assert_int_equal(code_of_but(pair_of(1, "v", LIMIT_FORM_VALUE), "m", most), OK);
	assert_int_equal(code_of_but(pair_of(1, "v", LIMIT_FORM_VALUE + 1), "m", most), ERR_LIMIT);
	assert_int_equal(code_of_but(pair_of(2, "v", LIMIT_FORM_VALUE + 1), "n", most), ERR_LIMIT);
}

/* Of what was refused as much as can be shown. */
static void test_readable(void **state)
{
	struct str cut = STR("?");
	(void)state;
	struct params params = params_readable(&arena, STR("a=1&b=%zz&=&&c=%ff&d=%E7%AA%93"), &cut);
	assert_true(str_absent(cut));
	assert_int_equal(params.n, 3);
	assert_true(str_eq(params.v[0].value, STR("1")));
	assert_true(str_eq(params.v[2].value, STR("\xe7\xaa\x93")));
	/* At the ceiling, and above it, where no character is cut in two. */
	params = params_readable(&arena, pair_of(1, "v", LIMIT_FORM_VALUE), &cut);
	assert_true(str_absent(cut));
	assert_int_equal(params.v[0].value.n, LIMIT_FORM_VALUE);
	params = params_readable(&arena, pair_of(1, "\xe7\xaa\x93", LIMIT_FORM_VALUE), &cut);
	assert_true(str_eq(cut, STR("n")));
	assert_int_equal(params.v[0].value.n, LIMIT_FORM_VALUE / 3 * 3);
	params = params_readable(&arena, repeated("a&", LIMIT_FORM_PARAMS + 1), &cut);
	assert_true(str_absent(cut));
	assert_int_equal(params.n, LIMIT_FORM_PARAMS);
}

static void check(const char *text, size_t n, const struct param *want)
{
	struct params params;
	assert_int_equal(params_read(&arena, str_of(text), &params).code, OK);
	assert_int_equal(params.n, n);
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(params.v[i].name, want[i].name) ||
			!str_eq(params.v[i].value, want[i].value))
			fail_msg("%s: %zu is " STR_FMT "=" STR_FMT, text, i,
				STR_ARG(params.v[i].name), STR_ARG(params.v[i].value));
	}
}

#define PAIR(n, v)                       \
	{                                \
		STR_INIT(n), STR_INIT(v) \
	}

static void test_read(void **state)
{
	(void)state;
	check("", 0, NULL);
	check("a", 1, (const struct param[]){PAIR("a", "")});
	check("a=", 1, (const struct param[]){PAIR("a", "")});
	check("=a", 1, (const struct param[]){PAIR("", "a")});
	check("=", 1, (const struct param[]){PAIR("", "")});
	check("&&a=b&&", 1, (const struct param[]){PAIR("a", "b")});
	check("a=b=c;d=e", 1, (const struct param[]){PAIR("a", "b=c;d=e")});
	check("a+b=%2B+%26%3D%25", 1, (const struct param[]){PAIR("a b", "+ &=%")});
	check("a=%2541", 1, (const struct param[]){PAIR("a", "%41")}); /* once */
	check("a=%0D%0A%09", 1, (const struct param[]){PAIR("a", "\r\n\t")});
	check("%E6%B0%8F=%e7%AA%93\xe5\x8f\xa3", 1,
		(const struct param[]){PAIR("\xe6\xb0\x8f", "\xe7\xaa\x93\xe5\x8f\xa3")});
	check("a=%F4%8F%BF%BF", 1, (const struct param[]){PAIR("a", "\xf4\x8f\xbf\xbf")});
	check("b=1&a=2&b=3", 3,
		(const struct param[]){PAIR("b", "1"), PAIR("a", "2"), PAIR("b", "3")});
}

static void test_get(void **state)
{
	(void)state;
	struct params params;
	assert_int_equal(params_read(&arena, STR("b=1&a=&b=3&B=4"), &params).code, OK);
	assert_true(str_eq(params_get(&params, STR("b")), STR("1"))); /* the first */
	assert_int_equal(params_count(&params, STR("b")), 2);
	assert_int_equal(params_count(&params, STR("B")), 1);
	assert_false(str_absent(params_get(&params, STR("a"))));
	assert_true(str_empty(params_get(&params, STR("a"))));
	assert_true(str_absent(params_get(&params, STR("c"))));
	assert_int_equal(params_count(&params, STR("c")), 0);
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_one_long),
		cmocka_unit_test(test_readable),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_get),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

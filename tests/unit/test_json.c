/* json: what two programs could read differently is refused; what is read is what was written. */
#include "json/json.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct arena arena;

static const struct json *tree(struct str text)
{
	const struct json *out = NULL;
	err e = json_read(&arena, text, NULL, &out);
	if (failed(e))
		fail_msg("%s: " STR_FMT, err_detail(), STR_ARG(text));
	return out;
}

static void refused(struct str text, enum err_code code)
{
	static const struct json kept;
	const struct json *out = &kept;
	err e = json_read(&arena, text, NULL, &out);
	if (e.code != code)
		fail_msg("%s, not %s: " STR_FMT, err_name(e.code), err_name(code), STR_ARG(text));
	assert_ptr_equal(out, &kept);
}

static void test_refuses(void **state)
{
	(void)state;
	static const struct str bad[] = {
		/* Nothing, or not one value, or no map and no list. */
		STR_INIT(""),
		STR_INIT(" "),
		STR_INIT("{}{}"),
		STR_INIT("{} x"),
		STR_INIT("{},"),
		STR_INIT("{}\0"),
		STR_INIT("\0{}"),
		STR_INIT("{\0}"),
		STR_INIT("\xEF\xBB\xBF{}"),
		STR_INIT("1"),
		STR_INIT("\"a\""),
		STR_INIT("null"),
		STR_INIT("true"),
		/* Broken. */
		STR_INIT("{"),
		STR_INIT("}"),
		STR_INIT("["),
		STR_INIT("[1,]"),
		STR_INIT("[,1]"),
		STR_INIT("[1 2]"),
		STR_INIT("{\"a\"}"),
		STR_INIT("{\"a\":}"),
		STR_INIT("{\"a\":1,}"),
		STR_INIT("{a:1}"),
		STR_INIT("{'a':1}"),
		STR_INIT("{1:1}"),
		STR_INIT("[nul]"),
		STR_INIT("[True]"),
		STR_INIT("[NaN]"),
		STR_INIT("[Infinity]"),
		STR_INIT("[1]//"),
		STR_INIT("[/**/1]"),
		STR_INIT("[\"a]"),
		STR_INIT("[\"\\\"]"),
		/* The same member twice, also when it is written in two ways. */
		STR_INIT("{\"a\":1,\"a\":1}"),
		STR_INIT("{\"a\":1,\"b\":2,\"a\":3}"),
		STR_INIT("{\"a\":1,\"\\u0061\":2}"),
		STR_INIT("[{\"a\":{\"b\":1,\"b\":2}}]"),
		STR_INIT("{\"\":1,\"\":2}"),
		/* Numbers. */
		STR_INIT("[1.0]"),
		STR_INIT("[1.5]"),
		STR_INIT("[1e3]"),
		STR_INIT("[1E3]"),
		STR_INIT("[-0.0]"),
		STR_INIT("[01]"),
		STR_INIT("[-]"),
		STR_INIT("[+1]"),
		STR_INIT("[.5]"),
		STR_INIT("[0x10]"),
		STR_INIT("[9223372036854775808]"),
		STR_INIT("[-9223372036854775809]"),
		STR_INIT("[1e400]"),
		STR_INIT("{\"a\":[{\"b\":0.1}]}"),
		/* Text that is none. */
		STR_INIT("[\"\\u0000\"]"),
		STR_INIT("{\"a\\u0000b\":1}"),
		STR_INIT("[\"\0\"]"),
		STR_INIT("[\"a\nb\"]"),
		STR_INIT("[\"\x1f\"]"),
		STR_INIT("[\"\\x41\"]"),
		STR_INIT("[\"\\u12\"]"),
		STR_INIT("[\"\\ud800\"]"),
		STR_INIT("[\"\\udc00\"]"),
		STR_INIT("[\"\\ud800\\ud800\"]"),
		STR_INIT("[\"\\udc00\\ud800\"]"),
		STR_INIT("[\"\x80\"]"),
		STR_INIT("[\"\xC3\"]"),
		STR_INIT("[\"\xC0\xAF\"]"),
		STR_INIT("[\"\xE0\x80\xAF\"]"),
		STR_INIT("[\"\xED\xA0\x80\"]"),
		STR_INIT("[\"\xF4\x90\x80\x80\"]"),
		STR_INIT("[\"\xF8\x88\x80\x80\x80\"]"),
		STR_INIT("[\"\xFF\"]"),
	};
	for (size_t i = 0; i < COUNT(bad); i++)
		refused(bad[i], ERR_INVALID);
}

static void test_reads(void **state)
{
	(void)state;
	const struct json *map = tree(STR(" {\"s\":\"\\u7a93\xe5\x8f\xa3\\ud83d\\ude00\\\"\\/\", "
					  "\"n\":-9223372036854775808, \"m\":9223372036854775807,\n"
					  "\"t\":true,\"f\":false,\"z\":null,\"l\":[1,[],{}],"
					  "\"\":{\"a\":\"\"}} \t\r\n"));
	struct str text;
	int64_t number;
	bool truth;
	const struct json *inner;
	assert_int_equal(map->kind, JSON_KIND_MAP);
	assert_int_equal(map->items.n, 8);
	assert_true(str_eq(map->items.v[0].name, STR("s")));
	assert_true(str_eq(map->items.v[7].name, STR("")));
	assert_int_equal(json_str(map, STR("s"), &text).code, OK);
	assert_true(str_eq(text, STR("\xe7\xaa\x93\xe5\x8f\xa3\xf0\x9f\x98\x80\"/")));
	assert_int_equal(json_int(map, STR("n"), &number).code, OK);
	assert_true(number == INT64_MIN);
	assert_int_equal(json_int(map, STR("m"), &number).code, OK);
	assert_true(number == INT64_MAX);
	assert_int_equal(json_bool(map, STR("t"), &truth).code, OK);
	assert_true(truth);
	assert_int_equal(json_bool(map, STR("f"), &truth).code, OK);
	assert_false(truth);
	assert_int_equal(json_get(map, STR("z"))->kind, JSON_KIND_NULL);
	assert_int_equal(json_list(map, STR("l"), &inner).code, OK);
	assert_int_equal(inner->items.n, 3);
	assert_int_equal(inner->items.v[0].number, 1);
	assert_true(str_absent(inner->items.v[0].name));
	assert_int_equal(inner->items.v[2].kind, JSON_KIND_MAP);
	assert_int_equal(json_map(map, STR(""), &inner).code, OK);
	assert_int_equal(json_str(inner, STR("a"), &text).code, OK);
	assert_int_equal(text.n, 0);
	assert_false(str_absent(text));
}

/* A tree does not point into the text it was read from. */
static void test_owns(void **state)
{
	(void)state;
	char text[] = "{\"name\":\"value\"}";
	const struct json *map = tree(str_of(text));
	memset(text, 'x', sizeof text);
	struct str value;
	assert_int_equal(json_str(map, STR("name"), &value).code, OK);
	assert_true(str_eq(value, STR("value")));
}

static void test_other_kinds(void **state)
{
	(void)state;
	const struct json *map = tree(STR("{\"s\":\"1\",\"n\":1,\"t\":true,\"z\":null,\"l\":[],"
					  "\"m\":{}}"));
	struct str text = STR("kept");
	int64_t number = 7;
	bool truth = true;
	const struct json *inner = map;
	static const char *const names[] = {"s", "n", "t", "z", "l", "m"};
	for (size_t i = 0; i < COUNT(names); i++) {
		struct str name = str_of(names[i]);
		enum err_code other = ERR_INVALID;
		assert_int_equal(json_str(map, name, &text).code, i == 0 ? OK : other);
		assert_int_equal(json_int(map, name, &number).code, i == 1 ? OK : other);
		assert_int_equal(json_bool(map, name, &truth).code, i == 2 ? OK : other);
		assert_int_equal(json_list(map, name, &inner).code, i == 4 ? OK : other);
		assert_int_equal(json_map(map, name, &inner).code, i == 5 ? OK : other);
	}
	assert_int_equal(json_str(map, STR("x"), &text).code, ERR_NOT_FOUND);
	assert_int_equal(json_str(NULL, STR("x"), &text).code, ERR_NOT_FOUND);
	assert_int_equal(json_str(json_get(map, STR("s")), STR("x"), &text).code, ERR_NOT_FOUND);
	assert_null(json_get(json_get(map, STR("l")), STR("")));
}

static void test_only(void **state)
{
	(void)state;
	static const struct str names[] = {STR_INIT("a"), STR_INIT("b")};
	assert_int_equal(json_only(tree(STR("{}")), names, 2).code, OK);
	assert_int_equal(json_only(tree(STR("{\"b\":1}")), names, 2).code, OK);
	assert_int_equal(json_only(tree(STR("{\"b\":1,\"a\":{\"c\":1}}")), names, 2).code, OK);
	assert_int_equal(json_only(tree(STR("{\"b\":1}")), names, 1).code, ERR_INVALID);
	assert_int_equal(json_only(tree(STR("{\"A\":1}")), names, 2).code, ERR_INVALID);
	assert_int_equal(json_only(tree(STR("{\"a\":1}")), NULL, 0).code, ERR_INVALID);
	assert_int_equal(json_only(tree(STR("[]")), names, 2).code, ERR_INVALID);
	assert_int_equal(json_only(NULL, names, 2).code, ERR_INVALID);
}

/* n lists inside each other. */
static struct str nested(size_t n, char open, char close)
{
	char *p = arena_alloc(&arena, 2 * n);
	memset(p, open, n);
	memset(p + n, close, n);
	return str_make(p, 2 * n);
}

static void test_depth(void **state)
{
	(void)state;
	(void)tree(nested(LIMIT_JSON_DEPTH - 1, '[', ']'));
	(void)tree(nested(LIMIT_JSON_DEPTH, '[', ']'));
	refused(nested(LIMIT_JSON_DEPTH + 1, '[', ']'), ERR_LIMIT);
	refused(nested(LIMIT_JSON / 2, '[', ']'), ERR_LIMIT);
	refused(STR("[[[[[[{"), ERR_LIMIT);
	/* Brackets in texts and beside each other do not count. */
	(void)tree(STR("[[[[[\"[[[{{{\\\"[[\\\\\",[],[]],{\"[[[[[[[\":[]}]]]]"));
	refused(STR("[[[[[[\"\\\\\",[]]]]]]]"), ERR_LIMIT);
	/* Closing what is not open must not make room. */
	refused(STR("]]]]]]]][[[[[[[]]]]]]]"), ERR_LIMIT);
	const struct json *out;
	struct json_limits limits = {100, 1};
	assert_int_equal(json_read(&arena, STR("{\"a\":1}"), &limits, &out).code, OK);
	assert_int_equal(json_read(&arena, STR("{\"a\":{}}"), &limits, &out).code, ERR_LIMIT);
}

static void test_size(void **state)
{
	(void)state;
	for (size_t n = LIMIT_JSON - 1; n <= LIMIT_JSON + 1; n++) {
		char *p = arena_alloc(&arena, n);
		memset(p, ' ', n);
		p[0] = '[';
		p[n - 1] = ']';
		if (n <= LIMIT_JSON)
			(void)tree(str_make(p, n));
		else
			refused(str_make(p, n), ERR_LIMIT);
	}
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 4u << 20);
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
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_owns),
		cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_only),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_size),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

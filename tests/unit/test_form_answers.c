/* Stored answers: what is refused first, then ten thousand random sets there and back. */
#include "form_fixture.h"

static struct arena arena;

static int fresh(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_STARTUP_ARENA);
	return 0;
}

static int done(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void test_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", " ", "[]", "null", "\"a\"", "{", "{}x", "{\"a\":1}", "{\"a\":null}", "{\"a\":true}", "{\"a\":[]}", "{\"a\":{}}",
		"{\"a\":\"\"}", "{\"a\":\"b\",}", "{'a':'b'}", "{\"a\":\"b\",\"a\":\"c\"}", "{\"\":\"b\"}", "{\"A\":\"b\"}", "{\"a b\":\"c\"}",
		"{\"a/b\":\"c\"}", "{\"\\u0000\":\"b\"}", "{\"a\":\"\xFF\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"b\"} {}", "{\"a\":\"\x01\"}",
		"{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\\udc00\"}",
		"{\"a\":\"b\\", "{\"a\":\"b\\\"", "{\"a\" \"b\"}", "{\"a\":\"b\" \"c\":\"d\"}", "{,}", "{\"a\":\"b\"", "{\"a\"",
		"\xEF\xBB\xBF{}",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct answers answers = {0};
		err e = answers_read(&arena, str_of(bad[i]), &answers);
		if (e.code != ERR_INVALID)
			print_error("%s: %s\n", bad[i], err_name(e.code));
		assert_int_equal(e.code, ERR_INVALID);
		assert_null(answers.arena); /* untouched */
	}
	struct buf deep;
	buf_init(&deep, &arena, LIMIT_ANSWERS);
	for (size_t i = 0; i < LIMIT_ANSWERS; i++)
		buf_byte(&deep, '[');
	struct answers answers;
	assert_int_equal(answers_read(&arena, buf_view(&deep), &answers).code, ERR_INVALID);
}

/* What another writer may write the same answers as. */
static void test_other_forms(void **state)
{
	(void)state;
	struct answers answers;
	assert_int_equal(answers_read(&arena, STR(" {\t\"b\" : \"\\u00e9\\uD83D\\ude00\\/\\b\\f\\n\\r\\t\\\"\\\\\" ,\n\"a\":\"漢\\u0000\" }\r\n"), &answers).code, OK);
	assert_int_equal(answers.map.n, 2);
	expect_str(answers_get(&answers, STR("b")), "\xC3\xA9\xF0\x9F\x98\x80/\b\f\n\r\t\"\\", "escapes");
	assert_true(str_eq(answers_get(&answers, STR("a")), STR("漢\0")));
	assert_int_equal(answers_read(&arena, STR("{ }"), &answers).code, OK);
	assert_int_equal(answers.map.n, 0);
}

/* {"a":"xxx…"} of exactly so many bytes. */
static struct str sized(size_t bytes)
{
	struct buf json;
	buf_init(&json, &arena, bytes);
	buf_c(&json, "{\"a\":\"");
	while (json.n < bytes - 2)
		buf_byte(&json, 'x');
	buf_c(&json, "\"}");
	return buf_view(&json);
}

static void test_size(void **state)
{
	(void)state;
	struct answers answers;
	assert_int_equal(answers_read(&arena, sized(LIMIT_ANSWERS), &answers).code, OK);
	assert_int_equal(answers_get(&answers, STR("a")).n, LIMIT_ANSWERS - 8);
	assert_int_equal(answers_read(&arena, sized(LIMIT_ANSWERS + 1), &answers).code, ERR_LIMIT);
}

static struct str path_of_length(size_t n)
{
	char *path = arena_alloc(&arena, n);
	memset(path, 'p', n);
	return str_fmt(&arena, "{\"" STR_FMT "\":\"x\"}", STR_ARG(str_make(path, n)));
}

static void test_path_length(void **state)
{
	(void)state;
	struct answers answers;
	assert_int_equal(answers_read(&arena, path_of_length(LIMIT_FORM_NAME), &answers).code, OK);
	assert_int_equal(answers_read(&arena, path_of_length(LIMIT_FORM_NAME + 1), &answers).code, ERR_INVALID);
}

static void test_canonical(void **state)
{
	(void)state;
	struct answers answers;
	answers_init(&answers, &arena);
	expect_str(answers_write(&arena, &answers), "{}", "none");
	answers_set(&answers, STR("b"), STR("2\n\"\\</script>\x7F"));
	answers_set(&answers, STR("a.10.x"), STR("1"));
	answers_set(&answers, STR("a.1.x"), STR("漢字"));
	answers_set(&answers, STR("gone"), STR("x"));
	answers_set(&answers, STR("gone"), STR(""));
	answers_set(&answers, STR("never"), STR(""));
	expect_str(answers_write(&arena, &answers),
		"{\"a.1.x\":\"漢字\",\"a.10.x\":\"1\",\"b\":\"2\\n\\\"\\\\\\u003c/script\\u003e\\u007f\"}", "sorted, escaped");
	assert_int_equal(answers.map.n, 4);
	assert_true(str_empty(answers_at(&answers, 3)->value));
	assert_null(answers_at(&answers, 4));
	char value[] = "copied";
	answers_set(&answers, STR("c"), str_make(value, 6));
	memset(value, 'x', 6);
	expect_str(answers_get(&answers, STR("c")), "copied", "values are copied");
}

/* A generator of its own, so that the same sets come on every machine: xorshift64*. */
static uint64_t seed = UINT64_C(20261123);

static uint64_t draw(uint64_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (seed * UINT64_C(2685821657736338717) >> 33) % below;
}

static struct str random_value(struct arena *scratch)
{
	static const uint32_t edges[] = {0, 1, 9, 10, 13, 0x1F, ' ', '"', '\\', '/', '<', '&', 0x7F, 0x80, 0xA0, 0x7FF, 0x800, 0x2028, 0x3042, 0x4E00,
					 0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF};
	struct buf out;
	size_t points = 1 + draw(20);
	buf_init(&out, scratch, 4096);
	for (size_t i = 0; i < points; i++) {
		char bytes[4];
		uint32_t point = draw(3) ? edges[draw(sizeof edges / sizeof *edges)] : (uint32_t)draw(0xD800);
		buf_bytes(&out, bytes, utf8_encode(point, bytes));
	}
	return buf_view(&out);
}

static struct str random_path(struct arena *scratch)
{
	static const char letters[] = "abcxyz019_.";
	char *path = arena_alloc(scratch, 8);
	size_t n = 1 + draw(8);
	for (size_t i = 0; i < n; i++)
		path[i] = letters[draw(sizeof letters - 1)];
	return str_make(path, n);
}

static void test_there_and_back(void **state)
{
	(void)state;
	struct arena scratch;
	arena_init(&scratch, LIMIT_REQUEST_ARENA);
	for (size_t set = 0; set < 10000; set++) {
		struct answers answers, read;
		arena_reset(&scratch);
		answers_init(&answers, &scratch);
		for (size_t i = draw(24); i > 0; i--)
			answers_set(&answers, random_path(&scratch), random_value(&scratch));
		struct str written = answers_write(&scratch, &answers);
		assert_int_equal(answers_read(&scratch, written, &read).code, OK);
		assert_int_equal(read.map.n, answers.map.n);
		for (size_t i = 0; i < answers.map.n; i++) {
			const struct answer *one = answers_at(&answers, i);
			assert_true(str_eq(answers_get(&read, one->path), one->value));
		}
		assert_true(str_eq(answers_write(&scratch, &read), written));
	}
	arena_release(&scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_refused, fresh, done),
		cmocka_unit_test_setup_teardown(test_other_forms, fresh, done),
		cmocka_unit_test_setup_teardown(test_size, fresh, done),
		cmocka_unit_test_setup_teardown(test_path_length, fresh, done),
		cmocka_unit_test_setup_teardown(test_canonical, fresh, done),
		cmocka_unit_test(test_there_and_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

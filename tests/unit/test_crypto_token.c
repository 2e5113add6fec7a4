/* crypto/token: what did not come from us is refused; a mask never repeats. */
#include "crypto/token.h"

#include "base/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

static void test_new(void **state)
{
	(void)state;
	struct str a = token_new(&arena), b = token_new(&arena), bytes;
	assert_int_equal(a.n, TOKEN_CHARS);
	assert_false(str_eq(a, b));
	assert_int_equal(base64url_read(&arena, a, &bytes).code, OK);
	assert_int_equal(bytes.n, TOKEN_BYTES);
}

static void test_digest(void **state)
{
	(void)state;
	assert_true(str_eq(token_digest(&arena, STR("abc")),
		STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")));
	assert_int_equal(token_digest(&arena, (struct str){0}).n, 64);
	struct str token = token_new(&arena);
	assert_int_equal(str_find(token_digest(&arena, token), token), -1);
}

static void test_mask(void **state)
{
	(void)state;
	struct str token = token_new(&arena), other = token_new(&arena), before = {0};
	for (int i = 0; i < 50; i++) {
		struct str masked, back;
		assert_int_equal(token_mask(&arena, token, &masked).code, OK);
		assert_int_equal(masked.n, TOKEN_MASKED_CHARS);
		assert_false(str_eq(masked, before));
		assert_int_equal(str_find(masked, token), -1);
		assert_int_equal(token_unmask(&arena, masked, &back).code, OK);
		assert_true(str_eq(back, token));
		assert_true(token_masked_is(&arena, masked, token));
		assert_false(token_masked_is(&arena, masked, other));
		before = masked;
	}
}

static void test_refuses(void **state)
{
	(void)state;
	struct str token = token_new(&arena), masked, out = STR("kept");
	assert_int_equal(token_mask(&arena, token, &masked).code, OK);
	static const char *const bad[] = {"", "x", "null", "undefined", "=", "AAAA"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(token_unmask(&arena, str_of(bad[i]), &out).code, ERR_INVALID);
		assert_int_equal(token_mask(&arena, str_of(bad[i]), &out).code, ERR_INVALID);
		assert_false(token_masked_is(&arena, str_of(bad[i]), token));
		assert_false(token_masked_is(&arena, masked, str_of(bad[i])));
		assert_false(token_masked_is(&arena, str_of(bad[i]), str_of(bad[i])));
	}
	/* The token itself, not masked, is not what a page sends back. */
	assert_false(token_masked_is(&arena, token, token));
	assert_int_equal(
		token_unmask(&arena, str_sub(masked, 0, masked.n - 1), &out).code, ERR_INVALID);
	assert_int_equal(
		token_unmask(&arena, str_fmt(&arena, STR_FMT "A", STR_ARG(masked)), &out).code,
		ERR_INVALID);
	/* Each place of it changed: never this token again. */
	for (size_t at = 0; at < masked.n; at++) {
		struct str copy = str_dup(&arena, masked);
		char *p = arena_alloc(&arena, copy.n);
		memcpy(p, copy.p, copy.n);
		p[at] = p[at] == 'A' ? 'B' : 'A';
		assert_false(token_masked_is(&arena, str_make(p, copy.n), token));
		p[at] = '=';
		assert_int_equal(token_unmask(&arena, str_make(p, copy.n), &out).code, ERR_INVALID);
	}
	assert_true(str_eq(out, STR("kept")));
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 1u << 20);
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
		cmocka_unit_test(test_mask),
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_digest),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* crypto/seal: changed in each bit, cut at each length, moved to another purpose, opened with
 * another key. */
#include "crypto/seal.h"

#include "base/encode.h"
#include "crypto/init.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;
static struct seal_key key;
static const struct str purpose = STR_INIT("draft 17");

static void refused(const struct seal_key *with, struct str what_for, struct str sealed)
{
	struct str plain = STR("kept");
	assert_int_equal(unseal(&arena, with, what_for, sealed, &plain).code, ERR_INVALID);
	assert_true(str_eq(plain, STR("kept")));
}

static void test_each_bit(void **state)
{
	(void)state;
	struct str sealed = seal(&arena, &key, purpose, STR("answers"));
	char *p = arena_alloc(&arena, sealed.n);
	memcpy(p, sealed.p, sealed.n);
	for (size_t bit = 0; bit < sealed.n * 8; bit++) {
		p[bit / 8] = (char)(p[bit / 8] ^ 1 << bit % 8);
		refused(&key, purpose, str_make(p, sealed.n));
		p[bit / 8] = (char)(p[bit / 8] ^ 1 << bit % 8);
	}
	struct str plain;
	assert_int_equal(unseal(&arena, &key, purpose, str_make(p, sealed.n), &plain).code, OK);
	assert_true(str_eq(plain, STR("answers")));
}

static void test_each_length(void **state)
{
	(void)state;
	struct str sealed = seal(&arena, &key, purpose, STR("answers"));
	for (size_t n = 0; n < sealed.n; n++) {
		refused(&key, purpose, str_sub(sealed, 0, n));
		refused(&key, purpose, str_skip(sealed, sealed.n - n));
	}
	refused(&key, purpose, (struct str){0});
	struct str parts[] = {sealed, STR("\0")};
	refused(&key, purpose, str_join(&arena, parts, 2, (struct str){0}));
	struct str twice[] = {sealed, sealed};
	refused(&key, purpose, str_join(&arena, twice, 2, (struct str){0}));
}

static void test_other_purpose_or_key(void **state)
{
	(void)state;
	struct str sealed = seal(&arena, &key, purpose, STR("answers"));
	refused(&key, STR("draft 18"), sealed);
	refused(&key, STR("draft 1"), sealed);
	refused(&key, STR("draft 17 "), sealed);
	refused(&key, STR("draft 17\0"), sealed);
	refused(&key, (struct str){0}, sealed);
	refused(&key, purpose, seal(&arena, &key, (struct str){0}, STR("answers")));
	for (size_t i = 0; i < SEAL_KEY_BYTES; i++) {
		struct seal_key other = key;
		other.bytes[i] ^= 0x80;
		refused(&other, purpose, sealed);
	}
}

static void test_comes_back(void **state)
{
	(void)state;
	char text[200];
	memset(text, 'a', sizeof text);
	for (size_t n = 0; n <= sizeof text; n++) {
		struct str sealed = seal(&arena, &key, purpose, str_make(text, n)), plain;
		assert_int_equal(sealed.n, n + SEAL_OVERHEAD);
		if (n > 3)
			assert_int_equal(str_find(sealed, str_make(text, n)), -1);
		assert_int_equal(unseal(&arena, &key, purpose, sealed, &plain).code, OK);
		assert_true(str_eq(plain, str_make(text, n)));
	}
	assert_int_equal(seal(&arena, &key, (struct str){0}, (struct str){0}).n, SEAL_OVERHEAD);
}

static void test_never_the_same(void **state)
{
	(void)state;
	struct str a = seal(&arena, &key, purpose, STR("answers")),
		   b = seal(&arena, &key, purpose, STR("answers"));
	assert_false(str_eq(str_sub(a, 1, 24), str_sub(b, 1, 24)));
	assert_false(str_eq(str_skip(a, 25), str_skip(b, 25)));
}

/* Made by version 1: what is stored must open for ever. */
static void test_stored(void **state)
{
	(void)state;
	struct seal_key old;
	struct str sealed, plain;
	for (size_t i = 0; i < SEAL_KEY_BYTES; i++)
		old.bytes[i] = (uint8_t)i;
	assert_int_equal(hex_read(&arena,
				 STR("01d0b8f484f63f2fea017abbf715771222854b3c4ce0709e28309e0e118b8"
				     "773ca08e33b967b78f4b587"
				     "cdc183c2"),
				 &sealed)
				 .code,
		OK);
	assert_int_equal(unseal(&arena, &old, purpose, sealed, &plain).code, OK);
	assert_true(str_eq(plain, STR("hello")));
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 4u << 20);
	memset(key.bytes, 0x42, sizeof key.bytes);
	return failed(crypto_init()) || failed(crypto_init()) ? -1 : 0; /* twice does no harm */
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
		cmocka_unit_test(test_each_bit),
		cmocka_unit_test(test_each_length),
		cmocka_unit_test(test_other_purpose_or_key),
		cmocka_unit_test(test_comes_back),
		cmocka_unit_test(test_never_the_same),
		cmocka_unit_test(test_stored),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

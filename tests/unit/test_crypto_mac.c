/* crypto/mac: the values of another implementation (Python's hashlib), and every bit of key and text counts. */
#include "crypto/mac.h"

#include "base/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;
static uint8_t key[MAC_BYTES];

static struct str hex_of(struct str text)
{
	uint8_t mac[MAC_BYTES];
	struct buf hex;
	mac_make(key, text, mac);
	buf_init(&hex, &arena, 2 * sizeof mac);
	hex_write(&hex, str_make((const char *)mac, sizeof mac));
	return buf_view(&hex);
}

static void test_values(void **state)
{
	(void)state;
	char bytes[512];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i % 256);
	assert_true(str_eq(hex_of(STR("")), STR("4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d")));
	assert_true(str_eq(hex_of((struct str){0}), hex_of(STR(""))));
	assert_true(str_eq(hex_of(STR("abc")), STR("d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f")));
	assert_true(str_eq(hex_of(str_make(bytes, sizeof bytes)), STR("8b7a9a9049e97cc5bccd4aca8449c66675ca9c417bc3e0d1fd85502db7232fa0")));
}

static void test_each_bit(void **state)
{
	(void)state;
	struct str before = hex_of(STR("abc"));
	for (unsigned bit = 0; bit < 8 * MAC_BYTES; bit++) {
		key[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(str_eq(hex_of(STR("abc")), before));
		key[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_false(str_eq(hex_of(STR("abd")), before));
	assert_false(str_eq(hex_of(str_make("abc\0", 4)), before));
	assert_true(str_eq(hex_of(STR("abc")), before));
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 1u << 20);
	for (unsigned i = 0; i < MAC_BYTES; i++)
		key[i] = (uint8_t)i;
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
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_each_bit),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

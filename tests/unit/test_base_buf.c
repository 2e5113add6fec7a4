/* base/buf and base/vec: the ceiling first, then what is written. */
#include "base/buf.h"
#include "base/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

static void same(const struct buf *buf, const char *want)
{
	if (!str_eq(buf_view(buf), str_of(want)))
		fail_msg("got \"" STR_FMT "\", want \"%s\"", STR_ARG(buf_view(buf)), want);
}

static void test_ceiling(void **state)
{
	(void)state;
	struct buf buf;
	for (size_t max = 0; max < 600; max += 7) {
		buf_init(&buf, &arena, max);
		for (size_t i = 0; i < max; i++)
			buf_byte(&buf, 'a');
		assert_int_equal(buf_error(&buf).code, OK); /* at */
		assert_int_equal(buf.n, max);
		buf_byte(&buf, 'b');
		assert_int_equal(buf_error(&buf).code, ERR_LIMIT); /* above */
		assert_int_equal(buf.n, max);
	}
}

/* The arena's ceiling for text is a ceiling of every text in it. */
static void test_ceiling_of_the_arena(void **state)
{
	(void)state;
	AUTO_ARENA small;
	struct buf buf, other;
	arena_init_text(&small, 4096, 65536);
	buf_init(&buf, &small, 1u << 20);
	buf_init(&other, &small, 1u << 20);
	buf_pad(&buf, 1, 40);
	for (int i = 0; i < 1000; i++)
		buf_pad(&other, i, 40);
	assert_int_equal(buf_error(&other).code, ERR_LIMIT);
	assert_true(other.n > 0 && other.n <= 4096);
	assert_true(arena_over(&small));
	assert_int_equal(buf_error(&buf).code, OK); /* what it has, it has */
	for (int i = 0; i < 20; i++)
		buf_pad(&buf, i, 40);
	assert_int_equal(buf_error(&buf).code, ERR_LIMIT);
	arena_allow(&small, 4096);
	buf_clear(&buf);
	for (int i = 0; i < 20; i++)
		buf_pad(&buf, i, 40);
	assert_int_equal(buf_error(&buf).code, OK);
}

static void test_nothing_after_the_hole(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, &arena, 5);
	buf_lit(&buf, "abc");
	buf_lit(&buf, "def");
	buf_lit(&buf, "g"); /* would fit, but something is missing before it */
	same(&buf, "abc");
	assert_int_equal(buf_error(&buf).code, ERR_LIMIT);
	assert_null(buf_room(&buf, 0));
	buf_clear(&buf);
	assert_int_equal(buf_error(&buf).code, OK);
	buf_lit(&buf, "12345");
	same(&buf, "12345");
	assert_null(buf_room(&buf, SIZE_MAX));
	assert_int_equal(buf_error(&buf).code, ERR_LIMIT);
}

static void test_fmt_at_the_ceiling(void **state)
{
	(void)state;
	for (int n = 0; n <= 12; n++) {
		struct buf buf;
		buf_init(&buf, &arena, 10);
		buf_fmt(&buf, "%.*s", n, "abcdefghijklm");
		assert_int_equal(buf_error(&buf).code, n <= 10 ? OK : ERR_LIMIT);
		assert_int_equal(buf.n, n <= 10 ? n : 0);
	}
	struct buf buf;
	buf_init(&buf, &arena, 100000);
	for (int i = 0; i < 1000; i++)
		buf_fmt(&buf, "%04d,", i);
	assert_int_equal(buf.n, 5000);
	assert_memory_equal(buf.p + 4995, "0999,", 5);
}

static void test_numbers(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, &arena, 1000);
	buf_i64(&buf, INT64_MIN);
	buf_byte(&buf, ' ');
	buf_i64(&buf, INT64_MAX);
	buf_byte(&buf, ' ');
	buf_i64(&buf, 0);
	same(&buf, "-9223372036854775808 9223372036854775807 0");
	buf_clear(&buf);
	buf_pad(&buf, 7, 2);
	buf_pad(&buf, 123, 2);
	buf_pad(&buf, -7, 3);
	buf_pad(&buf, 0, 0);
	same(&buf, "07123-0070");
	buf_clear(&buf);
	buf_hex(&buf, 0);
	buf_hex(&buf, 0xfe9);
	buf_hex(&buf, UINT64_MAX);
	assert_true(str_ends(buf_view(&buf), STR("0fe9ffffffffffffffff")));
	buf_clear(&buf);
	buf_pad(&buf, 1, 4000);
	assert_int_equal(buf.n, 40);
}

static void test_pieces(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, &arena, 1000);
	assert_int_equal(buf_view(&buf).n, 0);
	assert_non_null(buf_view(&buf).p);
	buf_str(&buf, (struct str){0});
	buf_c(&buf, NULL);
	buf_bytes(&buf, NULL, 0);
	buf_c(&buf, "a");
	buf_bytes(&buf, "b\0c", 3);
	assert_int_equal(buf.n, 4);
	assert_memory_equal(buf.p, "ab\0c", 4);
	buf_init_room(&buf, &arena, 10, 5000);
	assert_int_equal(buf.cap, 10);
	char *room = buf_room(&buf, 10);
	assert_non_null(room);
	memcpy(room, "0123456789", 10);
	buf.n += 10;
	same(&buf, "0123456789");
}

static void test_large(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, &arena, 3u << 20);
	for (uint32_t i = 0; i < 500000; i++) {
		buf_bytes(&buf, &i, sizeof i);
		if (i % 1000 == 0)
			arena_alloc(&arena, 1); /* others use the arena too, so it cannot always
						   grow in place */
	}
	assert_int_equal(buf_error(&buf).code, OK);
	for (uint32_t i = 0; i < 500000; i++)
		assert_memory_equal(buf.p + i * sizeof i, &i, sizeof i);
}

static void test_vec(void **state)
{
	(void)state;
	struct item {
		uint64_t number;
		char tail[3];
	};
	VEC(struct item) items = {0};
	for (uint64_t i = 0; i < 5000; i++) {
		struct item *one = vec_add(&arena, &items);
		assert_int_equal(one->number, 0);
		assert_int_equal(one->tail[2], 0);
		*one = (struct item){i, "zz"};
		if (i % 100 == 0)
			arena_alloc(&arena, 1);
	}
	assert_int_equal(items.n, 5000);
	for (uint64_t i = 0; i < 5000; i++)
		assert_int_equal(items.v[i].number, i);
	items.n = 0; /* emptied and used again: still zeroed */
	assert_int_equal(vec_add(&arena, &items)->number, 0);
	VEC(int) numbers = {0};
	vec_push(&arena, &numbers, 5);
	vec_push(&arena, &numbers, 6);
	assert_int_equal(numbers.v[0] + numbers.v[1], 11);
	VEC(const char *) words = {0};
	vec_push(&arena, &words, "a");
	assert_string_equal(words.v[0], "a");
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)32 << 20);
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
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_ceiling_of_the_arena),
		cmocka_unit_test(test_nothing_after_the_hole),
		cmocka_unit_test(test_fmt_at_the_ceiling),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_vec),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

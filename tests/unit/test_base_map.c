/* base/map: many keys, keys almost equal, order of insertion, reading from many threads. */
#include "base/map.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

static void test_empty(void **state)
{
	(void)state;
	struct map map = {0};
	assert_null(map_get(&map, STR("a")));
	map_init(&map, &arena);
	assert_null(map_get(&map, STR("")));
	assert_null(map_get(&map, (struct str){0}));
}

static void test_alike(void **state)
{
	(void)state;
	struct map map;
	map_init(&map, &arena);
	static char values[40][40];
	static char text[40]; /* all NUL: keys that differ in their length only */
	for (size_t n = 0; n < 40; n++)
		map_put(&map, str_make(text, n), &values[0][n]);
	assert_int_equal(map.n, 40);
	for (size_t n = 0; n < 40; n++)
		assert_ptr_equal(map_get(&map, str_make(text, n)), &values[0][n]);
	/* One bit at each place of a key of each length around a word. */
	for (size_t n = 1; n < 20; n++) {
		map_init(&map, &arena);
		for (size_t at = 0; at < n; at++) {
			char key[20] = {0};
			key[at] = 1;
			map_put(&map, str_dup(&arena, str_make(key, n)), &values[n][at]);
		}
		assert_int_equal(map.n, n);
		for (size_t at = 0; at < n; at++) {
			char key[20] = {0};
			key[at] = 1;
			assert_ptr_equal(map_get(&map, str_make(key, n)), &values[n][at]);
		}
	}
}

enum { MANY = 100000 };
static int numbers[MANY];

/* With a table half full every second key meets another one in its slot; at this count some have
 * the same hash too. */
static void fill(struct map *map)
{
	map_init(map, &arena);
	for (int i = 0; i < MANY; i++)
		map_put(map, str_fmt(&arena, "key_%d", i), &numbers[i]);
}

static void test_many(void **state)
{
	(void)state;
	struct map map;
	fill(&map);
	assert_int_equal(map.n, MANY);
	assert_true(map.slot_count >= 2 * map.n);
	for (int i = 0; i < MANY; i++) {
		char text[32];
		int n = snprintf(text, sizeof text, "key_%d", i);
		assert_ptr_equal(map_get(&map, str_make(text, (size_t)n)), &numbers[i]);
		assert_ptr_equal(map.entries[i].value, &numbers[i]); /* in order of insertion */
		n = snprintf(text, sizeof text, "key-%d", i);
		assert_null(map_get(&map, str_make(text, (size_t)n)));
	}
}

/* With room for its keys it takes no more memory on the way; beyond it grows as any other. */
static void test_room(void **state)
{
	(void)state;
	struct map map;
	static const char keys[40];
	for (size_t room = 0; room < 20; room++) {
		map_init_room(&map, &arena, room);
		size_t used = arena.used;
		for (size_t i = 0; i < 40; i++) {
			map_put(&map, str_make(keys, i + 1), &numbers[i]);
			if (i + 1 == room)
				assert_int_equal(arena.used, used);
		}
		assert_int_equal(map.n, 40);
		for (size_t i = 0; i < map.n; i++)
			assert_ptr_equal(map_get(&map, map.entries[i].key), map.entries[i].value);
	}
}

static void test_replace(void **state)
{
	(void)state;
	struct map map;
	int a, b;
	map_init(&map, &arena);
	for (int i = 0; i < 8; i++) /* as many as the first table takes */
		map_put(&map, str_fmt(&arena, "%d", i), &a);
	map_put(&map, STR("3"), &b);
	assert_int_equal(map.n, 8);
	assert_ptr_equal(map_get(&map, STR("3")), &b);
	assert_ptr_equal(map_get(&map, STR("4")), &a);
	assert_ptr_equal(map.entries[3].value, &b);
}

/* Two keys with one hash, put so by hand: only the comparison of the keys tells them apart. */
static void test_same_hash(void **state)
{
	(void)state;
	struct map map;
	int a, b;
	map_init(&map, &arena);
	map_put(&map, STR("one"), &a);
	map_put(&map, STR("two"), &b);
	uint32_t hash = map.entries[1].hash;
	map.entries[0].hash = hash;
	memset(map.slots, 0, map.slot_count * sizeof *map.slots);
	size_t slot = hash & (map.slot_count - 1);
	map.slots[slot] = 1;
	map.slots[(slot + 1) & (map.slot_count - 1)] = 2;
	assert_ptr_equal(map_get(&map, STR("two")), &b);
}

static void *reader(void *arg)
{
	const struct map *map = arg;
	for (int i = 0; i < MANY; i += 7)
		if (map_get(map, map->entries[i].key) != &numbers[i])
			return arg;
	return NULL;
}

static void test_threads(void **state)
{
	(void)state;
	struct map map;
	fill(&map);
	pthread_t threads[4];
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, reader, &map), 0);
	for (size_t i = 0; i < 4; i++) {
		void *wrong;
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)128 << 20);
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
		cmocka_unit_test_setup_teardown(test_empty, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_alike, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_replace, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_same_hash, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_threads, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

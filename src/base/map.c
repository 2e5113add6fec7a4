#include "base/map.h"

#include "base/random.h"

#include <pthread.h>

/*
 * Open addressing with linear steps over a table that is at most half full. A form's field names come from the sender, and
 * with a known hash a sender could choose thousands that fall into one slot and make each look-up linear. So the hash is drawn
 * once per process out of a family in which two keys meet by chance only, whoever chose them: seven bytes each are the
 * coefficients of a polynomial modulo 2^61 - 1, taken at a random point (Carter and Wegman, "Universal classes of hash
 * functions", 1979). Hashes are never told to anybody, so nothing can be learnt from them.
 */

__extension__ typedef unsigned __int128 wide;

#define PRIME ((UINT64_C(1) << 61) - 1)
#define PIECE ((size_t)7)

static uint64_t hash_point, hash_spread;
static pthread_once_t hash_once = PTHREAD_ONCE_INIT;

static void hash_draw(void)
{
	random_bytes(&hash_point, sizeof hash_point);
	random_bytes(&hash_spread, sizeof hash_spread);
	hash_point = hash_point % (PRIME - 1) + 1;
	hash_spread |= 1;
}

/* sum * point + piece modulo the prime, not reduced to the end: below 2^61 + 2^57. */
static uint64_t hash_piece(uint64_t sum, uint64_t piece)
{
	wide product = (wide)sum * hash_point;
	uint64_t folded = (uint64_t)(product & PRIME) + (uint64_t)(product >> 61);
	return (folded & PRIME) + (folded >> 61) + piece;
}

static uint32_t map_hash(struct str key)
{
	pthread_once(&hash_once, hash_draw);
	uint64_t sum = key.n, word;
	const char *p = key.p;
	size_t left = key.n;
	for (; left >= sizeof word; left -= PIECE, p += PIECE) {
		memcpy(&word, p, sizeof word);
		sum = hash_piece(sum, word & ((UINT64_C(1) << 8 * PIECE) - 1));
	}
	word = 0;
	if (key.n >= sizeof word) { /* the last bytes of the last eight: one load */
		memcpy(&word, key.p + key.n - sizeof word, sizeof word);
		word >>= 8 * (sizeof word - left);
	} else {
		for (size_t i = 0; i < left; i++)
			word |= (uint64_t)(unsigned char)p[i] << 8 * i;
	}
	sum = hash_piece(sum, word);
	/* Sums that lie near each other fall far apart. */
	wide spread = (wide)sum * hash_spread;
	return (uint32_t)((uint64_t)spread ^ (uint64_t)(spread >> 64));
}

/* The slot of the key, or the free slot where it belongs. */
static size_t slot_of(const struct map *map, const struct map_key *key)
{
	size_t mask = map->slot_count - 1;
	size_t slot = key->hash & mask;
	while (map->slots[slot]) {
		const struct map_entry *entry = &map->entries[map->slots[slot] - 1];
		if (entry->hash == key->hash && str_eq(entry->key, key->text))
			break;
		slot = (slot + 1) & mask;
	}
	return slot;
}

void map_init(struct map *map, struct arena *arena)
{
	*map = (struct map){.arena = arena};
}

/* Room for `cap` keys, of which those that are there keep their places. */
static void map_resize(struct map *map, size_t cap)
{
	size_t slots = 8;
	/* slots hold 32-bit indexes; an arena of this size cannot exist, but the rule is checked
	 * where it is used. */
	if (cap > UINT32_MAX / 4)
		abort();
	while (slots < cap * 2)
		slots *= 2;
	map->entries = arena_grow(map->arena, map->entries, map->cap * sizeof *map->entries,
		cap * sizeof *map->entries);
	map->cap = cap;
	map->slot_count = slots;
	map->slots = arena_array(map->arena, uint32_t, map->slot_count);
	size_t mask = map->slot_count - 1;
	for (size_t i = 0; i < map->n; i++) {
		size_t slot = map->entries[i].hash & mask;
		while (map->slots[slot])
			slot = (slot + 1) & mask;
		map->slots[slot] = (uint32_t)(i + 1);
	}
}

void map_init_room(struct map *map, struct arena *arena, size_t keys)
{
	map_init(map, arena);
	if (keys)
		map_resize(map, keys);
}

struct map_key map_key(struct str text)
{
	return (struct map_key){text, map_hash(text)};
}

void map_put_key(struct map *map, const struct map_key *key, void *value)
{
	if (map->n == map->cap)
		map_resize(map, map->cap ? map->cap * 2 : 8);
	size_t slot = slot_of(map, key);
	if (!map->slots[slot]) {
		map->entries[map->n++] = (struct map_entry){.key = key->text, .hash = key->hash};
		map->slots[slot] = (uint32_t)map->n;
	}
	map->entries[map->slots[slot] - 1].value = value;
}

void map_put(struct map *map, struct str key, void *value)
{
	struct map_key with = map_key(key);
	map_put_key(map, &with, value);
}

size_t map_place(const struct map *map, const struct map_key *key)
{
	return map->slot_count == 0 ? SIZE_MAX : (size_t)map->slots[slot_of(map, key)] - 1;
}

void *map_get_key(const struct map *map, const struct map_key *key)
{
	size_t place = map_place(map, key);
	return place < map->n ? map->entries[place].value : NULL;
}

void *map_get(const struct map *map, struct str key)
{
	struct map_key with = map_key(key);
	return map_get_key(map, &with);
}

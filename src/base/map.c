#include "base/map.h"

#include "base/random.h"

#include <pthread.h>

/*
 * Open addressing with linear steps over a table that is at most half full. The hash is SipHash-1-3
 * (Aumasson, Bernstein) under a key drawn once per process: a form's field names come from the
 * sender, and with a known hash a sender could choose thousands that fall into one slot and make
 * each look-up linear.
 */

static uint64_t hash_key[2];
static pthread_once_t hash_once = PTHREAD_ONCE_INIT;

static void hash_key_draw(void)
{
	random_bytes(hash_key, sizeof hash_key);
}

static uint64_t rotate(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
}

static uint32_t map_hash(struct str key)
{
	pthread_once(&hash_once, hash_key_draw);
	uint64_t v[4] = {
		hash_key[0] ^ UINT64_C(0x736f6d6570736575),
		hash_key[1] ^ UINT64_C(0x646f72616e646f6d),
		hash_key[0] ^ UINT64_C(0x6c7967656e657261),
		hash_key[1] ^ UINT64_C(0x7465646279746573),
	};
	size_t at = 0;
	uint64_t word;
	for (; key.n - at >= sizeof word; at += sizeof word) {
		memcpy(&word, key.p + at, sizeof word);
		sip_word(v, word);
	}
	word = (uint64_t)key.n << 56;
	for (unsigned shift = 0; at < key.n; at++, shift += 8)
		word |= (uint64_t)(unsigned char)key.p[at] << shift;
	sip_word(v, word);
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	uint64_t hash = v[0] ^ v[1] ^ v[2] ^ v[3];
	return (uint32_t)(hash ^ hash >> 32);
}

/* The slot of the key, or the free slot where it belongs. */
static size_t slot_of(const struct map *map, struct str key, uint32_t hash)
{
	size_t mask = map->slot_count - 1;
	size_t slot = hash & mask;
	while (map->slots[slot]) {
		const struct map_entry *entry = &map->entries[map->slots[slot] - 1];
		if (entry->hash == hash && str_eq(entry->key, key))
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

void map_put(struct map *map, struct str key, void *value)
{
	if (map->n == map->cap)
		map_resize(map, map->cap ? map->cap * 2 : 8);
	uint32_t hash = map_hash(key);
	size_t slot = slot_of(map, key, hash);
	if (!map->slots[slot]) {
		map->entries[map->n++] = (struct map_entry){.key = key, .hash = hash};
		map->slots[slot] = (uint32_t)map->n;
	}
	map->entries[map->slots[slot] - 1].value = value;
}

void *map_get(const struct map *map, struct str key)
{
	if (map->slot_count == 0)
		return NULL;
	uint32_t index = map->slots[slot_of(map, key, map_hash(key))];
	return index ? map->entries[index - 1].value : NULL;
}

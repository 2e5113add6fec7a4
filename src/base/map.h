#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"
#include "base/str.h"

/*
 * Text → pointer, in an arena. Keys and values are borrowed. Iteration is in the order of
 * insertion. Reading a complete map is safe from many threads.
 */

struct map_entry {
	struct str key;
	void *value;
	uint32_t hash;
};

struct map {
	struct arena *arena;
	struct map_entry *entries; /* in order of insertion */
	uint32_t *slots;           /* index + 1 into entries, 0: free */
	size_t n;
	size_t cap;
	size_t slot_count;
};

/* A key whose hash is made once, for those that are looked up often. Good for this process only. */
struct map_key {
	struct str text;
	uint32_t hash;
};

void map_init(struct map *map, struct arena *arena);
/* The same, with room for so many keys: where they are known, growing leaves nothing behind in the arena. */
void map_init_room(struct map *map, struct arena *arena, size_t keys);
/* Replaces the value when the key is there. */
void map_put(struct map *map, struct str key, void *value);
void *map_get(const struct map *map, struct str key); /* NULL: not there */

struct map_key map_key(struct str text);
void map_put_key(struct map *map, const struct map_key *key, void *value);
void *map_get_key(const struct map *map, const struct map_key *key);
size_t map_place(const struct map *map, const struct map_key *key); /* among entries; SIZE_MAX: not there */

#endif

#include "http/census.h"

#include "base/random.h"

#include <string.h>

static size_t slots_for(size_t most)
{
	size_t slots = 16;
	while (slots < most * 2)
		slots *= 2;
	return slots;
}

size_t census_bytes(size_t most)
{
	return slots_for(most) * sizeof(struct census_slot) + 64;
}

void census_init(struct census *census, struct arena *arena, size_t most, size_t per_address)
{
	size_t slots = slots_for(most);
	*census = (struct census){
		.slots = arena_array(arena, struct census_slot, slots),
		.slot_mask = slots - 1,
		.per_address = per_address,
	};
	random_bytes(&census->seed, sizeof census->seed);
}

/* Where a key's search begins. The finaliser of SplitMix64, with the seed. */
static size_t home_of(const struct census *census, const unsigned char key[16])
{
	uint64_t halves[2];
	memcpy(halves, key, sizeof halves);
	uint64_t x = halves[0] ^ census->seed;
	for (int i = 0; i < 2; i++) {
		x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
		x ^= x >> 31;
		x += halves[1] ^ (census->seed << 1);
	}
	return (size_t)x & census->slot_mask;
}

/* The key's slot, or the free one where it belongs. */
static size_t find_slot(const struct census *census, const unsigned char key[16])
{
	size_t at = home_of(census, key);
	while (census->slots[at].count > 0 && memcmp(census->slots[at].key, key, 16) != 0)
		at = (at + 1) & census->slot_mask;
	return at;
}

/* Moves back what stands behind a freed slot, so that no search ends too early (Knuth 6.4,
 * algorithm R). */
static void close_gap(struct census *census, size_t gap)
{
	for (size_t at = (gap + 1) & census->slot_mask; census->slots[at].count > 0;
		at = (at + 1) & census->slot_mask) {
		size_t home = home_of(census, census->slots[at].key);
		if (((at - home) & census->slot_mask) < ((at - gap) & census->slot_mask))
			continue;
		census->slots[gap] = census->slots[at];
		census->slots[at].count = 0;
		gap = at;
	}
}

bool census_add(struct census *census, const unsigned char key[16])
{
	struct census_slot *slot = &census->slots[find_slot(census, key)];
	if (slot->count >= census->per_address)
		return false;
	memcpy(slot->key, key, sizeof slot->key);
	slot->count++;
	return true;
}

void census_remove(struct census *census, const unsigned char key[16])
{
	size_t at = find_slot(census, key);
	if (--census->slots[at].count == 0)
		close_gap(census, at);
}

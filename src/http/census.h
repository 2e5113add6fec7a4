#ifndef HTTP_CENSUS_H
#define HTTP_CENSUS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * How many of something each address has, up to a ceiling for each. An address is the key of a
 * peer (http/address.h).
 *
 * Not guarded: whoever has one has a mutex for it.
 */

struct census_slot {
	unsigned char key[16];
	uint32_t count; /* 0: free */
};

struct census {
	struct census_slot *slots; /* open addressing; a power of two, at most half full */
	size_t slot_mask;
	size_t per_address;
	uint64_t seed; /* so that nobody can choose addresses that collide */
};

/* What census_init takes of its arena; `most`: of all addresses together. */
size_t census_bytes(size_t most);
void census_init(struct census *census, struct arena *arena, size_t most, size_t per_address);

/* False: the address has its most. */
bool census_add(struct census *census, const unsigned char key[16]);
/* One that was added. */
void census_remove(struct census *census, const unsigned char key[16]);

#endif

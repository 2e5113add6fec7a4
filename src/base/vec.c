#include "base/vec.h"

#include <stdint.h>

void *vec_grow(struct arena *arena, void **items, size_t *count, size_t *cap, size_t size)
{
	if (*count == *cap) {
		size_t more = *cap ? *cap * 2 : 8;
		size_t bytes;
		/* A count that overflows is no memory problem but ends the same way: arena_alloc
		 * refuses it. */
		if (more < *cap || __builtin_mul_overflow(more, size, &bytes))
			bytes = SIZE_MAX;
		*items = arena_grow(arena, *items, *cap * size, bytes);
		*cap = more;
	}
	void *one = (char *)*items + *count * size;
	memset(one, 0, size);
	++*count;
	return one;
}

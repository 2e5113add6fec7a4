#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

/*
 * A growing array in an arena: struct { T *v; size_t n, cap; }. Declare with VEC(T),
 * zero-initialise, push. Elements move when it grows: keep indexes, not pointers, until it is
 * complete.
 */

#define VEC(T)              \
	struct {            \
		T *v;       \
		size_t n;   \
		size_t cap; \
	}

/* The new element, zeroed: struct x *one = vec_add(arena, &xs); */
#define vec_add(arena, vec)              \
	((__typeof__((vec)->v))vec_grow( \
		(arena), (void **)&(vec)->v, &(vec)->n, &(vec)->cap, sizeof *(vec)->v))
#define vec_push(arena, vec, value) (*vec_add((arena), (vec)) = (value))

void *vec_grow(struct arena *arena, void **items, size_t *count, size_t *cap, size_t size);

#endif

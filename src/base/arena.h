#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The memory of one request, one job, or of everything that lives from start to end.
 *
 * An arena only grows until it is reset; nothing inside it is freed alone, so any early return is
 * right. Memory is aligned for any type, and zeroed but for arena_alloc_raw and arena_grow. There is no failure to check: each arena has a
 * ceiling (bytes), the ceilings of base/limits.h keep what a person can push below it, and when it
 * or the machine's memory is exhausted all the same, the process ends with a message. What has been
 * acknowledged is on stable storage by then, and the supervisor starts the program anew
 * (docs/decisions/0003).
 *
 * A request's arena has a second, lower ceiling, for text: what a person can make long is written by
 * buf, str_fmt, str_join and the decoders of base/encode.h, and these ask arena_takes first. Behind
 * that ceiling they write nothing, and the arena is over: it still gives memory for what is short
 * or counted, so the code goes on to its end, but whoever owns it must throw away what was made
 * (arena_over). So one request ends, and not all.
 *
 * One thread at a time.
 */

struct arena_block;

struct arena {
	struct arena_block *block; /* the newest; older ones behind it */
	size_t used;               /* bytes handed out since the last reset */
	size_t max;                /* ceiling, bytes */
	size_t text;               /* ceiling for text */
	size_t allowed;            /* beyond it, by arena_allow */
	bool refused;              /* some text was */
};

void arena_init(struct arena *arena, size_t max); /* without a ceiling for text */
void arena_init_text(struct arena *arena, size_t text, size_t max);
void arena_release(struct arena *arena);

/* Forgets everything but keeps one block, so that the next request does not call malloc. */
void arena_reset(struct arena *arena);

/* Whether there is room for so many bytes of text; else the arena is over. Of ARENA_SHORT bytes there is some behind the ceiling too. */
#define ARENA_SHORT 512
bool arena_takes(struct arena *arena, size_t bytes);
/* Text was refused, or memory was taken from behind the ceiling for text: what was made is not whole. */
bool arena_over(const struct arena *arena);
/* The arena is no longer over, and has room for so many bytes of text more: for the answer that says so. */
void arena_allow(struct arena *arena, size_t bytes);

void *arena_alloc(struct arena *arena, size_t bytes);

/* Not zeroed: for what is written as a whole, or counts what of it has been written (buf, vec). */
void *arena_alloc_raw(struct arena *arena, size_t bytes);

/* count * size, checked for overflow. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/*
 * The piece p of old_bytes with room for new_bytes: in place when p is the newest piece of its
 * block, otherwise a copy (p is left where it is). What is added is not zeroed. p may be NULL when
 * old_bytes is 0.
 */
void *arena_grow(struct arena *arena, void *p, size_t old_bytes, size_t new_bytes);

#define arena_new(arena, T) ((T *)arena_alloc((arena), sizeof(T)))
#define arena_array(arena, T, count) ((T *)arena_alloc_array((arena), (count), sizeof(T)))

/* Makes the pages of the arena read-only: for data that is complete at start. No allocation or
 * reset afterwards. */
void arena_freeze(struct arena *arena);

/* An arena that ends with its scope. */
void arena_cleanup(struct arena *arena);
#define AUTO_ARENA __attribute__((cleanup(arena_cleanup))) struct arena

#endif

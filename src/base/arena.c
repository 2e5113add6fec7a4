#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>

/*
 * Blocks come from mmap, not from malloc: they are whole pages, so arena_freeze() may protect them
 * without touching a neighbour; they are zero already; and what is given back goes back to the
 * system. Under AddressSanitizer everything that has not been handed out is poisoned, with a gap
 * behind each piece.
 */

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#define ARENA_GAP 16u
#define POISON(p, n) __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
/* Otherwise the leak check would not see handles that are referred to only from an arena. */
#define ROOT(p, n) __lsan_register_root_region((p), (n))
#define UNROOT(p, n) __lsan_unregister_root_region((p), (n))
#else
#define ARENA_GAP 0u
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define ROOT(p, n) ((void)(p), (void)(n))
#define UNROOT(p, n) ((void)(p), (void)(n))
#endif

#define ARENA_ALIGN 16u
#define ARENA_BLOCK_MIN ((size_t)64 << 10)
/* Blocks double up to here; a reset keeps one, and none that is larger, so one large answer does not stay in
 * memory. */
#define ARENA_BLOCK_MAX ((size_t)1 << 20)
#define ARENA_PAGE ((size_t)4096)

static_assert(alignof(max_align_t) <= ARENA_ALIGN, "arena alignment");

struct arena_block {
	struct arena_block *older;
	size_t size;  /* with this head, whole pages */
	size_t next;  /* offset of the first free byte */
	size_t dirty; /* offset behind which all bytes are still zero as they came */
	size_t last;  /* offset of the newest piece, for arena_grow() */
};

#define ARENA_HEAD ((sizeof(struct arena_block) + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN)

static _Noreturn void arena_die(const char *why)
{
	/* No log, no stdio: there may be no memory left. */
	ssize_t written = write(STDERR_FILENO, why, strlen(why));
	(void)written;
	abort();
}

static size_t round_up(size_t n, size_t unit)
{
	return (n + unit - 1) / unit * unit;
}

static struct arena_block *block_map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		arena_die("arena: the machine is out of memory\n");
	struct arena_block *block = p;
	block->size = size;
	block->next = ARENA_HEAD;
	block->dirty = ARENA_HEAD;
	block->last = ARENA_HEAD;
	ROOT(p, size);
	POISON((char *)p + ARENA_HEAD, size - ARENA_HEAD);
	return block;
}

static void block_unmap(struct arena_block *block)
{
	size_t size = block->size;
	UNROOT(block, size);
	UNPOISON(block, size);
	munmap(block, size);
}

/* A piece of exactly `bytes`. The caller has checked that `room` fits. */
static void *block_take(struct arena_block *block, size_t bytes, size_t room, bool zeroed)
{
	size_t from = block->next;
	char *p = (char *)block + from;
	UNPOISON(p, bytes);
	if (zeroed && from < block->dirty)
		memset(p, 0, bytes < block->dirty - from ? bytes : block->dirty - from);
	block->last = from;
	block->next = from + room;
	if (block->next > block->dirty)
		block->dirty = block->next;
	return p;
}

static void count_or_die(struct arena *arena, size_t bytes)
{
	if (bytes > arena->max - arena->used)
		arena_die("arena: over its ceiling\n");
	arena->used += bytes;
}

void arena_init_text(struct arena *arena, size_t text, size_t max)
{
	/* Far below SIZE_MAX, so that rounding up cannot overflow. */
	*arena = (struct arena){.max = max < SIZE_MAX / 4 ? max : SIZE_MAX / 4, .text = text};
}

void arena_init(struct arena *arena, size_t max)
{
	arena_init_text(arena, SIZE_MAX / 2, max);
}

/* Short text may take half of what stands behind the ceiling: code that counts on the few letters it has just written finds them. */
static size_t ceiling_for(const struct arena *arena, size_t bytes)
{
	size_t ceiling = arena->text + arena->allowed;
	size_t half = arena->text < arena->max ? arena->text + (arena->max - arena->text) / 2 : 0;
	return bytes <= ARENA_SHORT && half > ceiling ? half : ceiling;
}

bool arena_takes(struct arena *arena, size_t bytes)
{
	size_t ceiling = ceiling_for(arena, bytes);
	bool fits = arena->used <= ceiling && bytes <= ceiling - arena->used;
	bool takes = fits && (!arena->refused || bytes <= ARENA_SHORT);
	arena->refused |= !takes;
	return takes;
}

bool arena_over(const struct arena *arena)
{
	return arena->refused || arena->used > arena->text + arena->allowed;
}

void arena_allow(struct arena *arena, size_t bytes)
{
	size_t more = arena->used > arena->text ? arena->used - arena->text : 0;
	arena->allowed = more + bytes;
	arena->refused = false;
}

/* As when it was made. */
static void forget(struct arena *arena)
{
	arena->used = 0;
	arena->allowed = 0;
	arena->refused = false;
}

void arena_release(struct arena *arena)
{
	struct arena_block *block = arena->block;
	while (block) {
		struct arena_block *older = block->older;
		block_unmap(block);
		block = older;
	}
	arena->block = NULL;
	forget(arena);
}

void arena_cleanup(struct arena *arena)
{
	arena_release(arena);
}

/* Of one block that holds what several have held, so that the same work needs no further block the next time. */
static size_t size_of_one(const struct arena *arena)
{
	size_t held = 0, size = ARENA_BLOCK_MIN;
	for (const struct arena_block *block = arena->block; block; block = block->older)
		held += block->size;
	while (size < held && size < ARENA_BLOCK_MAX)
		size *= 2;
	return size;
}

void arena_reset(struct arena *arena)
{
	struct arena_block *block = arena->block;
	if (!block) {
		forget(arena);
		return;
	}
	if (!block->older && block->size > ARENA_BLOCK_MAX) {
		arena_release(arena);
		return;
	}
	if (block->older) {
		size_t size = size_of_one(arena);
		arena_release(arena);
		arena->block = block_map(size);
		return;
	}
	block->next = ARENA_HEAD;
	block->last = ARENA_HEAD;
	POISON((char *)block + ARENA_HEAD, block->size - ARENA_HEAD);
	forget(arena);
}

static struct arena_block *block_for(struct arena *arena, size_t room)
{
	struct arena_block *newest = arena->block;
	if (newest && room <= newest->size - newest->next)
		return newest;
	size_t size = newest ? newest->size * 2 : ARENA_BLOCK_MIN;
	if (size > ARENA_BLOCK_MAX)
		size = ARENA_BLOCK_MAX;
	if (room <= (size - ARENA_HEAD) / 4 || (!newest && room <= size - ARENA_HEAD)) {
		struct arena_block *block = block_map(size);
		block->older = newest;
		arena->block = block;
		return block;
	}
	/* A big piece gets a block of its own, behind the newest, whose free rest stays in use. */
	struct arena_block *own = block_map(round_up(ARENA_HEAD + room, ARENA_PAGE));
	if (newest) {
		own->older = newest->older;
		newest->older = own;
	} else {
		arena->block = own;
	}
	return own;
}

static void *take(struct arena *arena, size_t bytes, bool zeroed)
{
	if (bytes > arena->max)
		arena_die("arena: over its ceiling\n");
	size_t rounded = round_up(bytes ? bytes : 1, ARENA_ALIGN);
	count_or_die(arena, rounded);
	size_t room = rounded + ARENA_GAP;
	return block_take(block_for(arena, room), bytes, room, zeroed);
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	return take(arena, bytes, true);
}

void *arena_alloc_raw(struct arena *arena, size_t bytes)
{
	return take(arena, bytes, false);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		arena_die("arena: count * size overflows\n");
	return arena_alloc(arena, bytes);
}

void *arena_grow(struct arena *arena, void *p, size_t old_bytes, size_t new_bytes)
{
	if (new_bytes > arena->max)
		arena_die("arena: over its ceiling\n");
	struct arena_block *block = arena->block;
	size_t old_rounded = round_up(old_bytes ? old_bytes : 1, ARENA_ALIGN);
	size_t rounded = round_up(new_bytes ? new_bytes : 1, ARENA_ALIGN);
	if (p && block && (char *)p == (char *)block + block->last && new_bytes >= old_bytes &&
		block->next == block->last + old_rounded + ARENA_GAP &&
		rounded + ARENA_GAP <= block->size - block->last) {
		count_or_die(arena, rounded - old_rounded);
		UNPOISON((char *)p + old_bytes, new_bytes - old_bytes);
		block->next = block->last + rounded + ARENA_GAP;
		if (block->next > block->dirty)
			block->dirty = block->next;
		return p;
	}
	void *moved = arena_alloc_raw(arena, new_bytes);
	size_t keep = old_bytes < new_bytes ? old_bytes : new_bytes;
	if (p && keep)
		memcpy(moved, p, keep);
	return moved;
}

void arena_freeze(struct arena *arena)
{
	struct arena_block *block = arena->block;
	while (block) {
		struct arena_block *older = block->older;
		if (mprotect(block, block->size, PROT_READ) != 0)
			arena_die("arena: mprotect failed\n");
		block = older;
	}
	arena->max = arena->used; /* the next allocation ends with a message, not with a signal */
}

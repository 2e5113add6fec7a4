/* base/arena: alignment, zeroing, ceilings, freezing. What ends the process is tried in a child. */
#include "base/arena.h"

#include "base/encode.h"

#include <signal.h>
#include <stdalign.h>
#include <sys/wait.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SURVIVED 42

/* What a child running fn leaves behind; its standard error goes to words. */
static int child(void (*fn)(void), char *words, size_t room)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		/* cmocka's handler would go on with the next test, in the child. */
		signal(SIGSEGV, SIG_DFL);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		fn();
		_exit(SURVIVED);
	}
	close(ends[1]);
	size_t n = 0;
	ssize_t got;
	char bin[4096];
	while ((got = read(ends[0], bin, sizeof bin)) > 0)
		for (ssize_t i = 0; i < got && n + 1 < room; i++)
			words[n++] = bin[i];
	words[n] = '\0';
	close(ends[0]);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void aborts(void (*fn)(void), const char *message)
{
	char words[256];
	int status = child(fn, words, sizeof words);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_string_equal(words, message);
}

static void one_over(void)
{
	struct arena arena;
	arena_init(&arena, 1024);
	arena_alloc(&arena, 1008);
	arena_alloc(&arena, 17);
}

static void far_over(void)
{
	struct arena arena;
	arena_init(&arena, SIZE_MAX);
	arena_alloc(&arena, SIZE_MAX);
}

static void array_overflow(void)
{
	struct arena arena;
	arena_init(&arena, SIZE_MAX);
	arena_alloc_array(&arena, SIZE_MAX / 8 + 2, 8);
}

static void grow_over(void)
{
	struct arena arena;
	arena_init(&arena, 1024);
	void *p = arena_alloc(&arena, 512);
	p = arena_grow(&arena, p, 512, 1024);
	arena_grow(&arena, p, 1024, 1025);
}

static void uninitialised(void)
{
	struct arena arena = {0};
	arena_alloc(&arena, 1);
}

static void test_ceiling(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 1024);
	arena_alloc(&arena, 1008); /* below */
	arena_alloc(&arena, 16);   /* at */
	assert_int_equal(arena.used, 1024);
	arena_reset(&arena);
	assert_int_equal(arena.used, 0);
	assert_non_null(arena_alloc(&arena, 1024));
	arena_release(&arena);
	aborts(one_over, "arena: over its ceiling\n");
	aborts(far_over, "arena: over its ceiling\n");
	aborts(array_overflow, "arena: count * size overflows\n");
	aborts(grow_over, "arena: over its ceiling\n");
	aborts(uninitialised, "arena: over its ceiling\n");
}

/* A request's arena: text ends before memory does, and what was made then is known not to be whole. */
static void test_ceiling_for_text(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init_text(&arena, 4096, 65536);
	arena_alloc(&arena, 1024);
	assert_true(arena_takes(&arena, 3072)); /* at */
	assert_false(arena_over(&arena));
	assert_false(arena_takes(&arena, 3073)); /* above */
	assert_true(arena_over(&arena));
	assert_false(arena_takes(&arena, 600)); /* text with a hole in it is worse than text that ends */
	assert_non_null(arena_alloc(&arena, 8192)); /* what is counted goes on */
	arena_allow(&arena, 2048);
	assert_false(arena_over(&arena));
	assert_true(arena_takes(&arena, 2048));
	assert_false(arena_takes(&arena, 2049));
	arena_reset(&arena);
	assert_false(arena_over(&arena));
	assert_false(arena_takes(&arena, 4097)); /* what was allowed is not for the next */

	/* Memory alone can do it too. */
	arena_reset(&arena);
	arena_alloc(&arena, 4096);
	assert_false(arena_over(&arena));
	arena_alloc(&arena, 1);
	assert_true(arena_over(&arena));
	assert_false(arena_takes(&arena, 600));
}

/* Short text goes on for a while, and the arena is over all the same. */
static void test_ceiling_for_short_text(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init_text(&arena, 4096, 65536);
	arena_alloc(&arena, 4096);
	assert_false(arena_takes(&arena, ARENA_SHORT + 1));
	assert_true(arena_takes(&arena, ARENA_SHORT));
	assert_int_equal(str_fmt(&arena, "%d", 1).n, 1);
	assert_true(arena_over(&arena));
	arena_alloc(&arena, (65536 - 4096) / 2 - ARENA_SHORT - 16);
	assert_true(arena_takes(&arena, ARENA_SHORT)); /* at */
	arena_alloc(&arena, 16);
	assert_false(arena_takes(&arena, ARENA_SHORT)); /* above */
	assert_int_equal(str_fmt(&arena, "%0500d", 1).n, 0);
	arena_allow(&arena, 4096);
	assert_int_equal(str_fmt(&arena, "%0500d", 1).n, 500);
}

/* Who writes text. */
static void test_ceiling_of_who_writes(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	struct str decoded;
	char digits[1200];
	memset(digits, '1', sizeof digits);
	struct str ones = str_make(digits, sizeof digits);
	arena_init_text(&arena, 4096, 65536);
	arena_alloc(&arena, 4000);
	assert_int_equal(str_fmt(&arena, "%0600d", 1).n, 0);
	assert_true(arena_over(&arena));
	arena_reset(&arena);
	arena_alloc(&arena, 4000);
	assert_int_equal(str_join(&arena, (struct str[]){ones, ones}, 2, STR(" ")).n, 0);
	assert_true(arena_over(&arena));
	arena_reset(&arena);
	arena_alloc(&arena, 4000);
	assert_int_equal(percent_read(&arena, ones, true, &decoded).code, ERR_LIMIT);
	arena_reset(&arena);
	arena_alloc(&arena, 4000);
	assert_int_equal(base64url_read(&arena, ones, &decoded).code, ERR_LIMIT);
	arena_reset(&arena);
	arena_alloc(&arena, 4000);
	assert_int_equal(hex_read(&arena, ones, &decoded).code, ERR_LIMIT);
}

static void over_text_and_all(void)
{
	struct arena arena;
	arena_init_text(&arena, 1024, 2048);
	arena_allow(&arena, 1024);
	arena_alloc(&arena, 2048);
	arena_alloc(&arena, 1);
}

static void test_ceiling_of_all(void **state)
{
	(void)state;
	aborts(over_text_and_all, "arena: over its ceiling\n");
}

static struct arena frozen;
static char *frozen_text;

static void write_frozen(void)
{
	*(volatile char *)frozen_text = 'x';
}

static void alloc_frozen(void)
{
	arena_alloc(&frozen, 1);
}

static void test_freeze(void **state)
{
	(void)state;
	char words[256];
	arena_init(&frozen, (size_t)8 << 20);
	frozen_text = arena_alloc(&frozen, 100);
	frozen_text[0] = 'a';
	arena_alloc(&frozen, 300000);
	arena_freeze(&frozen);
	assert_int_equal(frozen_text[0], 'a');
	/* A sanitizer turns the signal into an exit of its own. */
	int status = child(write_frozen, words, sizeof words);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == SURVIVED);
	assert_int_equal(frozen_text[0], 'a');
	aborts(alloc_frozen, "arena: over its ceiling\n");
	arena_release(&frozen);
}

static void test_aligned_zeroed_disjoint(void **state)
{
	(void)state;
	enum { PIECES = 3000 };
	static unsigned char *pieces[PIECES];
	static size_t sizes[PIECES];
	struct arena arena;
	arena_init(&arena, (size_t)64 << 20);
	for (int round = 0; round < 3; round++) {
		uint32_t draw = 1;
		for (size_t i = 0; i < PIECES; i++) {
			draw = draw * 1664525u + 1013904223u;
			sizes[i] = i % 500 == 499 ? 200000 + (draw >> 16) : (draw >> 16) % 700;
			pieces[i] = arena_alloc(&arena, sizes[i]);
			assert_non_null(pieces[i]);
			assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
			for (size_t k = 0; k < sizes[i]; k++)
				if (pieces[i][k] != 0)
					fail_msg("byte %zu of piece %zu is not zero in round %d", k,
						i, round);
			memset(pieces[i], (int)(1 + i % 255), sizes[i]);
		}
		for (size_t i = 0; i < PIECES; i++)
			for (size_t k = 0; k < sizes[i]; k++)
				if (pieces[i][k] != 1 + i % 255)
					fail_msg("piece %zu was overwritten", i);
		arena_reset(&arena);
	}
	arena_release(&arena);
	assert_null(arena.block);
}

static void test_empty_pieces_differ(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, 4096);
	assert_ptr_not_equal(arena_alloc(&arena, 0), arena_alloc(&arena, 0));
	assert_non_null(arena_alloc_array(&arena, 0, SIZE_MAX));
}

static void test_reset_keeps_one_block(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, (size_t)64 << 20);
	arena_reset(&arena); /* with nothing in it */
	assert_null(arena.block);
	void *first = arena_alloc(&arena, 10);
	arena_reset(&arena);
	assert_non_null(arena.block);
	assert_ptr_equal(arena_alloc(&arena, 10), first);
	arena_reset(&arena);
	/* What is larger than any usual answer is given back. */
	struct arena large;
	arena_init(&large, (size_t)64 << 20);
	arena_alloc(&large, (size_t)8 << 20);
	arena_reset(&large);
	assert_null(large.block);
	arena_release(&arena);
}

/* The same work again needs no memory of the system. */
static void test_reset_joins_blocks(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, (size_t)64 << 20);
	for (int round = 0; round < 2; round++) {
		char *pieces[30];
		ptrdiff_t step = 0;
		for (int i = 0; i < 30; i++) {
			pieces[i] = arena_alloc(&arena, 10000);
			memset(pieces[i], 'x', 10000);
			if (i == 1)
				step = pieces[1] - pieces[0];
			else if (i > 1 && round > 0)
				assert_int_equal(pieces[i] - pieces[i - 1], step);
		}
		arena_reset(&arena);
	}
	assert_int_equal(arena.used, 0);
	const char *p = arena_alloc(&arena, 200000);
	for (size_t i = 0; i < 200000; i++)
		assert_int_equal(p[i], 0);
	/* More than the largest usual block is never kept, but that one is. */
	for (int i = 0; i < 300; i++)
		arena_alloc(&arena, 10000);
	arena_reset(&arena);
	assert_non_null(arena.block);
	arena_release(&arena);
}

static void test_grow(void **state)
{
	(void)state;
	AUTO_ARENA arena;
	arena_init(&arena, (size_t)8 << 20);
	char *p = arena_grow(&arena, NULL, 0, 10);
	memset(p, 'a', 10);
	char *same = arena_grow(&arena, p, 10, 1000);
	assert_ptr_equal(same, p); /* the newest piece grows where it is */
	assert_int_equal(same[9], 'a');
	for (size_t i = 10; i < 1000; i++)
		assert_int_equal(same[i], 0);
	memset(same, 'b', 1000);
	char *other = arena_alloc(&arena, 1);
	char *moved = arena_grow(&arena, same, 1000, 2000);
	assert_ptr_not_equal(moved, same);
	for (size_t i = 0; i < 2000; i++)
		assert_int_equal(moved[i], i < 1000 ? 'b' : 0);
	assert_int_equal(*other, 0);
	/* Over the end of the block and to a block of its own. */
	moved = arena_grow(&arena, moved, 2000, 500000);
	assert_int_equal(moved[999], 'b');
	assert_int_equal(moved[499999], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_ceiling_for_text),
		cmocka_unit_test(test_ceiling_for_short_text),
		cmocka_unit_test(test_ceiling_of_who_writes),
		cmocka_unit_test(test_ceiling_of_all),
		cmocka_unit_test(test_freeze),
		cmocka_unit_test(test_aligned_zeroed_disjoint),
		cmocka_unit_test(test_empty_pieces_differ),
		cmocka_unit_test(test_reset_keeps_one_block),
		cmocka_unit_test(test_reset_joins_blocks),
		cmocka_unit_test(test_grow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

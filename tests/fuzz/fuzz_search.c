/*
 * Words that are looked for in the procedures as they are: the first byte says whether synonyms count, the rest is what was typed. It
 * must do with the memory of one request, and what is shown of a hit must be fit for a page.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "domain/search/search.h"

#ifndef SOURCE_ROOT
#define SOURCE_ROOT "."
#endif

static struct catalogue catalogue;

static const struct search_index *procedures(void)
{
	static struct arena arena;
	static const struct search_index *index;
	struct definition_problems problems;
	if (!index) {
		arena_init(&arena, LIMIT_STARTUP_ARENA);
		MUST(!failed(catalogue_read(&arena, SOURCE_ROOT "/procedures", &problems, &catalogue)));
		MUST(!failed(search_index_make(&arena, &catalogue, SOURCE_ROOT "/procedures", &problems, &index)));
	}
	return index;
}

static void check_why(const struct search_why *why, bool synonyms)
{
	MUST(why->word.n > 0 && utf8_valid(why->word));
	MUST(why->found.n > 0 && utf8_valid(why->found));
	MUST(why->source < SEARCH_SOURCE_COUNT && why->how < SEARCH_HOW_COUNT);
	MUST(synonyms || why->how != SEARCH_SYNONYM);
}

/* Each procedure once, the best first. */
static void check(const struct search_result *result, bool synonyms)
{
	MUST(result->n <= catalogue.n && (result->words > 0 || result->n == 0));
	for (size_t i = 0; i < result->n; i++) {
		const struct search_hit *hit = &result->hits[i];
		MUST(hit->score > 0 && hit->why_count == result->words);
		MUST(i == 0 || hit->score <= hit[-1].score);
		for (size_t other = 0; other < i; other++)
			MUST(result->hits[other].procedure != hit->procedure);
		for (size_t word = 0; word < hit->why_count; word++)
			check_why(&hit->why[word], synonyms);
	}
}

static bool has(const struct search_result *result, const struct procedure *procedure)
{
	for (size_t i = 0; i < result->n; i++)
		if (result->hits[i].procedure == procedure)
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	struct str input = str_make((const char *)data, size);
	bool synonyms = size > 0 && data[0] % 2 == 1;
	struct search_result result, again;
	const struct search_index *index = procedures();
	if (!arena.max)
		arena_init(&arena, LIMIT_REQUEST_ARENA);
	arena_reset(&arena);
	search_run(index, &arena, str_skip(input, 1), synonyms, &result);
	check(&result, synonyms);
	MUST(result.cut || size <= 1 + LIMIT_SEARCH);
	/* What is cut off changes nothing. */
	if (size <= 1 + LIMIT_SEARCH)
		return 0;
	AUTO_ARENA other;
	arena_init(&other, LIMIT_REQUEST_ARENA);
	search_run(index, &other, utf8_head(str_skip(input, 1), LIMIT_SEARCH / 4), synonyms, &again);
	check(&again, synonyms);
	MUST(again.n == result.n && again.words == result.words);
	for (size_t i = 0; i < again.n; i++)
		MUST(has(&result, again.hits[i].procedure));
	return 0;
}

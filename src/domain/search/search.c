#include "base/utf8.h"
#include "base/vec.h"
#include "domain/search/search_index.h"
#include "i18n/romaji.h"
#include "i18n/width.h"

#include <stdlib.h>

/* Each word is looked for in each text; what counts is the best place in each procedure. */

enum {
	NEAR_LATIN = 4, /* letters of a word that may have one wrong */
	NEAR_KANA = 4,
	APART_SHORTEST = 2, /* characters of each of two words that stand together */
};

static const unsigned weights[SEARCH_SOURCE_COUNT] = {
	[SEARCH_TITLE] = 100,
	[SEARCH_KEYWORDS] = 60,
	[SEARCH_SUMMARY] = 50,
	[SEARCH_STATUS] = 40,
	[SEARCH_EXPLANATION] = 15,
	[SEARCH_SECTION] = 10,
};
/* In tenths: a word that stands there counts more than one that only begins so, or means the same. */
enum { WHOLE = 10, BEGINNING = 8, SYNONYM = 6, APART = 7, NEAR = 4 };

/* Words of English questions that say nothing about what is wanted. */
static const struct str passed_over[] = {STR_INIT("a"), STR_INIT("an"), STR_INIT("and"), STR_INIT("for"), STR_INIT("how"), STR_INIT("i"),
	STR_INIT("in"), STR_INIT("my"), STR_INIT("of"), STR_INIT("on"), STR_INIT("or"), STR_INIT("the"), STR_INIT("to"), STR_INIT("with")};

struct word {
	struct str typed;
	struct str forms[FORM_COUNT]; /* absent: it cannot be found there */
	size_t length;                /* characters */
};

struct found {
	unsigned score; /* 0: not found */
	struct search_why why;
};

struct search {
	const struct search_index *index;
	struct arena *arena;
};

static bool is_ascii(struct str text)
{
	return width_first_not_ascii(text).n == 0;
}

static bool is_kana(struct str text)
{
	while (text.n > 0) {
		uint32_t point = utf8_next(&text);

		if (!((point >= 0x3041 && point <= 0x309F) || point == 0x30FC))
			return false;
	}
	return true;
}

static struct word word_make(struct arena *arena, struct str typed)
{
	struct str folded = width_fold(arena, typed);
	struct word word = {.typed = typed, .length = utf8_count(folded)};

	if (is_ascii(folded)) {
		word.forms[FORM_WORDS] = folded;
		word.forms[FORM_ROMAJI] = romaji_normal(arena, folded);
		word.forms[FORM_WRITTEN] = folded; /* ID, EPA, JLPT stand in Japanese texts too */
		return word;
	}
	word.forms[FORM_WRITTEN] = folded;
	if (is_kana(folded))
		word.forms[FORM_READING] = folded;
	return word;
}

static bool is_passed_over(struct str folded)
{
	for (size_t i = 0; i < sizeof passed_over / sizeof *passed_over; i++)
		if (str_eq(folded, passed_over[i]))
			return true;
	return false;
}

/* Signs between words, of both scripts. */
static bool separates(uint32_t point)
{
	return point <= ' ' || (point < 0x80 && point != '\'' && !(point >= '0' && point <= '9') && !((point | 0x20) >= 'a' && (point | 0x20) <= 'z')) ||
	       point == 0x3000 || point == 0x3001 || point == 0x3002 || point == 0x30FB || point == UTF8_BAD;
}

static size_t words_of(struct arena *arena, struct str typed, struct word out[SEARCH_WORDS_MOST], bool *cut)
{
	struct str rest = width_half(arena, typed);
	size_t n = 0, meant = 0;

	while (rest.n > 0) {
		struct str start = rest, before = rest;

		while (rest.n > 0 && !separates(utf8_next(&rest)))
			before = rest;
		struct str word = str_sub(start, 0, (size_t)(before.p - start.p));

		if (word.n == 0)
			continue;
		if (n == SEARCH_WORDS_MOST) {
			*cut = true;
			break;
		}
		out[n] = word_make(arena, word);
		meant += !is_passed_over(out[n].forms[FORM_WORDS]);
		n++;
	}
	if (meant == 0)
		return n;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!is_passed_over(out[i].forms[FORM_WORDS]))
			out[kept++] = out[i];
	return kept;
}

static void better(struct found *best, unsigned score, struct search_why why)
{
	if (score > best->score)
		*best = (struct found){score, why};
}

/* What is shown is only made of what counts: a word may stand in every text. */
static void better_place(const struct search *search, const struct search_text *text, enum search_form form, struct search_span span,
	const struct word *word, unsigned tenths, enum search_how how, struct found *best)
{
	unsigned score = weights[text->source] * tenths;

	if (score > best->score)
		better(best, score, (struct search_why){word->typed, search_shown(search->arena, text, form, span), text->source, how});
}

/* ---- ways of finding a word in a text ---- */

static void as_typed(const struct search *search, const struct search_text *text, const struct word *word, struct found *best)
{
	for (enum search_form form = 0; form < FORM_COUNT; form++) {
		struct search_span span;

		if (!search_match(text, form, word->forms[form], &span))
			continue;
		better_place(search, text, form, span, word, span.whole ? WHOLE : BEGINNING, SEARCH_AS_TYPED, best);
	}
}

static void with_slip(const struct search *search, const struct search_text *text, const struct word *word, struct found *best)
{
	bool kanji = word->forms[FORM_WORDS].n == 0 && word->forms[FORM_READING].n == 0;

	if (word->length < (size_t)(kanji || word->forms[FORM_READING].n ? NEAR_KANA : NEAR_LATIN))
		return;
	for (enum search_form form = 0; form < FORM_COUNT; form++) {
		struct search_span span;

		if ((form == FORM_WRITTEN && !kanji) || !search_match_near(text, form, word->forms[form], &span))
			continue;
		better_place(search, text, form, span, word, NEAR, SEARCH_NEAR, best);
	}
}

/* Every way in which its group's other words can be found. */
static void same_meaning(const struct search *search, const struct search_text *text, const struct word *word, struct str group, struct found *best)
{
	for (size_t i = 0; i < search->index->synonym_count; i++) {
		const struct search_synonym *other = &search->index->synonyms[i];
		struct search_span span;

		if (!str_eq(other->group, group))
			continue;
		for (enum search_form form = FORM_WORDS; form <= FORM_WRITTEN; form++) {
			if (!search_match(text, form, other->text.forms[form], &span) || !span.whole)
				continue;
			better_place(search, text, form, span, word, SYNONYM, SEARCH_SYNONYM, best);
		}
	}
}

/* ---- a word in all procedures ---- */

typedef void way(const struct search *search, const struct search_text *text, const struct word *word, struct found *best);

static size_t place_of(const struct search *search, const struct procedure *procedure)
{
	for (size_t i = 0; i < search->index->catalogue->n; i++)
		if (search->index->catalogue->v[i] == procedure)
			return i;
	return 0;
}

static bool in_all(const struct search *search, way *find, const struct word *word, struct found *best)
{
	bool any = false;

	for (size_t i = 0; i < search->index->text_count; i++) {
		const struct search_text *text = &search->index->texts[i];
		struct found *here = &best[place_of(search, text->procedure)];

		find(search, text, word, here);
		any |= here->score > 0;
	}
	return any;
}

static bool means(const struct search_synonym *synonym, const struct word *word)
{
	for (enum search_form form = 0; form < FORM_COUNT; form++)
		if (word->forms[form].n > 0 && str_eq(word->forms[form], synonym->text.forms[form]))
			return true;
	return false;
}

static void add_synonyms(const struct search *search, const struct word *word, struct found *best)
{
	for (size_t s = 0; s < search->index->synonym_count; s++) {
		const struct search_synonym *synonym = &search->index->synonyms[s];

		for (size_t i = 0; means(synonym, word) && i < search->index->text_count; i++) {
			const struct search_text *text = &search->index->texts[i];

			same_meaning(search, text, word, synonym->group, &best[place_of(search, text->procedure)]);
		}
	}
}

/* Both parts must be found in the same procedure. The better of two cuts counts. */
static bool in_two(const struct search *search, const struct word *word, struct found *best)
{
	size_t count = search->index->catalogue->n;
	bool any = false;

	for (size_t cut = APART_SHORTEST; !is_ascii(word->typed) && cut + APART_SHORTEST <= word->length; cut++) {
		struct str head = utf8_head(word->forms[FORM_WRITTEN], cut);
		struct word first = word_make(search->arena, head), second = word_make(search->arena, str_skip(word->forms[FORM_WRITTEN], head.n));
		struct found *a = arena_array(search->arena, struct found, count), *b = arena_array(search->arena, struct found, count);

		if (!in_all(search, as_typed, &first, a) || !in_all(search, as_typed, &second, b))
			continue;
		for (size_t i = 0; i < count; i++) {
			if (a[i].score == 0 || b[i].score == 0)
				continue;
			a[i].why.word = word->typed;
			a[i].why.how = SEARCH_APART;
			a[i].why.found = str_fmt(search->arena, STR_FMT " " STR_FMT, STR_ARG(a[i].why.found), STR_ARG(b[i].why.found));
			better(&best[i], (a[i].score + b[i].score) / 2 * APART / WHOLE, a[i].why);
			any = true;
		}
	}
	return any;
}

static void find_word(const struct search *search, const struct word *word, bool synonyms, struct found *best)
{
	bool found = in_all(search, as_typed, word, best);

	if (synonyms)
		add_synonyms(search, word, best);
	for (size_t i = 0; !found && i < search->index->catalogue->n; i++)
		found = best[i].score > 0;
	if (!found && !in_two(search, word, best))
		in_all(search, with_slip, word, best);
}

/* A phrase that a line of synonyms holds is one word: "residence card". */
static bool whole_phrase(const struct search *search, struct str typed, struct word *out)
{
	struct search_text phrase = {0};

	search_text_english(search->arena, search->arena, typed, &phrase);
	for (size_t i = 0; i < search->index->synonym_count; i++) {
		const struct str member = search->index->synonyms[i].text.forms[FORM_WORDS];

		if (str_find_byte(member, ' ') >= 0 && str_eq(member, phrase.forms[FORM_WORDS])) {
			*out = (struct word){.typed = str_trim(typed), .forms = {[FORM_WORDS] = member}, .length = member.n};
			return true;
		}
	}
	return false;
}

static int by_score(const void *a, const void *b)
{
	const struct search_hit *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return x->why < y->why ? -1 : 1; /* they lie in the order of the catalogue */
}

void search_run(const struct search_index *index, struct arena *arena, struct str typed, bool synonyms, struct search_result *out)
{
	struct search search = {.index = index, .arena = arena};
	size_t count = index->catalogue->n;
	struct word words[SEARCH_WORDS_MOST];
	bool cut = typed.n > LIMIT_SEARCH;
	struct str looked_at = cut ? utf8_head(typed, LIMIT_SEARCH / 4) : typed;
	size_t word_count = synonyms && whole_phrase(&search, looked_at, &words[0]) ? 1 : words_of(arena, looked_at, words, &cut);
	struct found *found = arena_array(arena, struct found, word_count * count + 1);
	struct search_hit *hits = arena_array(arena, struct search_hit, count + 1);
	struct search_why *why = arena_array(arena, struct search_why, word_count * count + 1);
	size_t n = 0;

	for (size_t w = 0; w < word_count; w++)
		find_word(&search, &words[w], synonyms, found + w * count);
	for (size_t i = 0; i < count && word_count > 0; i++) {
		struct search_hit hit = {.procedure = index->catalogue->v[i], .why = why + i * word_count, .why_count = word_count};
		bool all = true;

		for (size_t w = 0; w < word_count; w++) {
			const struct found *here = &found[w * count + i];

			all &= here->score > 0;
			hit.score += here->score;
			why[i * word_count + w] = here->why;
		}
		if (all)
			hits[n++] = hit;
	}
	qsort(hits, n, sizeof *hits, by_score);
	*out = (struct search_result){.hits = hits, .n = n, .words = word_count, .cut = cut};
}

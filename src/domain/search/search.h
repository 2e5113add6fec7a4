#ifndef DOMAIN_SEARCH_SEARCH_H
#define DOMAIN_SEARCH_SEARCH_H

#include "domain/definition/procedure.h"

/*
 * Finding a procedure by words (manual 6.1): every word must be found. A word is looked for as it stands, in kana or kanji, in full or half
 * width, in the reading of the kanji, in Latin letters (i18n/romaji.h), and in English by the beginning of a word. With `synonyms` also
 * what means the same (procedures/synonyms.csv). Only a word that is nowhere is taken to be several words written together, and if
 * that helps nothing, to have one letter wrong.
 *
 * Each hit says for each word where it was found and how, so that a person sees why it is there. Hits come best first: a word in the
 * title counts more than one in the explanation.
 *
 * The index is made at start and constant afterwards; a search allocates in the arena of the request only.
 */

#define SEARCH_WORDS_MOST 8 /* what stands behind them is not looked for */

enum search_source {
	SEARCH_TITLE,
	SEARCH_KEYWORDS,
	SEARCH_SUMMARY,
	SEARCH_STATUS,      /* a status of residence that it is for */
	SEARCH_EXPLANATION,
	SEARCH_SECTION,     /* the title of a part of the form */
	SEARCH_SOURCE_COUNT
};

enum search_how {
	SEARCH_AS_TYPED, /* or its beginning, or in another script */
	SEARCH_SYNONYM,
	SEARCH_APART,    /* in two words */
	SEARCH_NEAR,     /* with one letter changed */
	SEARCH_HOW_COUNT
};

struct search_why {
	struct str word;  /* as it was typed */
	struct str found; /* as it stands in the text, without readings; of SEARCH_APART the first of the two */
	enum search_source source;
	enum search_how how;
};

struct search_hit {
	const struct procedure *procedure;
	unsigned score;
	const struct search_why *why; /* one for each word */
	size_t why_count;
};

struct search_result {
	const struct search_hit *hits; /* best first; of equal ones as in the catalogue */
	size_t n;
	size_t words; /* 0: nothing to look for was typed, and there are no hits */
	bool cut;     /* more was typed than is looked at: more words, or longer ones */
};

struct search_index;

/*
 * Indexes the catalogue and reads synonyms.csv of the folder, if there is one. INVALID: *problems says where; it has been made before.
 * The catalogue and `arena` must outlive the index.
 */
err search_index_make(struct arena *arena, const struct catalogue *catalogue, const char *folder, struct definition_problems *problems,
	const struct search_index **out);

void search_run(const struct search_index *index, struct arena *arena, struct str typed, bool synonyms, struct search_result *out);

#endif

#ifndef DOMAIN_SEARCH_SEARCH_INDEX_H
#define DOMAIN_SEARCH_SEARCH_INDEX_H

#include "domain/search/search.h"

/*
 * Inside of the search. A text is cut into pieces: English into words, Japanese where a reading begins or ends. It is kept in the forms in
 * which somebody may type it, each with the places where the pieces begin.
 */

enum search_form {
	FORM_WORDS,   /* words of Latin letters, folded, one blank between */
	FORM_WRITTEN, /* folded, as written */
	FORM_READING, /* in hiragana */
	FORM_ROMAJI,
	FORM_COUNT
};

struct search_text {
	const struct procedure *procedure;
	enum search_source source;
	struct str forms[FORM_COUNT];         /* absent: it has not this form */
	const uint32_t *starts[FORM_COUNT];   /* of each piece; one more at the end */
	const struct str *pieces;             /* as they are shown */
	size_t piece_count;
	bool list;                            /* of separate words: nothing is found across them */
};

/* A word or phrase of synonyms.csv, in the same forms. */
struct search_synonym {
	struct str group;
	struct search_text text;
};

struct search_index {
	const struct catalogue *catalogue;
	const struct search_text *texts; /* of a procedure together, in the order of the catalogue */
	size_t text_count;
	const struct search_synonym *synonyms;
	size_t synonym_count;
};

/*
 * Fills the forms of an English or a Japanese text (Aozora notation), whose words stay borrowed; a list has its words between blanks. What is
 * kept stands in `arena`, what is only needed on the way in `scratch`; they may be the same.
 */
void search_text_english(struct arena *arena, struct arena *scratch, struct str text, struct search_text *out);
void search_text_japanese(struct arena *arena, struct arena *scratch, struct str text, struct search_text *out);
void search_text_list(struct arena *arena, struct arena *scratch, struct str text, struct search_text *out);

/* Part of a form: how far a match reaches. */
struct search_span {
	size_t from, to; /* bytes */
	bool whole;      /* a whole word, not only its beginning */
};

/* `pattern` is folded as the form is. False: it is not there. */
bool search_match(const struct search_text *text, enum search_form form, struct str pattern, struct search_span *out);
/* The same with exactly one letter more, less, changed, or two changed places; not in the first letter. */
bool search_match_near(const struct search_text *text, enum search_form form, struct str pattern, struct search_span *out);

/* What stands there, as it is shown. */
struct str search_shown(struct arena *arena, const struct search_text *text, enum search_form form, struct search_span span);

#endif

#ifndef DOMAIN_APPLICATION_APPLICATION_TERM_H
#define DOMAIN_APPLICATION_APPLICATION_TERM_H

#include "domain/cx.h"

/*
 * Words by which a person finds the own applications: each word of names and numbers, folded (case,
 * width, kana, accents), without signs inside. What is typed into the search goes the same way, and
 * a word fits when a term begins with it. Works alike in every language and on both databases, and
 * costs one range of an index.
 */

#define TERM_MAX 60       /* characters kept of one word */
#define TERM_WORDS_MAX 12 /* words kept of one text */

/* The terms of a text; at most TERM_WORDS_MAX. */
size_t terms_of(struct arena *arena, struct str text, struct str out[TERM_WORDS_MAX]);

/* The end of the range of terms that begin with `term`: nothing that begins so sorts behind it. */
struct str term_end(struct arena *arena, struct str term);

/* Inside cx_write. */
err application_terms_add(struct cx *cx, int64_t account_id, int64_t application_id,
	const struct str *texts, size_t count);

#endif

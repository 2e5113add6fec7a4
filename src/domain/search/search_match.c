#include "base/utf8.h"
#include "domain/search/search_index.h"

/* Where a pattern stands in a form of a text. */

enum {
	BEGIN_SHORTEST = 2, /* letters of which a word may be the beginning */
	STEM_SHORTEST = 4,  /* of a word of the text that what was typed goes on from: "extend" for "extended" */
	STEM_MORE = 3,
	ROMAJI_SHORTEST = 3,
};

static bool begins_piece(const struct search_text *text, enum search_form form, size_t at)
{
	const uint32_t *starts = text->starts[form];

	for (size_t i = 0; i < text->piece_count && starts[i] <= at; i++)
		if (starts[i] == at && starts[i + 1] > at)
			return true;
	return false;
}

static struct str piece_of(const struct search_text *text, enum search_form form, size_t i)
{
	return str_trim(str_sub(text->forms[form], text->starts[form][i], text->starts[form][i + 1] - text->starts[form][i]));
}

static bool fits_word(struct str word, struct str pattern, bool *whole)
{
	*whole = str_eq(word, pattern);
	if (*whole)
		return true;
	if (pattern.n >= BEGIN_SHORTEST && str_starts(word, pattern))
		return true;
	return word.n >= STEM_SHORTEST && str_starts(pattern, word) && pattern.n - word.n <= STEM_MORE;
}

/* Of a phrase all words must stand as they are; of one word a beginning is enough. The best is taken. */
static bool match_words(const struct search_text *text, struct str pattern, struct search_span *out)
{
	bool found = false, whole = false;

	if (str_find_byte(pattern, ' ') >= 0) {
		ptrdiff_t at = str_find(text->forms[FORM_WORDS], pattern);
		size_t end = at < 0 ? 0 : (size_t)at + pattern.n;

		if (at < 0 || !begins_piece(text, FORM_WORDS, (size_t)at) || (end < text->forms[FORM_WORDS].n && text->forms[FORM_WORDS].p[end] != ' '))
			return false;
		*out = (struct search_span){(size_t)at, end, true};
		return true;
	}
	for (size_t i = 0; i < text->piece_count && !(found && out->whole); i++) {
		struct str word = piece_of(text, FORM_WORDS, i);

		if (word.n == 0 || !fits_word(word, pattern, &whole) || (found && !whole))
			continue;
		*out = (struct search_span){text->starts[FORM_WORDS][i], text->starts[FORM_WORDS][i] + word.n, whole};
		found = true;
	}
	return found;
}

bool search_match(const struct search_text *text, enum search_form form, struct str pattern, struct search_span *out)
{
	struct str all = text->forms[form];

	if (all.n == 0 || pattern.n == 0 || (form == FORM_ROMAJI && pattern.n < ROMAJI_SHORTEST))
		return false;
	if (form == FORM_WORDS)
		return match_words(text, pattern, out);
	for (size_t from = 0; from + pattern.n <= all.n;) {
		ptrdiff_t at = str_find(str_skip(all, from), pattern);

		if (at < 0)
			return false;
		from += (size_t)at;
		/* Kana stand between any others; Latin letters in the middle of a word would find too much. */
		if (form != FORM_ROMAJI || begins_piece(text, form, from)) {
			*out = (struct search_span){from, from + pattern.n, true};
			return true;
		}
		from++;
	}
	return false;
}

/* ---- one letter wrong ---- */

/* Without the first `count` letters; empty when it has not so many. */
static struct str letters_skip(struct str text, size_t count)
{
	return str_skip(text, utf8_head(text, count).n);
}

static bool first_are_equal(struct str a, struct str b)
{
	return a.n > 0 && b.n > 0 && utf8_next(&a) == utf8_next(&b);
}

/* The same two letters in the other order. */
static bool first_changed_places(struct str a, struct str b)
{
	return first_are_equal(a, letters_skip(b, 1)) && first_are_equal(letters_skip(a, 1), b);
}

/*
 * How many bytes of `text` the pattern takes when exactly one letter is wrong; 0: it does not fit. Behind the first difference the rest
 * must fit, with the letter left out here, there, in both, or changed with the next. Nothing is allocated: it is asked at every place
 * of every text.
 */
static size_t near_length(struct str text, struct str pattern)
{
	struct str t = text, p = pattern;

	while (first_are_equal(t, p)) {
		t = letters_skip(t, 1);
		p = letters_skip(p, 1);
	}
	/* All of it is there, or nothing but the last letter is missing: that is no slip but the word itself, or another one. */
	if (p.n == pattern.n || p.n == 0)
		return 0;
	const struct {
		bool may;
		size_t of_text, of_pattern; /* letters that are passed over */
	} ways[] = {
		{first_changed_places(t, p), 2, 2},
		{t.n > 0, 1, 1},
		{true, 0, 1},
		{t.n > 0, 1, 0},
	};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct str behind = letters_skip(t, ways[i].of_text), wanted = letters_skip(p, ways[i].of_pattern);

		if (ways[i].may && str_starts(behind, wanted))
			return (size_t)(behind.p - text.p) + wanted.n;
	}
	return 0;
}

static bool near_word(const struct search_text *text, struct str pattern, struct search_span *out)
{
	for (size_t i = 0; i < text->piece_count; i++) {
		struct str word = piece_of(text, FORM_WORDS, i);
		size_t taken = near_length(word, pattern);

		/* A word, or its plural or the like. */
		if (taken == 0 || utf8_count(str_skip(word, taken)) > STEM_MORE)
			continue;
		*out = (struct search_span){text->starts[FORM_WORDS][i], text->starts[FORM_WORDS][i] + word.n, false};
		return true;
	}
	return false;
}

bool search_match_near(const struct search_text *text, enum search_form form, struct str pattern, struct search_span *out)
{
	if (text->forms[form].n == 0 || pattern.n == 0)
		return false;
	if (form == FORM_WORDS)
		return near_word(text, pattern, out);
	for (struct str rest = text->forms[form]; rest.n > 0; utf8_next(&rest)) {
		size_t at = (size_t)(rest.p - text->forms[form].p), taken = near_length(rest, pattern);

		if (taken == 0 || (form == FORM_ROMAJI && !begins_piece(text, form, at)))
			continue;
		*out = (struct search_span){at, at + taken, false};
		return true;
	}
	return false;
}

/* ---- for the eye ---- */

struct str search_shown(struct arena *arena, const struct search_text *text, enum search_form form, struct search_span span)
{
	const uint32_t *starts = text->starts[form];
	struct buf out;

	buf_init(&out, arena, LIMIT_DEFINITION_FILE);
	if (form == FORM_WRITTEN) { /* nothing but the folding lies between: the pieces would show more than was found */
		for (size_t i = 0; i < text->piece_count; i++) {
			struct str folded = str_sub(text->forms[form], starts[i], starts[i + 1] - starts[i]);

			if (span.from >= starts[i] && span.to <= starts[i + 1] && str_eq(folded, text->pieces[i]))
				return str_sub(text->pieces[i], span.from - starts[i], span.to - span.from);
		}
	}
	for (size_t i = 0; i < text->piece_count; i++) {
		if (starts[i + 1] <= span.from || starts[i] >= span.to || starts[i] == starts[i + 1])
			continue;
		if (out.n > 0 && form == FORM_WORDS)
			buf_byte(&out, ' ');
		buf_str(&out, text->pieces[i]);
	}
	return buf_view(&out);
}

#include "base/utf8.h"
#include "domain/search_index.h"

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

struct points {
	const uint32_t *v;
	size_t n;
};

static struct points points_of(struct arena *arena, struct str text)
{
	uint32_t *v = arena_array(arena, uint32_t, text.n + 1);
	size_t n = 0;

	while (text.n > 0)
		v[n++] = utf8_next(&text);
	return (struct points){v, n};
}

static struct points points_skip(struct points points, size_t count)
{
	return count < points.n ? (struct points){points.v + count, points.n - count} : (struct points){points.v + points.n, 0};
}

static bool begins(struct points text, struct points with)
{
	for (size_t i = 0; i < with.n; i++)
		if (i >= text.n || text.v[i] != with.v[i])
			return false;
	return true;
}

/*
 * How many letters of `text` the pattern takes when exactly one is wrong; 0: it does not fit. Behind the first difference the rest must
 * fit, with the letter left out here, there, in both, or changed with the next.
 */
static size_t near_length(struct points text, struct points pattern)
{
	size_t same = 0;

	while (same < pattern.n && same < text.n && text.v[same] == pattern.v[same])
		same++;
	/* All of it is there, or nothing but the last letter is missing: that is no slip but the word itself, or another one. */
	if (same == 0 || same == pattern.n)
		return 0;
	struct points t = points_skip(text, same), p = points_skip(pattern, same);

	if (t.n >= 2 && p.n >= 2 && t.v[0] == p.v[1] && t.v[1] == p.v[0] && begins(points_skip(t, 2), points_skip(p, 2)))
		return pattern.n;
	if (t.n >= 1 && begins(points_skip(t, 1), points_skip(p, 1)))
		return pattern.n;
	if (begins(t, points_skip(p, 1)))
		return pattern.n - 1;
	if (t.n >= 1 && begins(points_skip(t, 1), p))
		return pattern.n + 1;
	return 0;
}

static size_t bytes_of(struct str text, size_t points)
{
	return utf8_head(text, points).n;
}

static bool near_word(struct arena *arena, const struct search_text *text, struct points pattern, struct search_span *out)
{
	for (size_t i = 0; i < text->piece_count; i++) {
		struct str word = piece_of(text, FORM_WORDS, i);
		size_t taken = word.n == 0 ? 0 : near_length(points_of(arena, word), pattern);

		/* A word, or its plural or the like. */
		if (taken == 0 || utf8_count(word) > taken + STEM_MORE)
			continue;
		*out = (struct search_span){text->starts[FORM_WORDS][i], text->starts[FORM_WORDS][i] + word.n, false};
		return true;
	}
	return false;
}

bool search_match_near(struct arena *arena, const struct search_text *text, enum search_form form, struct str pattern, struct search_span *out)
{
	struct points wanted = points_of(arena, pattern);

	if (text->forms[form].n == 0 || pattern.n == 0)
		return false;
	if (form == FORM_WORDS)
		return near_word(arena, text, wanted, out);
	for (struct str rest = text->forms[form]; rest.n > 0; utf8_next(&rest)) {
		size_t at = (size_t)(rest.p - text->forms[form].p);
		/* No more of the text is looked at than one letter more than the pattern has. */
		struct str here = utf8_head(rest, wanted.n + 1);

		if (form == FORM_ROMAJI && !begins_piece(text, form, at))
			continue;
		size_t taken = near_length(points_of(arena, here), wanted);

		if (taken == 0)
			continue;
		*out = (struct search_span){at, at + bytes_of(rest, taken), false};
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

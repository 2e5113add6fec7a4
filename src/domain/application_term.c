#include "domain/application_term.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "i18n/width.h"
#include "store/query.h"

static bool is_sign(uint32_t point)
{
	return point < 0x80 && !(point >= '0' && point <= '9') && !(point >= 'a' && point <= 'z') && !(point >= 'A' && point <= 'Z');
}

/* "O'BRIEN-SMITH" → "obriensmith" */
static struct str term_of(struct arena *arena, struct str word)
{
	struct str rest = utf8_head(width_fold(arena, word), TERM_MAX);
	struct buf out;

	buf_init(&out, arena, rest.n + 1);
	while (rest.n > 0) {
		struct str before = rest;
		uint32_t point = utf8_next(&rest);

		if (point != UTF8_BAD && !is_sign(point))
			buf_str(&out, str_sub(before, 0, before.n - rest.n));
	}
	return buf_view(&out);
}

size_t terms_of(struct arena *arena, struct str text, struct str out[TERM_WORDS_MAX])
{
	struct str rest, word;
	size_t n = 0;

	if (!utf8_valid(text))
		return 0;
	rest = width_half(arena, text); /* the ideographic blank becomes a blank */
	while (n < TERM_WORDS_MAX && str_next(&rest, ' ', &word)) {
		struct str term = term_of(arena, word);

		if (term.n > 0)
			out[n++] = term;
	}
	return n;
}

struct str term_end(struct arena *arena, struct str term)
{
	/* U+10FFFF is no character and never in a text. */
	return str_fmt(arena, STR_FMT "\xF4\x8F\xBF\xBF", STR_ARG(term));
}

err application_terms_add(struct cx *cx, int64_t account_id, int64_t application_id, const struct str *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct str terms[TERM_WORDS_MAX];
		size_t n = terms_of(cx->arena, texts[i], terms);

		for (size_t t = 0; t < n; t++)
			TRY(q_application_term_add(cx_tx(cx), account_id, terms[t], application_id, NULL));
	}
	return ok();
}

#include "domain/application/application_term.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "i18n/width.h"
#include "store/query.h"

static bool is_sign(uint32_t point)
{
	return point < 0x80 && !(point >= '0' && point <= '9') && !(point >= 'a' && point <= 'z') &&
	       !(point >= 'A' && point <= 'Z');
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

#define AT_ONCE 8

/* `terms` has at least one; a short lot is filled up with its first. */
static err add_lot(struct cx *cx, int64_t account_id, int64_t application_id,
	const struct str *terms, size_t count)
{
	struct str lot[AT_ONCE];

	for (size_t i = 0; i < AT_ONCE; i++)
		lot[i] = terms[i < count ? i : 0];
	return q_application_term_add(cx_tx(cx),
		&(struct q_application_term_add_in){
			.account_id = account_id,
			.application_id = application_id,
			.term1 = lot[0],
			.term2 = lot[1],
			.term3 = lot[2],
			.term4 = lot[3],
			.term5 = lot[4],
			.term6 = lot[5],
			.term7 = lot[6],
			.term8 = lot[7],
		},
		NULL);
}

err application_terms_add(struct cx *cx, int64_t account_id, int64_t application_id,
	const struct str *texts, size_t count)
{
	VEC(struct str) all = {0};

	for (size_t i = 0; i < count; i++) {
		struct str terms[TERM_WORDS_MAX];
		size_t n = terms_of(cx->arena, texts[i], terms);

		for (size_t t = 0; t < n; t++)
			vec_push(cx->arena, &all, terms[t]);
	}
	for (size_t i = 0; i < all.n; i += AT_ONCE)
		TRY(add_lot(cx, account_id, application_id, all.v + i, all.n - i));
	return ok();
}

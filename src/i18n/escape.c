#include "i18n/escape.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* What each byte becomes; empty: itself. */
struct forms {
	struct str of[256];
};
static const struct forms text_forms = {{
	['&'] = STR_INIT("&amp;"),
	['<'] = STR_INIT("&lt;"),
	['>'] = STR_INIT("&gt;"),
}};
static const struct forms attr_forms = {{
	['&'] = STR_INIT("&amp;"),
	['<'] = STR_INIT("&lt;"),
	['>'] = STR_INIT("&gt;"),
	['"'] = STR_INIT("&quot;"),
	['\''] = STR_INIT("&#39;"),
}};
#define FORM_MAX 6

#if defined(__SSE2__)
/* One bit for each of 16 bytes that must be escaped. */
static inline unsigned hits(__m128i bytes, bool quotes)
{
	__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('&')),
		_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('<')),
			_mm_cmpeq_epi8(bytes, _mm_set1_epi8('>'))));
	if (quotes)
		hit = _mm_or_si128(hit, _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
						_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\''))));
	return (unsigned)_mm_movemask_epi8(hit);
}
#endif

static inline char *put_form(char *to, struct str form)
{
	memcpy(to, form.p, form.n);
	return to + form.n;
}

/* `to` has room for FORM_MAX times the text and 16 bytes more. */
static inline char *escape_into(char *to, struct str text, const struct forms *forms, bool quotes)
{
	const char *p = text.p;
	const char *end = p + text.n;
#if defined(__SSE2__)
	while (end - p >= 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
		unsigned mask = hits(bytes, quotes);
		_mm_storeu_si128((__m128i *)(void *)to, bytes);
		unsigned plain = mask ? (unsigned)__builtin_ctz(mask) : 16;
		p += plain;
		to += plain;
		if (mask)
			to = put_form(to, forms->of[(unsigned char)*p++]);
	}
	/* What is left, mostly the whole text, is rarely anything but plain. */
	char rest[16] = {0};
	memcpy(rest, p, (size_t)(end - p));
	if (!hits(_mm_loadu_si128((const __m128i *)(const void *)rest), quotes)) {
		memcpy(to, rest, sizeof rest);
		return to + (end - p);
	}
#else
	(void)quotes;
#endif
	for (; p < end; p++) {
		struct str form = forms->of[(unsigned char)*p];
		if (form.n)
			to = put_form(to, form);
		else
			*to++ = *p;
	}
	return to;
}

/* Near the ceiling of the buffer: in runs, each asking for its room. */
static void escape_in_runs(struct buf *out, struct str text, const struct forms *forms)
{
	for (size_t i = 0; i < text.n;) {
		size_t from = i;
		while (i < text.n && !forms->of[(unsigned char)text.p[i]].n)
			i++;
		buf_bytes(out, text.p + from, i - from);
		if (i < text.n)
			buf_str(out, forms->of[(unsigned char)text.p[i++]]);
	}
}

static inline void escape(struct buf *out, struct str text, const struct forms *forms, bool quotes)
{
	if (!text.n)
		return;
	/* Where there may be no room for the worst, only what is really needed is asked for. */
	if (out->over || (out->max - out->n) / FORM_MAX < text.n + 16) {
		escape_in_runs(out, text, forms);
		return;
	}
	char *from = buf_room(out, text.n * FORM_MAX + 16);
	if (!from)
		return;
	out->n += (size_t)(escape_into(from, text, forms, quotes) - from);
}

void escape_text(struct buf *out, struct str text)
{
	escape(out, text, &text_forms, false);
}
void escape_attr(struct buf *out, struct str text)
{
	escape(out, text, &attr_forms, true);
}

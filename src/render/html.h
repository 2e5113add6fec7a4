#ifndef RENDER_HTML_H
#define RENDER_HTML_H

#include "render/page.h"

/* What compiled templates call beside render/page.h. Pages do not need it. */

/* As buf_lit, with the copy in place: most of a page is literal text. */
#define html_lit(out, literal) html_literal((out), "" literal, sizeof(literal) - 1)
static inline void html_literal(struct buf *out, const char *p, size_t n)
{
	if (out->over || n > out->cap - out->n) {
		buf_bytes(out, p, n);
		return;
	}
	memcpy(out->p + out->n, p, n);
	out->n += n;
}

/* A part of a URL: all but unreserved characters and @ as %XX, so it can neither end the URL nor
 * begin another part of it. */
void html_write_url(struct buf *out, struct str text);

/*
 * A segment of a path. Browsers take "." and ".." out of a path, percent-encoded or not, and an
 * empty segment would shift the others: these get a '-' in front, which names nothing.
 */
void html_write_segment(struct buf *out, struct str text);

/* <input type="hidden" …> with page->csrf. */
void html_write_csrf(struct buf *out, const struct page *page);

/* Values for {placeholders} of texts. */
struct str html_arg_int(struct arena *arena, int64_t value);
struct str html_arg_date(struct arena *arena, const struct locale *locale, int32_t date);
struct str html_arg_datetime(struct arena *arena, const struct locale *locale, int64_t at);

#endif

#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include "base/buf.h"
#include "i18n/locale.h"

/*
 * What every template can see beside its own view. Templates are compiled by tmplgen into
 *   void tmpl_<name>(struct buf *out, const struct page *page, const struct view_<name> *view);
 * declared in the generated "render/templates.h". The language of templates is in
 * docs/templates.md.
 */

/* Markup that was made by a template or by render/html.c; the only type that is printed unescaped.
 */
struct html {
	struct str s;
};

struct page {
	const struct locale *locale;
	struct str csrf; /* masked anew for each page; {{csrf}} prints the hidden field */
};

/* Name of the hidden field that {{csrf}} prints. */
#define HTML_CSRF_FIELD "_csrf"

void html_write_text(struct buf *out, struct str text); /* & < > */
void html_write_attr(struct buf *out, struct str text); /* & < > " ' */
static inline struct html html_none(void)
{
	return (struct html){{NULL, 0}};
}
static inline struct html html_of(const struct buf *buf)
{
	return (struct html){buf_view(buf)};
}

#endif

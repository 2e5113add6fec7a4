#ifndef WEB_VIEW_TEXT_H
#define WEB_VIEW_TEXT_H

#include "domain/definition/procedure.h"
#include "domain/notice.h"
#include "web/exchange.h"

/* Texts of the catalogue and of procedures as views want them: escaped, with ruby where the reader wants it. */

struct html view_msg(struct exchange *ex, enum msg msg);
struct html view_msg_args(struct exchange *ex, enum msg msg, const struct msg_arg *args, size_t count);
struct html view_plain(struct exchange *ex, struct str text); /* any text, escaped */

/* A text of a procedure in the reader's language. */
struct html view_label(struct exchange *ex, const struct text *text);
struct str view_label_plain(struct exchange *ex, const struct text *text);
/* Its official Japanese wording, for readers of another language; empty in Japanese. */
struct html view_official(struct exchange *ex, const struct text *text);
/* Paragraphs separated by an empty line as <p>; one item a line as <ul>. */
struct html view_paragraphs(struct exchange *ex, struct str text);
struct html view_items(struct exchange *ex, struct str text);

void maintenance_write(struct buf *out, const struct locale *locale, const struct maintenance *window);

#endif

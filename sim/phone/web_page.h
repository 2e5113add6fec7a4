#ifndef SIM_PHONE_WEB_PAGE_H
#define SIM_PHONE_WEB_PAGE_H

#include "sim/phone/web.h"

/* The parts that pages are made of. Everything that is written through here is escaped. */

struct sheet {
	struct buf *out;
	struct arena *arena;
	const struct web *web;
};

/* Up to the first line of the content, with the heading. `title`: with readings. */
void sheet_begin(const struct sheet *sheet, struct str title, const char *kind);
void sheet_end(const struct sheet *sheet);

void sheet_word(const struct sheet *sheet, enum word word);
/* <tag class="kind">text</tag>; kind NULL: none */
void sheet_line(const struct sheet *sheet, const char *tag, const char *kind, struct str text);
void sheet_word_line(const struct sheet *sheet, const char *tag, const char *kind, enum word word);
/* What others said: no readings in it. `lang` may be absent. */
void sheet_said(const struct sheet *sheet, const char *tag, struct str text);
/* <form method="post" action=…> with the token; `attributes` is ours. */
void sheet_form(const struct sheet *sheet, const char *action, const char *attributes);
void sheet_form_end(const struct sheet *sheet);
void sheet_button(const struct sheet *sheet, const char *kind, const char *name, const char *value,
	enum word word);
/* A form that is one button. */
void sheet_press(const struct sheet *sheet, const char *action, const char *kind, enum word word);

/* A page outside the phone's steps: what cannot be done. */
void sheet_refusal(struct buf *out, enum tongue tongue, enum word why);

#endif

#ifndef WEB_TEST_FORM_H
#define WEB_TEST_FORM_H

#include "site.h"

/* What a browser does with a page that has a form: reads its fields, presses its buttons; and forms that are long. */

/* The value of an attribute behind a sign, as a browser understands it; absent: there is no such sign. */
struct str form_value(struct site *site, struct str page, const char *sign);
/* Of the first hidden field of that name. */
struct str form_hidden(struct site *site, const struct reply *reply, const char *name);
/* All hidden fields of the form with that id, urlencoded, in order. */
struct str form_fields(struct site *site, const struct reply *reply, const char *id);

/* Where the form that is given back goes, and where the buttons of the language send it. */
struct str form_retry(struct site *site, const struct reply *reply);
struct str form_language(struct site *site, const struct reply *reply);
/* Sends that form there, as a press does, and `more` behind its fields. like: who presses. */
struct reply form_press(struct site *site, const struct reply *reply, const struct ask *like, struct str to, const char *more);

bool reply_has(const struct reply *reply, const char *text);
struct str repeated(struct site *site, const char *piece, size_t times);
/* "name=piecepiece…" */
const char *form_of(struct site *site, const char *name, const char *piece, size_t times);

#endif

#ifndef WEB_LOCALE_CHOICE_H
#define WEB_LOCALE_CHOICE_H

#include "web/exchange.h"

/*
 * The reader's language and furigana: the cookie "language" ("ja", "en", "ja+furigana", "en+furigana"), which lasts a year;
 * without one, what the browser asks for.
 */

const struct locale *locale_choice(const struct exchange *ex);

/* "ja", "en", "furigana-on", "furigana-off": changes the one thing and sets the cookie; anything else is ignored. */
void locale_choose(struct exchange *ex, struct str what);

/* Whether the posted form came by a press of the language's buttons (field "set"); the choice is then made. */
bool locale_switched(struct exchange *ex);

#endif

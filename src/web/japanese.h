#ifndef WEB_JAPANESE_H
#define WEB_JAPANESE_H

#include "web/exchange.h"

/*
 * Japanese inside pages of another language says that it is (WCAG 2.2, 3.1.2: a screen reader changes its voice, a browser its
 * font). In Japanese pages nothing is changed.
 */

/* HTML with each run of kana and kanji, outside tags, in <span lang="ja">. */
struct html japanese_marked(struct exchange *ex, struct html words);

/* What a person typed, escaped; if there is Japanese in it, all of it is taken to be. */
struct html japanese_value(struct exchange *ex, struct str value);
void japanese_write(struct exchange *ex, struct buf *out, struct str value);

#endif

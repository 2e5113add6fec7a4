#ifndef I18N_WIDTH_H
#define I18N_WIDTH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/*
 * Full and half width, kana, normal forms (utf8proc). Each function takes valid UTF-8 and answers
 * text in the arena; what is no valid UTF-8 comes back as it is.
 *
 * None of them applies a normal form on the way: NFC replaces the compatibility kanji that stand in
 * some people's names.
 */

struct str width_nfc(struct arena *arena, struct str text);
struct str width_nfkc(struct arena *arena, struct str text);

/*
 * １２－Ａ ﾔ → 12-A ヤ: ASCII forms of full-width letters, digits, signs and the ideographic blank;
 * half-width katakana → katakana; curly quotes → straight; the hyphen look-alikes ‐ ‑ ‒ – — ― − ﹣
 * → '-', and the long vowel sign ー where it stands among letters and digits (1ー2) and not behind
 * kana.
 */
struct str width_half(struct arena *arena, struct str text);

/*
 * 12-A ﾔﾏﾀﾞ → １２－Ａ　ヤマダ: full-width forms of ASCII and of half-width katakana, voiced marks
 * put together with their kana; the short dashes ‐ ‑ ‒ – − → －. Line feeds and tabs stay.
 */
struct str width_full(struct arena *arena, struct str text);

/* From the first character outside ASCII to the end; empty: none. */
struct str width_first_not_ascii(struct str text);

/*
 * For search: NFKC, case folded, katakana → hiragana, Latin, Greek and Cyrillic diacritics and all
 * blanks removed. Voiced marks of kana and the vowel signs of other scripts make words and stay.
 */
struct str width_fold(struct arena *arena, struct str text);

#endif

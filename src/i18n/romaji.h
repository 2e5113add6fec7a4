#ifndef I18N_ROMAJI_H
#define I18N_ROMAJI_H

#include "base/arena.h"
#include "base/str.h"

/*
 * Japanese in Latin letters, for finding it: not for showing. Both functions answer one normal form, so that what was typed and what stands
 * in a text can be compared however either was spelled: "kōshin", "koushin", "kosin" and こうしん are all "koshin".
 *
 * The form is Hepburn in small letters without long vowels: si shi, tu tsu, sya sha, zya ja; n before b, m and p too (shinbun); a small っ
 * doubles the consonant (kekka; cch for っち). ISO 3602 (Kunrei) and the ways of input methods are understood.
 */

/* Of kana; both kinds. Letters and digits of ASCII stay, in small letters; all else, kanji too, is left out. */
struct str romaji_of_kana(struct arena *arena, struct str text);

/* Of what somebody typed in Latin letters, its diacritics removed before (width_fold). */
struct str romaji_normal(struct arena *arena, struct str typed);

#endif

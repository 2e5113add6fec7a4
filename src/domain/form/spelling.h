#ifndef DOMAIN_FORM_SPELLING_H
#define DOMAIN_FORM_SPELLING_H

#include "base/arena.h"
#include "base/str.h"

/*
 * What people type, in the one form that is kept: shared by the questions of procedures (domain/form/form.h) and those outside of
 * them (domain/form/input.h), so that neither refuses what the other takes. None of these refuses anything: what cannot be converted
 * stays, for a check to name. The answer is in the arena; converting it again changes nothing.
 */

/* Without blanks at the ends, U+3000 and U+00A0 too, which Japanese keyboards and copied pages leave there. */
struct str spell_trim(struct str text);

/* Where each of those below begins: NFC, trimmed. Bytes that are no UTF-8 become U+FFFD: nothing is dropped in silence. */
struct str spell_clean(struct arena *arena, struct str typed);

struct str spell_half(struct arena *arena, struct str text); /* width_half, in NFC */
/* The same without the given signs of ASCII, in either width, and trimmed. Where hyphens go a long vowel sign is one. */
struct str spell_half_without(struct arena *arena, struct str text, const char *signs);

struct str spell_blanks(struct arena *arena, struct str text); /* a tab came from a table that was copied: it is a blank */

/* As a residence card or a passport prints a name: latin_upper in half width, blanks single. */
struct str spell_latin(struct arena *arena, struct str text);

/* 090 1234-5678, (090)1234.5678, +81 90 … and +81 (0)90 … are all 09012345678. */
struct str spell_phone(struct arena *arena, struct str text);

/* 〒123-4567 is 1234567. */
struct str spell_postal(struct arena *arena, struct str text);

bool spell_is_digits(struct str text); /* of ASCII, one or more, and nothing else */

#endif

#ifndef DOMAIN_FORM_LATIN_H
#define DOMAIN_FORM_LATIN_H

#include "base/arena.h"
#include "base/str.h"

/*
 * Latin letters with diacritics → capital letters A to Z, as passports print them (ICAO Doc 9303 part 3, section 6: the base
 * letter, and two letters where there is no base: Æ AE, ß SS, Þ TH). Letters a to z become capital too; whatever is no Latin letter
 * stays, so that a check can name it.
 */
struct str latin_upper(struct arena *arena, struct str text);

#endif

#ifndef DOMAIN_POSTAL_H
#define DOMAIN_POSTAL_H

#include "base/err.h"
#include "base/str.h"

/*
 * Postal code → prefecture, city, town, from Japan Post's data. tools/postalgen.mjs makes one file
 * of it at build, which is mapped read-only and shared by all processes; a look-up is a binary
 * search in it. Opening it checks every offset once (about a millisecond), so that looking up need
 * not.
 */

struct postal;

struct postal_place {
	struct str prefecture, city, town; /* town may be empty */
};

#define POSTAL_PLACES_MAX 80 /* the largest has 66 */

/* NOT_FOUND, INVALID: not such a file. */
err postal_open(const char *file, struct postal **out);
void postal_close(struct postal *postal); /* accepts NULL */

/* Seven ASCII digits. How many of out[] were filled, at most POSTAL_PLACES_MAX; 0: no such code.
 * The texts live in the mapping. */
size_t postal_find(
	const struct postal *postal, struct str code, struct postal_place out[POSTAL_PLACES_MAX]);

/* How many bytes of the text's beginning are a place of the table: prefecture, city and town, as far as they follow each other; 0: none. */
size_t postal_beginning(const struct postal *postal, struct str text);

#endif

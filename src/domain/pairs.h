#ifndef DOMAIN_PAIRS_H
#define DOMAIN_PAIRS_H

#include "base/err.h"
#include "i18n/locale.h"

/*
 * A few named values as one text, for what is sealed in a column: "name=value" lines, values
 * percent-encoded. Names are our own
 * ([a-z_]+); values are any text.
 */

struct str pairs_write(struct arena *arena, const struct msg_arg *pairs, size_t count);
/* INVALID: not written by pairs_write. */
err pairs_read(struct arena *arena, struct str text, struct msg_arg **out, size_t *count);
/* Absent: no such name. */
struct str pairs_get(const struct msg_arg *pairs, size_t count, struct str name);

#endif

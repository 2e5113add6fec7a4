#ifndef DOMAIN_DEFINITION_ARCHIVE_H
#define DOMAIN_DEFINITION_ARCHIVE_H

#include "domain/cx.h"
#include "domain/definition/procedure.h"

/*
 * The versions of procedures that were ever in force here. The start of the program puts the present ones into the store; whoever holds a
 * draft or an application of an earlier one finds it there, with the questions as they were asked then.
 *
 * An earlier version is read when it is first asked for and stays in memory, some MiB each, for as long as the program runs: there are
 * few, and requests hold pointers into them. It guards itself, and any thread may ask.
 */

struct archive;

struct archive *archive_new(void);
void archive_free(struct archive *archive); /* NULL does nothing */

/* Puts the catalogue's versions into the store, where they are missing. `folder` is where it was read. CONFLICT: its files have changed since. */
err archive_publish(struct cx *cx, const char *folder);

/* The present version or an earlier one. NOT_FOUND: not in the store; CONFLICT, INVALID: what is there is damaged, or cannot be
 * read any more; LIMIT: too many are in memory. */
err archive_find(struct cx *cx, struct str procedure_id, struct str version, const struct procedure **out);

/* An error of archive_find that is not about this version alone: the store does not answer. Of the others a page makes the best. */
bool archive_failed(err e);

struct archived {
	struct str procedure, version;
	int64_t published_at;
};
err archive_list(struct cx *cx, struct archived **out, size_t *count);
/* When it was first in force here. NOT_FOUND. */
err archive_published_at(struct cx *cx, struct str procedure_id, struct str version, int64_t *out);

#endif

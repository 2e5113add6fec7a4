#ifndef SIM_CA_INDEX_H
#define SIM_CA_INDEX_H

#include "sim/ca/ca.h"

/*
 * index.tsv, what an authority remembers: a first line "simca", version, number of the last CRL;
 * then a line a certificate: serial, kind, root, "good" or the reason of its revocation, then
 * revoked_at, issued_at, not_after in milliseconds, cn. Always written as a whole.
 *
 * Who changes it holds folder_lock() from before index_read until after index_write.
 */

struct index {
	struct ca_entry *v;
	size_t n, cap;
	int64_t crl_number;
};

/* INVALID: not as described; names the line. */
err index_read(const struct ca *ca, struct arena *arena, struct index *out);
/* LIMIT: over FOLDER_FILE_MAX, and nothing is written. */
err index_write(const struct ca *ca, struct arena *arena, const struct index *index);

/* NULL: no such serial. */
struct ca_entry *index_find(const struct index *index, struct str serial);

#endif

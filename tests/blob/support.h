#ifndef TESTS_BLOB_SUPPORT_H
#define TESTS_BLOB_SUPPORT_H

#include "blob/blob.h"

/* What the tests of blobs share: a store in a folder of its own, removed at the end, and files to
 * put in. */

struct place {
	struct arena arena;
	char folder[64], blobs[80];
	uint8_t master[BLOB_MASTER_BYTES];
	struct blob_store *store;
	struct blob_key key; /* of "files of application 1" */
	struct str wrapped;
};

int place_begin(void **state); /* cmocka's set-up: *state is a struct place */
int place_end(void **state);

/* A memfd of n bytes that depend on `seed`. */
int file_of(size_t n, unsigned seed);
/* Puts one; fails the test when that does not work. */
struct blob_ref put_of(struct place *place, size_t n, unsigned seed);
/* Where a blob lies. */
void path_of(const struct place *place, const struct blob_key *key, const struct blob_ref *ref,
	char out[200]);
/* Reads it by blob_open and blob_next and compares with what file_of() made. */
err read_and_compare(struct place *place, const struct blob_ref *ref, size_t n, unsigned seed);
/* Files in FOLDER/tmp. */
unsigned attempts_left(const struct place *place);

#endif

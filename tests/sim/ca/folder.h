#ifndef TESTS_SIM_CA_FOLDER_H
#define TESTS_SIM_CA_FOLDER_H

#include "sim/ca/ca.h"

/*
 * A fresh authority for a group of tests, in a folder below TMPDIR that ends with the group, and a
 * person who is right.
 */

#define NOW INT64_C(1795392000000) /* 2026-11-23 00:00 UTC */

extern struct ca authority;
extern struct arena test_arena; /* emptied by nobody; 16 MiB */

int authority_make(void **state);
int authority_remove(void **state);

/* folder/name below the group's folder; outlives the group. */
const char *authority_path(const char *name);

struct ca_person person_right(void);
struct ca_request request_right(
	enum ca_kind kind, enum ca_root root, const struct ca_person *person);

#endif

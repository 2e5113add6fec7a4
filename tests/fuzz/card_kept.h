#ifndef TESTS_FUZZ_CARD_KEPT_H
#define TESTS_FUZZ_CARD_KEPT_H

#include "fuzz.h"

#include "base/arena.h"
#include "base/str.h"
#include "crypto/anchors.h"

/*
 * What the targets about cards' proofs share: the roots of a simulated authority that was made once
 * (tests/fuzz/card) and whose keys nobody has any more, and what it signed. So whatever else is
 * taken for genuine is a forgery.
 */

#define KEPT SOURCE_ROOT "/tests/fuzz/card"
#define KEPT_NOW INT64_C(1795392000000) /* 2026-11-23 09:00 in Japan */

static inline const struct anchors *kept_anchors(void)
{
	static struct anchors *anchors;
	struct anchors_conf conf = {KEPT, ANCHORS_SIMULATION, true};
	if (!anchors)
		MUST(!failed(anchors_load(&conf, &anchors)));
	return anchors;
}

/* A file of at most 16 KiB; each name has memory of its own. */
static inline struct str kept_file(const char *path, char *memory, size_t most)
{
	FILE *file = fopen(path, "re");
	MUST(file);
	size_t n = fread(memory, 1, most, file);
	MUST(n > 0 && n < most);
	fclose(file);
	return str_make(memory, n);
}

#endif

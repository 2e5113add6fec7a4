#ifndef SANDBOX_VERDICT_H
#define SANDBOX_VERDICT_H

#include "base/str.h"

/*
 * What a checker says about a file: one line of at most VERDICT_MAX bytes, ended by a newline.
 *
 *   ok NAME=NUMBER NAME=NUMBER …
 *   refused REASON NAME=NUMBER …
 *
 * REASON is a stable word of the table below; NAME is one to sixteen of a-z and '_', NUMBER decimal
 * without a sign, below 2^63; one space between words. Nothing else is a verdict: the program that
 * wrote it may have been taken over by the file it read, so the reader trusts neither its length
 * nor its form. No text of the file can come through.
 */

#define VERDICT_MAX 256
#define VERDICT_NUMBERS 20

/* Why a file is refused. CHECK_OK is 0. The words for a person stand in po/ under check_REASON. */
enum check_reason {
	CHECK_OK,
	/* The file is not what it should be. */
	CHECK_EMPTY, /* no bytes, or a PDF without a page */
	CHECK_NOT_PDF,
	CHECK_NOT_JPEG,
	CHECK_DAMAGED,      /* cut off, or it contradicts itself */
	CHECK_NOT_ISO32000, /* a PDF, but not as the standard wants it: docs/files.md */
	/* It is locked. */
	CHECK_PASSWORD_OPEN,
	CHECK_NO_PRINTING,
	CHECK_NO_COPYING,
	CHECK_CERTIFICATE_SECURITY,
	CHECK_OTHER_RESTRICTION,
	/* It is too much. */
	CHECK_TOO_MANY_PAGES,
	CHECK_TOO_BIG_DECOMPRESSED,
	CHECK_TOO_MANY_PIXELS,
	/* A picture that does not fit its purpose. */
	CHECK_TOO_SMALL,
	CHECK_CMYK, /* colours for a printing press */
	/* The checker came to its own limits. */
	CHECK_TIME,
	CHECK_MEMORY,
	CHECK_DIED, /* it was killed or fell: the file is hostile or the checker has a defect */
	CHECK_REASON_COUNT
};

/* "not_pdf" and so on; "ok" for CHECK_OK. */
const char *check_reason_word(enum check_reason reason);

struct verdict_number {
	const char *name; /* in the line that was read */
	size_t name_n;
	uint64_t value;
};

struct verdict {
	enum check_reason reason;
	size_t count;
	struct verdict_number numbers[VERDICT_NUMBERS];
};

/* False: not a verdict. The names point into `line`, which must live as long as `out`. */
bool verdict_read(struct str line, struct verdict *out);

/* False when there is no such number; *out is untouched then. */
bool verdict_number_find(const struct verdict *verdict, const char *name, uint64_t *out);

/*
 * Writes a line, without any memory of its own: for the checker. More numbers than VERDICT_NUMBERS
 * or VERDICT_MAX allow are left out.
 */
struct verdict_line {
	char text[VERDICT_MAX];
	size_t n;
};

void verdict_begin(struct verdict_line *line, enum check_reason reason);
void verdict_add(struct verdict_line *line, const char *name, uint64_t value);
void verdict_end(struct verdict_line *line); /* the newline */

#endif

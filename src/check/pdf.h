#ifndef CHECK_PDF_H
#define CHECK_PDF_H

#include "base/str.h"
#include "sandbox/verdict.h"

#include <stdbool.h>

/*
 * Is this a PDF that an office can open, print and copy from, and is it sound? In this order, and
 * the first thing that is wrong is the answer (docs/files.md has the table):
 *
 *   header of ISO 32000 at the first byte; not encrypted; read by qpdf without repair; the number
 *   of pages; each object read, each packed stream unpacked in counted pieces (check/filter.h)
 *
 * qpdf's attempts to repair are switched off: a file that only opens after a repair is damaged, and
 * the repair is what takes long in hostile files.
 */

struct pdf_found {
	unsigned version; /* 17 is 1.7 */
	unsigned pages;
	bool active; /* scripts, started programs, files in it */
	uint64_t at; /* where it is damaged; 0: not known */
};

enum check_reason pdf_check(struct str file, struct pdf_found *out);

/* The header alone: "%PDF-1.0" to 1.7 or 2.0 at the very beginning. */
enum check_reason pdf_header(struct str file, unsigned *version);

#endif

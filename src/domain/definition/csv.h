#ifndef DOMAIN_DEFINITION_CSV_H
#define DOMAIN_DEFINITION_CSV_H

#include "domain/definition/fault.h"

/*
 * Comma-separated values, RFC 4180 in UTF-8: quoted cells may hold commas, line ends and doubled quotes; lines end with
 * CRLF or LF; a byte order mark at the beginning is passed over, because spreadsheet programs write one. Blanks belong to the cell.
 * Each cell knows where it stands. Cells are parts of `bytes`, but those with a
 * quote inside: these are made in `texts`. Rows are made in `rows`.
 */

struct csv_cell {
	struct str text;
	struct place place;
};

struct csv_row {
	const struct csv_cell *cells;
	size_t n;
};

struct csv {
	const struct csv_row *rows; /* the line of column names is row 0; empty lines are left out */
	size_t n;
};

/* False: the file breaks the format; what was read before the fault is there. */
bool csv_read(struct arena *texts, struct arena *rows, struct faults *faults, const char *file, struct str bytes, struct csv *out);

#endif

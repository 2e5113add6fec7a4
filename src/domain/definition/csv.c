#include "domain/definition/csv.h"

#include "base/utf8.h"
#include "base/vec.h"

struct csv_reader {
	struct arena *texts, *rows;
	struct faults *faults;
	struct str rest;
	struct place at;
	struct buf cell;             /* of one in quotes */
	VEC(struct csv_cell) cells;  /* of one row */
};

static bool here(const struct csv_reader *reader, char c)
{
	return reader->rest.n && *reader->rest.p == c;
}

/* Behind the next character; columns count characters, so the middle bytes of one do not move it. */
static void step(struct csv_reader *reader)
{
	char c = *reader->rest.p;
	reader->rest = str_skip(reader->rest, 1);
	if (c == '\n') {
		reader->at.line++;
		reader->at.column = 1;
	} else if (((unsigned char)c & 0xC0) != 0x80) {
		reader->at.column++;
	}
}

static void take(struct csv_reader *reader)
{
	buf_byte(&reader->cell, *reader->rest.p);
	step(reader);
}

static bool line_ends(const struct csv_reader *reader)
{
	return reader->rest.n == 0 || here(reader, '\n') || str_starts(reader->rest, STR("\r\n"));
}

/* Up to the next comma or line end: characters stand for themselves. */
static bool read_bare(struct csv_reader *reader, struct str *out)
{
	const struct str rest = reader->rest;
	size_t n = 0;
	for (; n < rest.n; n++) {
		char c = rest.p[n];
		if (c == ',' || c == '\n' || c == '"' || c == '\r')
			break;
		reader->at.column += ((unsigned char)c & 0xC0) != 0x80;
	}
	*out = str_sub(rest, 0, n);
	reader->rest = str_skip(rest, n);
	if (here(reader, '"')) {
		fault_at(reader->faults, reader->at, "a cell with a quote must be quoted as a whole, and the quote doubled");
		return false;
	}
	if (here(reader, '\r') && !line_ends(reader)) {
		fault_at(reader->faults, reader->at, "a carriage return without line feed");
		return false;
	}
	return true;
}

static bool read_quoted(struct csv_reader *reader, struct str *out)
{
	struct place open = reader->at;
	buf_clear(&reader->cell);
	step(reader);
	while (reader->rest.n) {
		if (!here(reader, '"')) {
			take(reader);
			continue;
		}
		step(reader);
		if (here(reader, '"')) {
			take(reader);
			continue;
		}
		if (line_ends(reader) || here(reader, ',')) {
			*out = str_dup(reader->texts, buf_view(&reader->cell));
			return true;
		}
		fault_at(reader->faults, reader->at, "behind the closing quote a comma or a line end must stand");
		return false;
	}
	fault_at(reader->faults, open, "the quote is not closed");
	return false;
}

static bool read_row(struct csv_reader *reader, struct csv_row *row)
{
	reader->cells.n = 0;
	for (;;) {
		struct place place = reader->at;
		struct str text;
		if (!(here(reader, '"') ? read_quoted(reader, &text) : read_bare(reader, &text)))
			return false;
		vec_push(reader->rows, &reader->cells, ((struct csv_cell){text, place}));
		if (!here(reader, ','))
			break;
		step(reader);
	}
	struct csv_cell *cells = arena_array(reader->rows, struct csv_cell, reader->cells.n);
	memcpy(cells, reader->cells.v, reader->cells.n * sizeof *cells);
	*row = (struct csv_row){cells, reader->cells.n};
	return true;
}

static void end_line(struct csv_reader *reader)
{
	if (here(reader, '\r'))
		step(reader);
	if (here(reader, '\n'))
		step(reader);
}

bool csv_read(struct arena *texts, struct arena *rows, struct faults *faults, const char *file, struct str bytes, struct csv *out)
{
	struct csv_reader reader = {.texts = texts, .rows = rows, .faults = faults, .at = {file, 1, 1}};
	VEC(struct csv_row) read = {0};
	*out = (struct csv){0};
	if (bytes.n > LIMIT_DEFINITION_FILE) {
		fault_at(faults, reader.at, "more than %u bytes", LIMIT_DEFINITION_FILE);
		return false;
	}
	if (!utf8_valid(bytes)) {
		fault_at(faults, reader.at, "the file is not in UTF-8");
		return false;
	}
	if (str_starts(bytes, STR("\xEF\xBB\xBF")))
		bytes = str_skip(bytes, 3);
	reader.rest = bytes;
	buf_init(&reader.cell, rows, LIMIT_DEFINITION_FILE);
	bool whole = true;
	while (whole && reader.rest.n) {
		if (line_ends(&reader)) {
			end_line(&reader);
			continue;
		}
		struct csv_row row;
		whole = read_row(&reader, &row);
		if (whole)
			vec_push(rows, &read, row);
		end_line(&reader);
	}
	*out = (struct csv){read.v, read.n};
	return whole;
}

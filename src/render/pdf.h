#ifndef RENDER_PDF_H
#define RENDER_PDF_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

/*
 * Paper copies: an A4 document of a title, key facts and sections of rows, each row a label with
 * its value (Pango, Cairo).
 *
 * Text of any script is set with Noto Sans, Noto Sans CJK JP and what else fontconfig finds; only
 * the glyphs used are embedded. Nothing is cut: what is long wraps, a row that does not fit moves
 * to the next page, and one longer than a page is split between lines. After a page break inside a
 * section its heading is repeated. Each page has the footer and "n / N". The file carries title and
 * author, an outline of the sections and structure tags (headings, rows) as far as cairo 1.16
 * writes them. The same document and time give the same pages.
 *
 * Texts are plain UTF-8; line feeds break lines; control and bidirectional override characters are
 * left out, broken bytes become U+FFFD.
 *
 * Safe from many threads: Pango keeps a font map for each thread. A thread's first document reads
 * the fonts (0.2 s), later ones take 10 to 50 ms; a file has 60 to 150 KB, in one of twenty cases
 * 1.2 MB. Most of either is the reduction of the kanji font, for which cairo 1.16 also loses 0.8 KB
 * of memory a document.
 */

struct pdf_row {
	struct str label;
	struct str sub_label; /* smaller, below the label; may be empty */
	struct str value;
};

struct pdf_section {
	struct str title;
	struct str sub_title; /* smaller, behind the title; may be empty */
	const struct pdf_row *rows;
	size_t row_count;
};

struct pdf_doc {
	struct str title;
	struct str subtitle;
	struct str author;           /* metadata */
	const struct pdf_row *facts; /* below the title, values larger */
	size_t fact_count;
	const struct pdf_section *sections;
	size_t section_count;
	struct str continued; /* behind a heading that is repeated: "(continued)" */
	struct str footer;    /* two lines at most */
	struct str lang;      /* BCP 47, of the labels: chooses the forms of shared kanji */
	int64_t created_at;   /* ms since 1970, metadata */
};

/* Appends the file to *out. LIMIT: over the ceiling of *out, or the arena is over; UNAVAILABLE: no font or no memory for
 * the libraries. */
err pdf_write(struct arena *arena, const struct pdf_doc *doc, struct buf *out);

#endif

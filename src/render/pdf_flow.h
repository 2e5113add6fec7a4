#ifndef RENDER_PDF_FLOW_H
#define RENDER_PDF_FLOW_H

#include "render/pdf.h"

#include <pango/pangocairo.h>

/*
 * The pages of one document. All texts are laid out once; then flow_run walks over them twice:
 * first to count the pages (no cairo context), then to draw. Private to pdf.c and its parts.
 */

struct pdf_line {
	PangoLayoutLine *line; /* the layout's */
	double top;            /* from the top of the column, points */
	double baseline;
	double height;
};

/* Text in a column, in lines that can be parted by a page break. */
struct pdf_text {
	struct pdf_line *v;
	size_t n;
	double height;
};

struct pdf_item {
	struct pdf_text left;  /* label, sub label */
	struct pdf_text right; /* value */
	double height;
};

struct pdf_heading {
	struct pdf_text text;
	struct pdf_text again; /* with "(continued)" */
	struct str title;
	struct pdf_item *items;
	size_t item_count;
};

struct pdf_flow {
	struct arena *arena;
	const struct pdf_doc *doc;
	PangoContext *pango;
	struct {
		PangoLayout **v;
		size_t n;
		size_t cap;
	} layouts; /* all that were made; pdf_flow_release frees them */
	struct pdf_text title;
	struct pdf_text subtitle;
	struct pdf_text footer;
	struct pdf_item *facts;
	struct pdf_heading *sections;

	cairo_t *cr; /* NULL: only counting */
	cairo_surface_t *surface;
	const struct pdf_heading *open; /* section that is being set, repeated after a break */
	double y;
	int page; /* from 1 */
	int pages;
};

/* Lays out all texts. */
void pdf_flow_prepare(struct pdf_flow *flow);
/* Sets the pages; with cr: draws them, flow->pages must be known. */
void pdf_flow_run(struct pdf_flow *flow);
void pdf_flow_release(struct pdf_flow *flow);

/* pdf_text.c */
enum pdf_style {
	PDF_TITLE,
	PDF_SUBTITLE,
	PDF_HEADING,
	PDF_LABEL,
	PDF_SUB_LABEL,
	PDF_VALUE,
	PDF_STRONG,
	PDF_FOOTER,
	PDF_STYLE_COUNT
};
/* Valid UTF-8 without the characters that may not reach paper. */
struct str pdf_printable(struct arena *arena, struct str text);
/* Adds a text of that style and width to the column; an empty text adds nothing. */
void pdf_text_add(struct pdf_flow *flow, struct pdf_text *column, enum pdf_style style,
	struct str text, double width);
/* Draws the lines [from, to) with the first one's top at y. */
void pdf_text_draw(struct pdf_flow *flow, const struct pdf_text *text, size_t from, size_t to,
	double x, double y);
/* How many lines from `from` on fit into the height. */
size_t pdf_text_fit(const struct pdf_text *text, size_t from, double height);

#define PDF_WIDTH 595.28
#define PDF_HEIGHT 841.89

#endif

#include "render/pdf_flow.h"

#include <cairo-pdf.h>

#define MARGIN_X 54.0
#define MARGIN_TOP 54.0
#define BOTTOM (PDF_HEIGHT - 66.0) /* of the text; the footer is below */
#define FOOTER_Y (PDF_HEIGHT - 48.0)
#define TEXT_WIDTH (PDF_WIDTH - 2 * MARGIN_X)
#define LABEL_WIDTH 178.0
#define VALUE_X (MARGIN_X + LABEL_WIDTH + 14.0)
#define VALUE_WIDTH (PDF_WIDTH - MARGIN_X - VALUE_X)
#define NUMBER_WIDTH 60.0 /* of "n / N" */
#define ROW_PAD 3.5       /* above and below a row's text */
#define SECTION_GAP 16.0
#define LINES_BEFORE_BREAK \
	3 /* a row that must be split leaves at least so many lines on the first page */

/* ---- preparing ---- */

static struct pdf_item *make_items(
	struct pdf_flow *flow, const struct pdf_row *rows, size_t count, enum pdf_style value)
{
	struct pdf_item *items = arena_array(flow->arena, struct pdf_item, count + 1);
	for (size_t i = 0; i < count; i++) {
		struct pdf_item *item = &items[i];
		pdf_text_add(flow, &item->left, PDF_LABEL, rows[i].label, LABEL_WIDTH);
		pdf_text_add(flow, &item->left, PDF_SUB_LABEL, rows[i].sub_label, LABEL_WIDTH);
		pdf_text_add(flow, &item->right, value, rows[i].value, VALUE_WIDTH);
		item->height = item->left.height > item->right.height ? item->left.height
								      : item->right.height;
		item->height += 2 * ROW_PAD;
	}
	return items;
}

static void make_section(
	struct pdf_flow *flow, const struct pdf_section *section, struct pdf_heading *out)
{
	struct str again = str_fmt(flow->arena, STR_FMT " " STR_FMT, STR_ARG(section->title),
		STR_ARG(flow->doc->continued));
	out->title = pdf_printable(flow->arena, section->title);
	pdf_text_add(flow, &out->text, PDF_HEADING, section->title, TEXT_WIDTH);
	pdf_text_add(flow, &out->text, PDF_SUB_LABEL, section->sub_title, TEXT_WIDTH);
	pdf_text_add(flow, &out->again, PDF_HEADING, again, TEXT_WIDTH);
	out->items = make_items(flow, section->rows, section->row_count, PDF_VALUE);
	out->item_count = section->row_count;
}

void pdf_flow_prepare(struct pdf_flow *flow)
{
	const struct pdf_doc *doc = flow->doc;
	pdf_text_add(flow, &flow->title, PDF_TITLE, doc->title, TEXT_WIDTH);
	pdf_text_add(flow, &flow->subtitle, PDF_SUBTITLE, doc->subtitle, TEXT_WIDTH);
	pdf_text_add(flow, &flow->footer, PDF_FOOTER, doc->footer, TEXT_WIDTH - NUMBER_WIDTH);
	flow->facts = make_items(flow, doc->facts, doc->fact_count, PDF_STRONG);
	flow->sections = arena_array(flow->arena, struct pdf_heading, doc->section_count + 1);
	for (size_t i = 0; i < doc->section_count; i++)
		make_section(flow, &doc->sections[i], &flow->sections[i]);
}

void pdf_flow_release(struct pdf_flow *flow)
{
	for (size_t i = 0; i < flow->layouts.n; i++)
		g_object_unref(flow->layouts.v[i]);
	flow->layouts.n = 0;
}

/* ---- drawing ---- */

static void tag_begin(struct pdf_flow *flow, const char *tag)
{
	if (flow->cr)
		cairo_tag_begin(flow->cr, tag, NULL);
}

static void tag_end(struct pdf_flow *flow, const char *tag)
{
	if (flow->cr)
		cairo_tag_end(flow->cr, tag);
}

static void draw_rule(struct pdf_flow *flow, double y, double gray, double width)
{
	if (!flow->cr)
		return;
	cairo_set_source_rgb(flow->cr, gray, gray, gray);
	cairo_set_line_width(flow->cr, width);
	cairo_move_to(flow->cr, MARGIN_X, y);
	cairo_line_to(flow->cr, PDF_WIDTH - MARGIN_X, y);
	cairo_stroke(flow->cr);
}

static void draw_tagged(struct pdf_flow *flow, const char *tag, const struct pdf_text *text,
	size_t from, size_t to, double x, double y)
{
	if (from == to)
		return;
	tag_begin(flow, tag);
	pdf_text_draw(flow, text, from, to, x, y);
	tag_end(flow, tag);
}

/* ---- pages ---- */

static void end_page(struct pdf_flow *flow)
{
	if (!flow->cr)
		return;
	draw_rule(flow, FOOTER_Y - 6, 0.75, 0.5);
	pdf_text_draw(flow, &flow->footer, 0, flow->footer.n, MARGIN_X, FOOTER_Y);
	struct pdf_text number = {0};
	pdf_text_add(flow, &number, PDF_FOOTER,
		str_fmt(flow->arena, "%d / %d", flow->page, flow->pages), NUMBER_WIDTH);
	PangoRectangle extents;
	pango_layout_line_get_extents(number.v[0].line, NULL, &extents);
	double width = pango_units_to_double(extents.width);
	pdf_text_draw(flow, &number, 0, number.n, PDF_WIDTH - MARGIN_X - width, FOOTER_Y);
	cairo_show_page(flow->cr);
}

static void begin_page(struct pdf_flow *flow)
{
	flow->page++;
	flow->y = MARGIN_TOP;
}

static void break_page(struct pdf_flow *flow)
{
	end_page(flow);
	begin_page(flow);
	if (!flow->open)
		return;
	draw_tagged(flow, "P", &flow->open->again, 0, flow->open->again.n, MARGIN_X, flow->y);
	flow->y += flow->open->again.height + 4;
	draw_rule(flow, flow->y, 0.2, 0.8);
}

static double top_of_text(const struct pdf_flow *flow)
{
	return MARGIN_TOP + (flow->open ? flow->open->again.height + 4 : 0);
}

/* The part of the row that fits, from the given lines on; then what remains, page by page. */
static void set_item_in_parts(struct pdf_flow *flow, const struct pdf_item *item)
{
	size_t left = 0;
	size_t right = 0;
	for (;;) {
		double room = BOTTOM - flow->y - 2 * ROW_PAD;
		size_t left_fit = pdf_text_fit(&item->left, left, room);
		size_t right_fit = pdf_text_fit(&item->right, right, room);
		/* At the top of a page one line is set in any case, so that the walk ends. */
		if (!left_fit && !right_fit && flow->y <= top_of_text(flow) + 0.1) {
			left_fit = left < item->left.n;
			right_fit = right < item->right.n;
		}
		double y = flow->y + ROW_PAD;
		double left_height = left_fit ? item->left.v[left + left_fit - 1].top +
							item->left.v[left + left_fit - 1].height -
							item->left.v[left].top
					      : 0;
		double right_height =
			right_fit ? item->right.v[right + right_fit - 1].top +
					    item->right.v[right + right_fit - 1].height -
					    item->right.v[right].top
				  : 0;
		draw_tagged(flow, "TH", &item->left, left, left + left_fit, MARGIN_X, y);
		draw_tagged(flow, "TD", &item->right, right, right + right_fit, VALUE_X, y);
		left += left_fit;
		right += right_fit;
		flow->y += (left_height > right_height ? left_height : right_height) + 2 * ROW_PAD;
		if (left == item->left.n && right == item->right.n)
			return;
		break_page(flow);
	}
}

static void set_item(struct pdf_flow *flow, const struct pdf_item *item)
{
	double room = BOTTOM - flow->y;
	bool fits_a_page = item->height <= BOTTOM - top_of_text(flow);
	bool splits_well = pdf_text_fit(&item->right, 0, room - 2 * ROW_PAD) >= LINES_BEFORE_BREAK;
	if (item->height > room && (fits_a_page || !splits_well) &&
		flow->y > top_of_text(flow) + 0.1)
		break_page(flow);
	tag_begin(flow, "TR");
	set_item_in_parts(flow, item);
	tag_end(flow, "TR");
	draw_rule(flow, flow->y, 0.85, 0.4);
}

static void set_items(struct pdf_flow *flow, const struct pdf_item *items, size_t count)
{
	if (!count)
		return;
	tag_begin(flow, "Table");
	for (size_t i = 0; i < count; i++)
		set_item(flow, &items[i]);
	tag_end(flow, "Table");
}

static void add_to_outline(struct pdf_flow *flow, const struct pdf_heading *section, size_t index)
{
	if (!flow->cr)
		return;
	struct str dest = str_fmt(flow->arena, "name='section%zu'", index);
	cairo_tag_begin(flow->cr, CAIRO_TAG_DEST, str_c(flow->arena, dest));
	cairo_tag_end(flow->cr, CAIRO_TAG_DEST);
	struct str link = str_fmt(flow->arena, "dest='section%zu'", index);
	cairo_pdf_surface_add_outline(flow->surface, CAIRO_PDF_OUTLINE_ROOT,
		str_c(flow->arena, section->title), str_c(flow->arena, link),
		CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

static void set_section(struct pdf_flow *flow, const struct pdf_heading *section, size_t index)
{
	double first = section->item_count ? section->items[0].height : 0;
	double body = BOTTOM - MARGIN_TOP;
	double wanted =
		section->text.height + SECTION_GAP + 4 + (first < body / 3 ? first : body / 3);
	if (flow->y + wanted > BOTTOM && flow->y > MARGIN_TOP)
		break_page(flow);
	if (flow->y > MARGIN_TOP)
		flow->y += SECTION_GAP;
	add_to_outline(flow, section, index);
	draw_tagged(flow, "H2", &section->text, 0, section->text.n, MARGIN_X, flow->y);
	flow->y += section->text.height + 4;
	draw_rule(flow, flow->y, 0.2, 0.8);
	flow->open = section;
	set_items(flow, section->items, section->item_count);
	flow->open = NULL;
}

void pdf_flow_run(struct pdf_flow *flow)
{
	flow->page = 0;
	flow->open = NULL;
	begin_page(flow);
	draw_tagged(flow, "H1", &flow->title, 0, flow->title.n, MARGIN_X, flow->y);
	flow->y += flow->title.height + 4;
	draw_tagged(flow, "P", &flow->subtitle, 0, flow->subtitle.n, MARGIN_X, flow->y);
	flow->y += flow->subtitle.height + 10;
	draw_rule(flow, flow->y, 0.1, 1.2);
	set_items(flow, flow->facts, flow->doc->fact_count);
	for (size_t i = 0; i < flow->doc->section_count; i++)
		set_section(flow, &flow->sections[i], i);
	end_page(flow);
	flow->pages = flow->page;
}

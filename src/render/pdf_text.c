#include "render/pdf_flow.h"

#include "base/utf8.h"
#include "base/vec.h"

/* Texts → lines with their places. */

/*
 * One weight, and Latin from Noto Sans: cairo 1.16 cannot reduce the tables of Noto Sans CJK for
 * some pairs of its characters (often Latin ones, seldom kanji) and then embeds a megabyte, for
 * each weight. So titles are told by their size.
 */
static const struct {
	const char *font;
	double gray; /* 0: black */
} styles[PDF_STYLE_COUNT] = {
	[PDF_TITLE] = {"Noto Sans, Noto Sans CJK JP, sans-serif 18", 0.1},
	[PDF_SUBTITLE] = {"Noto Sans, Noto Sans CJK JP, sans-serif 10", 0.3},
	[PDF_HEADING] = {"Noto Sans, Noto Sans CJK JP, sans-serif 13", 0.1},
	[PDF_LABEL] = {"Noto Sans, Noto Sans CJK JP, sans-serif 9", 0.2},
	[PDF_SUB_LABEL] = {"Noto Sans, Noto Sans CJK JP, sans-serif 7", 0.35},
	[PDF_VALUE] = {"Noto Sans, Noto Sans CJK JP, sans-serif 10", 0.0},
	[PDF_STRONG] = {"Noto Sans, Noto Sans CJK JP, sans-serif 12", 0.0},
	[PDF_FOOTER] = {"Noto Sans, Noto Sans CJK JP, sans-serif 7.5", 0.35},
};

/* Characters that would move or hide what stands around them on paper. Joiners stay: some scripts
 * need them. */
static bool is_left_out(uint32_t point)
{
	bool control = (point < 0x20 && point != '\n') || (point >= 0x7F && point <= 0x9F);
	bool direction =
		(point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
	return control || direction || point == 0xFEFF;
}

struct str pdf_printable(struct arena *arena, struct str text)
{
	struct buf out;
	buf_init_room(&out, arena, text.n * 3, text.n);
	for (struct str rest = text; rest.n;) {
		uint32_t point = utf8_next(&rest);
		char bytes[4];
		if (point == UTF8_BAD)
			buf_lit(&out, "\xEF\xBF\xBD");
		else if (point == '\t')
			buf_byte(&out, ' ');
		else if (!is_left_out(point))
			buf_bytes(&out, bytes, utf8_encode(point, bytes));
	}
	return buf_view(&out);
}

/*
 * Pango aligns scripts on the baseline of the first one, by tables that many fonts lack: Burmese
 * behind kana would float a half line above it. All scripts stand on one line.
 */
static void level_baselines(PangoLayout *layout)
{
	/* Not the read-only list: Pango must measure the lines again. */
	for (GSList *lines = pango_layout_get_lines(layout); lines; lines = lines->next) {
		const PangoLayoutLine *line = lines->data;
		for (GSList *runs = line->runs; runs; runs = runs->next)
			((PangoLayoutRun *)runs->data)->y_offset = 0;
	}
}

static PangoLayout *make_layout(
	struct pdf_flow *flow, enum pdf_style style, struct str text, double width)
{
	PangoLayout *layout = pango_layout_new(flow->pango);
	vec_push(flow->arena, &flow->layouts, layout);
	PangoFontDescription *font = pango_font_description_from_string(styles[style].font);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_width(layout, pango_units_from_double(width));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_line_spacing(layout, 1.15f);
	PangoAttrList *attrs = pango_attr_list_new();
	guint16 gray = (guint16)(styles[style].gray * 65535);
	pango_attr_list_insert(attrs, pango_attr_foreground_new(gray, gray, gray));
	/* A hyphen at a break would be read as a part of the name. */
	pango_attr_list_insert(attrs, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attrs);
	pango_attr_list_unref(attrs);
	pango_layout_set_text(layout, text.p, (int)text.n);
	level_baselines(layout);
	return layout;
}

void pdf_text_add(struct pdf_flow *flow, struct pdf_text *column, enum pdf_style style,
	struct str text, double width)
{
	struct str shown = pdf_printable(flow->arena, text);
	if (!shown.n)
		return;
	PangoLayout *layout = make_layout(flow, style, shown, width);
	size_t count = (size_t)pango_layout_get_line_count(layout);
	struct pdf_line *lines = arena_array(flow->arena, struct pdf_line, column->n + count);
	if (column->n)
		memcpy(lines, column->v, column->n * sizeof *lines);
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	for (size_t i = 0; i < count; i++) {
		int top;
		int bottom;
		pango_layout_iter_get_line_yrange(iter, &top, &bottom);
		lines[column->n + i] = (struct pdf_line){
			.line = pango_layout_iter_get_line_readonly(iter),
			.top = column->height + pango_units_to_double(top),
			.baseline = column->height +
				    pango_units_to_double(pango_layout_iter_get_baseline(iter)),
			.height = pango_units_to_double(bottom - top),
		};
		pango_layout_iter_next_line(iter);
	}
	pango_layout_iter_free(iter);
	column->v = lines;
	column->n += count;
	column->height = lines[column->n - 1].top + lines[column->n - 1].height;
}

void pdf_text_draw(struct pdf_flow *flow, const struct pdf_text *text, size_t from, size_t to,
	double x, double y)
{
	if (!flow->cr)
		return;
	for (size_t i = from; i < to; i++) {
		const struct pdf_line *line = &text->v[i];
		double indent = 0;
		if (line->line->resolved_dir == PANGO_DIRECTION_RTL) {
			PangoRectangle extents;
			pango_layout_line_get_extents(line->line, NULL, &extents);
			indent = pango_units_to_double(
				pango_layout_get_width(line->line->layout) - extents.width);
		}
		cairo_move_to(flow->cr, x + indent, y + line->baseline - text->v[from].top);
		pango_cairo_show_layout_line(flow->cr, line->line);
	}
}

size_t pdf_text_fit(const struct pdf_text *text, size_t from, double height)
{
	size_t to = from;
	while (to < text->n && text->v[to].top + text->v[to].height - text->v[from].top <= height)
		to++;
	return to - from;
}

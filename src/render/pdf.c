#include "render/pdf.h"

#include "render/pdf_flow.h"

#include "base/time.h"

#include <cairo-pdf.h>

/* Never an error, at which cairo 1.16 ends the process when the file has an outline of several pages: the buffer remembers it. */
static cairo_status_t write_bytes(void *closure, const unsigned char *data, unsigned int length)
{
	buf_bytes(closure, data, length);
	return CAIRO_STATUS_SUCCESS;
}

static void release_surface(cairo_surface_t **surface)
{
	cairo_surface_destroy(*surface);
}
static void release_context(cairo_t **cr)
{
	cairo_destroy(*cr);
}
static void release_flow(struct pdf_flow *flow)
{
	pdf_flow_release(flow);
	g_clear_object(&flow->pango);
}

static void set_metadata(struct arena *arena, cairo_surface_t *surface, const struct pdf_doc *doc)
{
	struct buf created;
	buf_init(&created, arena, 64);
	time_write_iso(&created, doc->created_at);
	cairo_pdf_surface_set_metadata(
		surface, CAIRO_PDF_METADATA_TITLE, str_c(arena, pdf_printable(arena, doc->title)));
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR,
		str_c(arena, pdf_printable(arena, doc->author)));
	cairo_pdf_surface_set_metadata(
		surface, CAIRO_PDF_METADATA_CREATE_DATE, str_c(arena, buf_view(&created)));
}

/* Paper has no pixels: letters keep their places at any size. */
static void set_font_options(PangoContext *pango)
{
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(pango, options);
	pango_context_set_round_glyph_positions(pango, FALSE);
	cairo_font_options_destroy(options);
}

err pdf_write(struct arena *arena, const struct pdf_doc *doc, struct buf *out)
{
	PangoFontMap *fonts = pango_cairo_font_map_get_default(); /* this thread's own */
	__attribute__((cleanup(release_flow))) struct pdf_flow flow = {.arena = arena, .doc = doc};
	flow.pango = pango_font_map_create_context(fonts);
	pango_context_set_language(flow.pango, pango_language_from_string(str_c(arena, doc->lang)));
	set_font_options(flow.pango);
	pdf_flow_prepare(&flow);
	pdf_flow_run(&flow);
	if (arena_over(arena)) /* what was measured is not what would be drawn */
		return fail(ERR_LIMIT, "pdf: no memory for its texts");

	__attribute__((cleanup(release_surface))) cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(write_bytes, out, PDF_WIDTH, PDF_HEIGHT);
	set_metadata(arena, surface, doc);
	__attribute__((cleanup(release_context))) cairo_t *cr = cairo_create(surface);
	pango_cairo_update_context(cr, flow.pango);
	flow.cr = cr;
	flow.surface = surface;
	pdf_flow_run(&flow);
	cairo_surface_finish(surface);

	TRY(buf_error(out));
	cairo_status_t status = cairo_status(cr) ? cairo_status(cr) : cairo_surface_status(surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return fail(ERR_UNAVAILABLE, "cairo: %s", cairo_status_to_string(status));
	return ok();
}

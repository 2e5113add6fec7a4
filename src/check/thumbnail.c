#include "base/limits.h"
#include "check/end.h"
#include "check/file.h"
#include "check/picture.h"
#include "sandbox/confine.h"

#include <cairo.h>
#include <poppler.h>
#include <sysexits.h>

/*
 * madoguchi-thumbnail 3<PDF 4>JPEG: a small picture of the first page. A program of its own,
 * because drawing needs poppler and some fifty libraries behind it, and what is not linked into
 * madoguchi-check cannot be attacked through it.
 *
 * Fonts that the file does not bring are read from the system's folders; on a kernel without
 * Landlock they cannot be, and such text is missing in the picture.
 */

#define QUALITY 75

static PopplerDocument *open_or_end(struct str file)
{
	GError *error = NULL;
	GBytes *bytes = g_bytes_new_static(file.p, file.n);
	PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, &error);
	if (!document)
		end_refused(g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED)
				    ? CHECK_PASSWORD_OPEN
				    : CHECK_DAMAGED);
	return document;
}

/* On white, as on paper. */
static struct picture draw_or_end(PopplerPage *page)
{
	double across, down;
	poppler_page_get_size(page, &across, &down);
	if (!(across >= 1 && down >= 1 && across < 1e6 && down < 1e6))
		end_refused(CHECK_DAMAGED);
	unsigned width = (unsigned)across, height = (unsigned)down;
	picture_fit(LIMIT_THUMBNAIL, &width, &height);
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
	cairo_t *cairo = cairo_create(surface);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	cairo_scale(cairo, width / across, height / down);
	poppler_page_render(page, cairo);
	cairo_surface_flush(surface);
	if (cairo_status(cairo) == CAIRO_STATUS_NO_MEMORY ||
		cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		end_refused(CHECK_MEMORY);
	struct picture made = {width, height, room_for((size_t)width * height, 3)};
	const unsigned char *from = cairo_image_surface_get_data(surface);
	size_t stride = (size_t)cairo_image_surface_get_stride(surface);
	for (unsigned y = 0; y < height; y++) {
		for (unsigned x = 0; x < width; x++) {
			uint32_t pixel;
			memcpy(&pixel, from + y * stride + x * sizeof pixel, sizeof pixel);
			uint8_t *to = made.pixels + ((size_t)y * width + x) * 3;
			to[0] = (uint8_t)(pixel >> 16);
			to[1] = (uint8_t)(pixel >> 8);
			to[2] = (uint8_t)pixel;
		}
	}
	return made;
}

/* What GLib and poppler say about a file is of no use, and writing it takes calls that are closed.
 */
static void say_nothing(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer data)
{
	(void)domain;
	(void)level;
	(void)text;
	(void)data;
}

int main(int argc, char **argv)
{
	struct confinement confinement;
	struct verdict_line line;
	(void)argv;
	if (argc != 1)
		return EX_USAGE;
	g_log_set_default_handler(say_nothing, NULL);
	if (failed(confine(CONFINE_FONTS, &confinement)))
		return EX_OSERR;
	PopplerDocument *document = open_or_end(file_read(FILE_INPUT));
	int pages = poppler_document_get_n_pages(document);
	PopplerPage *page = pages > 0 ? poppler_document_get_page(document, 0) : NULL;
	if (!page)
		end_refused(pages > 0 ? CHECK_DAMAGED : CHECK_EMPTY);
	struct picture made = draw_or_end(page);
	file_write(jpeg_encode(&made, QUALITY, false));
	verdict_begin(&line, CHECK_OK);
	verdict_add(&line, "width", made.width);
	verdict_add(&line, "height", made.height);
	verdict_add(&line, "pages", (uint64_t)pages);
	end_with(&line);
}

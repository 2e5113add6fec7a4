#include "render/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <stddef.h>

static void code_free(QRcode **code)
{
	QRcode_free(*code);
}

#define AUTO_CODE __attribute__((cleanup(code_free))) QRcode *

/* Runs of dark modules of one row, each a rectangle: rows of single squares would show seams where
 * a screen's pixels are not theirs. */
static void write_row(struct buf *out, const unsigned char *row, int width, int y)
{
	for (int x = 0; x < width; x++) {
		int from = x;
		while (x < width && row[x] & 1)
			x++;
		if (x > from)
			buf_fmt(out, "M%d %dh%dv1h-%dz", from + QR_QUIET, y + QR_QUIET, x - from,
				x - from);
	}
}

static void write_svg(struct buf *out, const QRcode *code, struct str label)
{
	int side = code->width + 2 * QR_QUIET;
	buf_fmt(out,
		"<svg class=\"qr\" role=\"img\" viewBox=\"0 0 %d %d\" "
		"shape-rendering=\"crispEdges\" aria-label=\"",
		side, side);
	html_write_attr(out, label);
	buf_fmt(out, "\"><path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/><path fill=\"#000\" d=\"", side,
		side, side);
	for (int y = 0; y < code->width; y++)
		write_row(out, code->data + (ptrdiff_t)y * code->width, code->width, y);
	buf_lit(out, "\"/></svg>");
}

err qr_html(struct arena *arena, struct str text, struct str label, struct html *out)
{
	if (text.n == 0)
		return fail(ERR_INVALID, "a QR code of nothing");
	if (text.n > QR_TEXT_MAX)
		return fail(ERR_LIMIT, "a QR code of %zu bytes", text.n);
	AUTO_CODE code =
		QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
	if (!code)
		return fail(ERR_UNAVAILABLE, "QR code: %s", strerrorname_np(errno));
	struct buf svg;
	buf_init(&svg, arena, 64u << 10);
	write_svg(&svg, code, label);
	TRY(buf_error(&svg));
	*out = html_of(&svg);
	return ok();
}

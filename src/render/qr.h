#ifndef RENDER_QR_H
#define RENDER_QR_H

#include "base/err.h"
#include "render/page.h"

/*
 * A QR code (ISO/IEC 18004) as an inline picture: <svg>, one unit a module, error correction M (15
 * % of the code may be unreadable), dark on white whatever the colours of the page are, with the
 * quiet zone of four modules that readers ask for. Its edges are not smoothed.
 *
 * `label` is its accessible name: what it is for, not what stands in it. The text is taken as
 * bytes. Made in the arena. LIMIT: over QR_TEXT_MAX bytes; INVALID: empty. Any thread.
 */

#define QR_TEXT_MAX 200 /* 57 modules a side: still read from a screen at a hand's breadth */
#define QR_QUIET 4

err qr_html(struct arena *arena, struct str text, struct str label, struct html *out);

#endif

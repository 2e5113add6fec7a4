#ifndef SANDBOX_LOOK_H
#define SANDBOX_LOOK_H

#include "base/str.h"

/*
 * The cheap look at a file's first bytes while it is uploaded: what is it? It compares a few bytes
 * at fixed places and interprets nothing, so it needs no process of its own (docs/decisions/0012).
 * A name's ending and a Content-Type are never asked: they are what the sender says.
 *
 * It says what the file claims to be, not that it is one: that is what the checkers find out
 * (sandbox/check.h).
 */

/* As many bytes of the beginning as look_at() can use; fewer are right too. */
#define LOOK_BYTES 1024

enum look {
	LOOK_EMPTY,
	LOOK_UNKNOWN,
	LOOK_PDF,
	LOOK_PDF_LATER, /* "%PDF-" stands within the first 1024 bytes, but not at the first */
	LOOK_JPEG,
	/* So that one can be told what to do with it. */
	LOOK_PNG,
	LOOK_GIF,
	LOOK_TIFF,
	LOOK_WEBP,
	LOOK_HEIC,   /* what an iPhone makes of photos */
	LOOK_OFFICE, /* Word, Excel, PowerPoint, old and new, OpenDocument; and other ZIP files */
	LOOK_HTML,   /* HTML or XML */
	LOOK_COUNT
};

enum look look_at(struct str head);

/* "pdf", "jpeg" …: for texts' keys and the log. */
const char *look_word(enum look look);

#endif

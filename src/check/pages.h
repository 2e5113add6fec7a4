#ifndef CHECK_PAGES_H
#define CHECK_PAGES_H

#include "check/jpeg.h"

/*
 * A PDF 1.4 (ISO 32000-1) of pictures, each on a page of A4 with 10 mm around it; lying pictures
 * lie. The JPEGs are put in as they are (DCTDecode) and turned by the page.
 */

struct page_picture {
	struct str bytes;                    /* a JPEG without metadata */
	unsigned width, height, orientation; /* as stored */
	bool grey;
};

/* An upper bound of what pages_write() gives. */
size_t pages_room(const struct page_picture *pictures, size_t count);

/* The file, in `out` of that many bytes. */
struct str pages_write(const struct page_picture *pictures, size_t count, char *out);

#endif

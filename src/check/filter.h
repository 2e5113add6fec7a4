#ifndef CHECK_FILTER_H
#define CHECK_FILTER_H

#include "base/str.h"

/*
 * How large a PDF's streams become when they are unpacked (ISO 32000-1, 7.4), found out without
 * keeping what comes out: what is behind one filter runs into the next in pieces of a few KiB, and
 * counting stops at a limit. So a bomb costs the time of the limit, and never memory.
 *
 * FlateDecode, LZWDecode, RunLengthDecode, ASCII85Decode and ASCIIHexDecode are unpacked; what is
 * behind another filter (pictures: DCT, JPX, JBIG2, CCITTFax) is left as it is. Predictors do not
 * change the size and are not applied.
 */

enum filter {
	FILTER_FLATE,
	FILTER_LZW,
	FILTER_RUN_LENGTH,
	FILTER_ASCII85,
	FILTER_ASCII_HEX,
	FILTER_LZW_LATE, /* LZWDecode with /EarlyChange 0 */
	FILTER_OTHER, /* ends the chain */
};

/* From a name with or without its '/', short forms of inline pictures included. Never FILTER_LZW_LATE, which its parameters tell. */
enum filter filter_of(struct str name);

enum filter_end {
	FILTER_DONE,
	FILTER_DAMAGED, /* not what the filter makes; output that is only cut off is not damaged */
	FILTER_TOO_BIG, /* one stream, or what all had before with it */
	FILTER_MEMORY,
};

/* *total is what all streams together have given so far, of each filter, and is counted on. */
enum filter_end filter_measure(
	const enum filter *filters, size_t count, struct str bytes, uint64_t *total);

#endif

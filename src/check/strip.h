#ifndef CHECK_STRIP_H
#define CHECK_STRIP_H

#include "base/str.h"

/*
 * A JPEG without what does not belong to its pixels: EXIF with its place and time, thumbnails,
 * comments, and whatever stands behind its end. Adobe's APP14 stays, since it says how colours are
 * meant. The pixels' bytes are copied as they are, so nothing is lost.
 *
 * `out` holds as many bytes as `file`. 0: not a JPEG whose segments follow each other to its end.
 */
size_t strip_jpeg(struct str file, uint8_t *out);

#endif

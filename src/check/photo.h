#ifndef CHECK_PHOTO_H
#define CHECK_PHOTO_H

#include "check/picture.h"

/*
 * The face photo (sandbox/check.h, photo_make): 40 mm high, 30 mm wide. Facts are shares in
 * thousandths of finished pictures; nothing here knows what a face is.
 */

struct photo_measured {
	unsigned light, contrast, sharp;
	unsigned back, uneven;
	bool head;
	unsigned top, wide, centre;
};

struct photo_measured photo_measure(const struct picture *picture);

/* `wanted` all zero: the largest 3:4 rectangle in the middle. False: it reaches out of the picture, or height:width is not 4:3 within 2 %. */
bool photo_crop(
	unsigned width, unsigned height, const struct rectangle *wanted, struct rectangle *out);

#endif

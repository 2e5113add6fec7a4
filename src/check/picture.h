#ifndef CHECK_PICTURE_H
#define CHECK_PICTURE_H

#include "check/jpeg.h"

/* Turning and scaling of pixels. What is made is new memory; nothing is given back. */

/* The upright picture of one stored with an EXIF orientation. */
struct picture picture_turn(const struct picture *picture, unsigned orientation);

/* Where a rectangle of the upright picture lies in the stored one. */
struct rectangle picture_stored(const struct jpeg_info *info, const struct rectangle *upright);

/* Each pixel is the mean of those that it covers. Never larger: width and height at most those of
 * the picture. */
struct picture picture_shrink(const struct picture *picture, unsigned width, unsigned height);

/* The smallest eighths/8 at which `from` pixels are still at least `to`. */
unsigned picture_eighths(unsigned from, unsigned to);

/* The size that fits into side × side with the same shape; never larger, at least 1. */
void picture_fit(unsigned side, unsigned *width, unsigned *height);

#endif

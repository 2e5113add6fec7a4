#ifndef CHECK_EXIF_H
#define CHECK_EXIF_H

#include "base/str.h"

/*
 * The one thing that is read from a picture's metadata: how the camera was held (EXIF 2.32, tag
 * 0x0112 of the first IFD). 1 to 8; 1, which is "upright", when there is none or it makes no sense.
 * `segment` is the content of an APP1 marker, "Exif" and two NULs included.
 */
unsigned exif_orientation(struct str segment);

#endif

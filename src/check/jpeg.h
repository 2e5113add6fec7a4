#ifndef CHECK_JPEG_H
#define CHECK_JPEG_H

#include "base/str.h"
#include "sandbox/verdict.h"

#include <stdbool.h>

/*
 * JPEG by libjpeg-turbo: what a file says of itself, its pixels, and new files.
 *
 * Sizes are looked at before a pixel is decoded. A progressive file with more scans than
 * LIMIT_JPEG_SCANS is a bomb: each scan decodes the whole picture anew. Arithmetic coding, 12 bits
 * and lossless files are no JPEG here: browsers and PDF readers do not show them. What libjpeg
 * calls a warning is damage where pixels are lost (cut off, wrong codes), and passed over where not
 * (stray bytes between segments, which cameras do write).
 */

struct jpeg_info {
	unsigned width, height; /* as stored */
	unsigned orientation;   /* of EXIF, 1 to 8 */
	bool grey;
};

/* Of the picture as a person sees it. */
static inline bool jpeg_turned(const struct jpeg_info *info)
{
	return info->orientation >= 5;
}
static inline unsigned jpeg_upright_width(const struct jpeg_info *info)
{
	return jpeg_turned(info) ? info->height : info->width;
}
static inline unsigned jpeg_upright_height(const struct jpeg_info *info)
{
	return jpeg_turned(info) ? info->width : info->height;
}

/* NOT_JPEG, TOO_MANY_PIXELS (the sizes are in *out), CMYK, DAMAGED, MEMORY. */
enum check_reason jpeg_header(struct str file, struct jpeg_info *out);

/* Three bytes a pixel: red, green, blue; rows without gaps, from above. */
struct picture {
	unsigned width, height;
	uint8_t *pixels;
};

/* In pixels as stored. */
struct rectangle {
	unsigned x, y, width, height;
};

/*
 * The pixels of a part, made smaller by the decoder to eighths/8 (1 to 8) of their size. NULL in
 * place of `out`: everything is decoded and nothing kept, to see whether it is sound.
 */
enum check_reason jpeg_decode(
	struct str file, const struct rectangle *part, unsigned eighths, struct picture *out);

/* A plain baseline file without any metadata. */
struct str jpeg_encode(const struct picture *picture, int quality, bool full_colour);

#endif
